//! Managed resources: plan, apply, read, import, as a host does them.

use serde_json::Value as Json;
use tfmodel::{Path, Schema, Type, Value, encoding, host_checks, plan};
use tfplugin_proto::tfplugin6 as proto;

use super::answer::{Answer, accepted, listed};
use super::{capabilities, wire};
use crate::client::Client;
use crate::failure::{During, Failure};

/// A managed resource of a provider.
#[derive(Clone, Debug)]
pub struct Resource {
    pub(super) client: Client,
    pub(super) schema: Schema,
    pub(super) identity: Option<Type>,
    pub(super) type_name: String,
    pub(super) plans_destroy: bool,
}

/// One object in state.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Its attributes; null when there is no object.
    pub state: Value,
    /// What the provider keeps with it.
    pub private: Vec<u8>,
    /// What identifies it.
    pub identity: Option<Value>,
}

impl Object {
    /// No object: what a create starts from and a destroy leads to.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            state: Value::Null,
            private: Vec::new(),
            identity: None,
        }
    }
}

/// An accepted plan.
#[derive(Clone, Debug)]
pub struct Planned {
    prior: Object,
    config: Value,
    /// The object as it will be.
    pub state: Value,
    /// The places whose change needs a new object.
    pub requires_replace: Vec<Path>,
    private: Vec<u8>,
    /// What will identify it.
    pub identity: Option<Value>,
}

impl Planned {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.state == self.prior.state
    }

    /// Whether the object is destroyed and made anew.
    #[must_use]
    pub fn replaces(&self) -> bool {
        !self.requires_replace.is_empty()
    }
}

impl Resource {
    /// A configuration: attributes that are not given are null.
    ///
    /// # Errors
    ///
    /// When it does not fit the schema.
    pub fn config(&self, config: &Json) -> Result<Value, Failure> {
        wire::configuration(&self.schema, config)
    }

    /// Validates a configuration.
    ///
    /// # Errors
    ///
    /// When no answer comes.
    pub async fn validate(&mut self, config: &Value) -> Result<Answer<()>, Failure> {
        let request = proto::validate_resource_config::Request {
            type_name: self.type_name.clone(),
            config: Some(self.encode(config)?),
            client_capabilities: Some(capabilities()),
        };
        let response = self.client.provider.validate_resource_config(request).await;
        Ok(Answer::new(
            (),
            response.during("ValidateResourceConfig")?.into_inner().diagnostics,
        ))
    }

    /// Plans a change from `prior` to `config`; a null `config` destroys.
    ///
    /// # Errors
    ///
    /// When no answer comes, or one that a host refuses.
    pub async fn plan(&mut self, prior: &Object, config: &Value) -> Result<Answer<Planned>, Failure> {
        if config.is_null() && !self.plans_destroy {
            let planned = Planned {
                identity: None,
                ..unplanned(prior, config)
            };
            return Ok(Answer::new(planned, Vec::new()));
        }
        let proposed = if config.is_null() {
            Value::Null
        } else {
            plan::proposed_new_state(&self.schema, &prior.state, config)
        };
        let request = proto::plan_resource_change::Request {
            type_name: self.type_name.clone(),
            prior_state: Some(self.encode(&prior.state)?),
            proposed_new_state: Some(self.encode(&proposed)?),
            config: Some(self.encode(config)?),
            prior_private: prior.private.clone(),
            client_capabilities: Some(capabilities()),
            prior_identity: wire::encode_identity(prior.identity.as_ref(), self.identity.as_ref())?,
            ..Default::default()
        };
        let response = self.client.provider.plan_resource_change(request).await;
        let response = response.during("PlanResourceChange")?.into_inner();
        let planned = Planned {
            state: wire::decode(response.planned_state, &self.schema.ty())?,
            requires_replace: response.requires_replace.into_iter().map(wire::path).collect(),
            private: response.planned_private,
            identity: wire::decode_identity(response.planned_identity, self.identity.as_ref())?,
            ..unplanned(prior, config)
        };
        let mut answer = Answer::new(planned, response.diagnostics);
        if !answer.diagnostics.has_errors() {
            let planned = &mut answer.value;
            let found = host_checks::planned(&self.schema, &prior.state, config, &planned.state);
            accepted("PlanResourceChange", &found)?;
            let (before, after) = (&prior.state, &planned.state);
            // Only what really changes replaces, and nothing where nothing was.
            planned
                .requires_replace
                .retain(|path| !before.is_null() && !after.is_null() && before.at(path) != after.at(path));
        }
        Ok(answer)
    }

    /// Applies a plan, after planning once more as a host does. A replacement destroys first.
    ///
    /// # Errors
    ///
    /// When no answer comes, or one that a host refuses.
    pub async fn apply(&mut self, planned: &Planned) -> Result<Answer<Object>, Failure> {
        let (mut prior, config) = (planned.prior.clone(), &planned.config);
        if planned.replaces() {
            let destroyed = self.destroy(&prior).await?;
            if destroyed.diagnostics.has_errors() {
                return Ok(destroyed);
            }
            prior = Object::none();
        }
        let again = self.plan(&prior, config).await?;
        if again.diagnostics.has_errors() {
            return Ok(again.map(|_| prior));
        }
        if !planned.replaces() {
            let found = host_checks::planned_again(&self.schema, &planned.state, &again.value.state);
            accepted("the second PlanResourceChange", &found)?;
        }
        self.apply_planned(&again.value).await
    }

    /// Destroys an object.
    ///
    /// # Errors
    ///
    /// When no answer comes, or one that a host refuses.
    pub async fn destroy(&mut self, object: &Object) -> Result<Answer<Object>, Failure> {
        let planned = self.plan(object, &Value::Null).await?;
        if planned.diagnostics.has_errors() {
            return Ok(planned.map(|_| object.clone()));
        }
        self.apply_planned(&planned.value).await
    }

    async fn apply_planned(&mut self, planned: &Planned) -> Result<Answer<Object>, Failure> {
        let identity = planned.identity.as_ref();
        let request = proto::apply_resource_change::Request {
            type_name: self.type_name.clone(),
            prior_state: Some(self.encode(&planned.prior.state)?),
            planned_state: Some(self.encode(&planned.state)?),
            config: Some(self.encode(&planned.config)?),
            planned_private: planned.private.clone(),
            provider_meta: None,
            planned_identity: wire::encode_identity(identity, self.identity.as_ref())?,
        };
        let response = self.client.provider.apply_resource_change(request).await;
        let response = response.during("ApplyResourceChange")?.into_inner();
        let object = Object {
            state: wire::decode(response.new_state, &self.schema.ty())?,
            private: response.private,
            identity: wire::decode_identity(response.new_identity, self.identity.as_ref())?,
        };
        let mut answer = Answer::new(object, response.diagnostics);
        let failed = answer.diagnostics.has_errors();
        let found = if failed {
            host_checks::read(&self.schema, &answer.value.state)
        } else {
            host_checks::applied(&self.schema, &planned.state, &answer.value.state)
        };
        accepted("ApplyResourceChange", &found)
            .map_err(|failure| Failure::new(format!("{failure}{}", listed(&answer.diagnostics))))?;
        if failed && answer.value.state.is_null() && !planned.state.is_null() {
            // The host keeps what it had.
            answer.value = planned.prior.clone();
        }
        Ok(answer)
    }

    /// Reads an object as a host refreshes it: state is upgraded first, also at the same version.
    ///
    /// # Errors
    ///
    /// When no answer comes, or one that a host refuses.
    pub async fn read(&mut self, object: &Object) -> Result<Answer<Object>, Failure> {
        let stored = encoding::json::encode(&object.state, &self.schema.ty())
            .map_err(|mismatch| Failure::new(format!("{mismatch}")))?;
        let upgraded = self.upgrade(self.schema.version, stored.into_bytes()).await?;
        if upgraded.diagnostics.has_errors() {
            return Ok(upgraded.map(|_| object.clone()));
        }
        self.read_current(&Object {
            state: upgraded.value,
            ..object.clone()
        })
        .await
    }

    /// Upgrades stored state.
    ///
    /// # Errors
    ///
    /// When no answer comes, or one that a host refuses.
    pub async fn upgrade(&mut self, version: i64, json: Vec<u8>) -> Result<Answer<Value>, Failure> {
        let request = proto::upgrade_resource_state::Request {
            type_name: self.type_name.clone(),
            version,
            raw_state: Some(proto::RawState {
                json,
                ..Default::default()
            }),
        };
        let response = self.client.provider.upgrade_resource_state(request).await;
        let response = response.during("UpgradeResourceState")?.into_inner();
        let state = wire::decode(response.upgraded_state, &self.schema.ty())?;
        let answer = Answer::new(state, response.diagnostics);
        if !answer.diagnostics.has_errors() {
            let found = host_checks::upgraded(&self.schema, &answer.value);
            accepted("UpgradeResourceState", &found)?;
        }
        Ok(answer)
    }

    async fn read_current(&mut self, object: &Object) -> Result<Answer<Object>, Failure> {
        let identity = object.identity.as_ref();
        let request = proto::read_resource::Request {
            type_name: self.type_name.clone(),
            current_state: Some(self.encode(&object.state)?),
            private: object.private.clone(),
            provider_meta: None,
            client_capabilities: Some(capabilities()),
            current_identity: wire::encode_identity(identity, self.identity.as_ref())?,
        };
        let response = self.client.provider.read_resource(request).await;
        let response = response.during("ReadResource")?.into_inner();
        let read = Object {
            state: wire::decode(response.new_state, &self.schema.ty())?,
            private: response.private,
            identity: wire::decode_identity(response.new_identity, self.identity.as_ref())?,
        };
        let answer = Answer::new(read, response.diagnostics);
        if !answer.diagnostics.has_errors() {
            accepted("ReadResource", &host_checks::read(&self.schema, &answer.value.state))?;
        }
        Ok(answer)
    }

    /// Imports an object by id and reads it.
    ///
    /// # Errors
    ///
    /// When no answer comes, or one that a host refuses.
    pub async fn import(&mut self, id: &str) -> Result<Answer<Object>, Failure> {
        self.import_by(id, None).await
    }

    /// Imports an object by identity and reads it.
    ///
    /// # Errors
    ///
    /// When no answer comes, or one that a host refuses.
    pub async fn import_identity(&mut self, identity: &Value) -> Result<Answer<Object>, Failure> {
        self.import_by("", Some(identity)).await
    }

    async fn import_by(&mut self, id: &str, by: Option<&Value>) -> Result<Answer<Object>, Failure> {
        let request = proto::import_resource_state::Request {
            type_name: self.type_name.clone(),
            id: id.to_owned(),
            client_capabilities: Some(capabilities()),
            identity: wire::encode_identity(by, self.identity.as_ref())?,
        };
        let response = self.client.provider.import_resource_state(request).await;
        let response = response.during("ImportResourceState")?.into_inner();
        let answer = Answer::new(Object::none(), response.diagnostics);
        if answer.diagnostics.has_errors() {
            return Ok(answer);
        }
        let [imported] = <[_; 1]>::try_from(response.imported_resources)
            .map_err(|all| Failure::new(format!("{} imported objects instead of one", all.len())))?;
        if imported.type_name != self.type_name {
            return Err(Failure::new(format!("a `{}` was imported", imported.type_name)));
        }
        let object = Object {
            state: wire::decode(imported.state, &self.schema.ty())?,
            private: imported.private,
            identity: wire::decode_identity(imported.identity, self.identity.as_ref())?,
        };
        accepted(
            "ImportResourceState",
            &host_checks::imported(&self.schema, &object.state),
        )?;
        let mut read = self.read_current(&object).await?;
        read.prepend(answer.diagnostics);
        Ok(read)
    }

    /// Brings an object from `prior` to `config`: plan, apply, read, and a second plan that must
    /// find nothing to do. A null `config` destroys.
    ///
    /// # Errors
    ///
    /// When one of the steps fails, or there is still something to do.
    pub async fn converge(&mut self, prior: &Object, config: &Json) -> Result<Object, Failure> {
        let config = self.config(config)?;
        self.validate(&config).await?.ok()?;
        let planned = self.plan(prior, &config).await?.ok()?;
        let applied = self.apply(&planned).await?.ok()?;
        let read = self.read(&applied).await?.ok()?;
        let second = self.plan(&read, &config).await?.ok()?;
        if second.is_empty() {
            Ok(read)
        } else {
            Err(Failure::new(format!(
                "the second plan is not empty:\n{:?}\n{:?}",
                read.state, second.state
            )))
        }
    }

    fn encode(&self, value: &Value) -> Result<proto::DynamicValue, Failure> {
        wire::encode(value, &self.schema.ty())
    }
}

fn unplanned(prior: &Object, config: &Value) -> Planned {
    Planned {
        prior: prior.clone(),
        config: config.clone(),
        state: Value::Null,
        requires_replace: Vec::new(),
        private: prior.private.clone(),
        identity: None,
    }
}
