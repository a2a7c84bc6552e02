//! Managed resources, from configuration to state and away again. What is stored already is read in a module of its own.

use tfmodel::host_checks::PlannedAgain;
use tfmodel::plan::{offer_computed_blocks, proposed_new_state};
use tfmodel::{Diagnostics, Path, Schema, Type, Value, host_checks};
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_proto::tfplugin6::deferred::Reason;
use tfplugin_proto::tfplugin6::provider_client::ProviderClient;

use super::{Sent, Wire, decode, encode, schema, wire};
use crate::failure::Failure;

/// A managed resource of a provider.
#[derive(Clone, Debug)]
pub struct ResourceType {
    pub(super) rpc: ProviderClient<Wire>,
    pub(super) capabilities: proto::ServerCapabilities,
    pub(super) sent: Sent,
    pub(super) type_name: String,
    pub(super) schema: Schema,
    pub(super) ty: Type,
    pub(super) identity: Option<Schema>,
}

/// One object as a state holds it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The object; null if there is none.
    pub value: Value,
    /// What the provider stores beside it.
    pub private: Vec<u8>,
    /// What identifies it.
    pub identity: Option<Value>,
}

/// What a change does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    NoOp,
    /// There is no object yet.
    Create,
    /// In place.
    Update,
    /// The old object goes, and a new one comes.
    Replace,
    /// The object goes.
    Delete,
}

/// A change that was planned.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What it does.
    pub action: Action,
    /// The object as it is.
    pub prior: State,
    /// What the configuration says.
    pub config: Value,
    /// The object as it will be, with what is stored beside it.
    pub planned: State,
    /// Why the object is replaced.
    pub requires_replace: Vec<Path>,
    /// Why it waits for a later round.
    pub deferred: Option<Reason>,
    /// What the provider warns of.
    pub warnings: Diagnostics,
}

/// What is left after a change, which may have failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// What the host stores.
    pub state: State,
    /// What the provider says.
    pub diagnostics: Diagnostics,
}

impl Applied {
    /// The state, if nothing failed.
    ///
    /// # Errors
    ///
    /// What failed.
    pub fn success(self) -> Result<State, Diagnostics> {
        self.diagnostics.into_result(self.state).map(|(state, _)| state)
    }
}

impl ResourceType {
    /// Its schema.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The schema of its identity.
    pub fn identity_schema(&self) -> Option<&Schema> {
        self.identity.as_ref()
    }

    /// A configuration from JSON: what is not given is null.
    ///
    /// # Errors
    ///
    /// When the JSON does not fit the schema.
    pub fn config(&self, json: &str) -> Result<Value, Failure> {
        schema::config(&self.schema, json)
    }

    /// Everything that the provider says about a configuration.
    pub async fn validate(&self, config: &Value) -> Diagnostics {
        let config = match encode(config, &self.ty) {
            Ok(config) => config,
            Err(problems) => return problems,
        };
        let request = proto::validate_resource_config::Request {
            type_name: self.type_name.clone(),
            config: Some(config),
            client_capabilities: Some(self.sent.client),
        };
        match wire::answer(self.rpc.clone().validate_resource_config(request).await) {
            Ok(answer) => wire::diagnostics(answer.diagnostics),
            Err(problems) => problems,
        }
    }

    /// Plans the change from `prior` to `config`, twice if the object has to be replaced, as the host does.
    ///
    /// # Errors
    ///
    /// When the provider says so, or the host would refuse the plan.
    pub async fn plan(&self, prior: &State, config: &Value) -> Result<Plan, Diagnostics> {
        let mut plan = self.plan_once(prior, config, &[]).await?;
        if plan.action != Action::Replace {
            return Ok(plan);
        }
        let made_new = State {
            value: Value::Null,
            private: plan.planned.private,
            identity: plan.planned.identity,
        };
        let second = self.plan_once(&made_new, config, &[]).await?;
        plan.deferred = plan.deferred.or(second.deferred);
        plan.planned = second.planned;
        plan.warnings.extend(second.warnings);
        Ok(plan)
    }

    /// Plans the end of an object.
    ///
    /// # Errors
    ///
    /// When the provider says so, or the host would refuse the plan.
    pub async fn plan_delete(&self, prior: &State) -> Result<Plan, Diagnostics> {
        self.plan_once(prior, &Value::Null, &[]).await
    }

    async fn plan_once(&self, prior: &State, config: &Value, planned_private: &[u8]) -> Result<Plan, Diagnostics> {
        let offered = if self.sent.client.computed_blocks_allowed {
            offer_computed_blocks(&self.schema, config.clone())
        } else {
            config.clone()
        };
        let proposed = if config.is_null() {
            Value::Null
        } else {
            proposed_new_state(&self.schema, &prior.value, &offered)
        };
        let request = proto::plan_resource_change::Request {
            type_name: self.type_name.clone(),
            prior_state: Some(encode(&prior.value, &self.ty)?),
            proposed_new_state: Some(encode(&proposed, &self.ty)?),
            config: Some(encode(&offered, &self.ty)?),
            prior_private: prior.private.clone(),
            provider_meta: self.sent.meta.clone(),
            client_capabilities: Some(self.sent.client),
            prior_identity: self.send_identity(prior.identity.as_ref())?,
            planned_private: planned_private.to_vec(),
        };
        let answer = wire::answer(self.rpc.clone().plan_resource_change(request).await)?;
        let warnings = wire::ok(answer.diagnostics)?;
        let value = decode(answer.planned_state, &self.ty)?;
        let deferred = wire::deferral(answer.deferred, self.sent.client)?;
        if deferred.is_none() {
            let ((), _) = host_checks::planned(&self.schema, &prior.value, &offered, &value).into_result(())?;
        }
        // Only what really changes replaces, and nothing where nothing was.
        let changes = |path: &Path| !prior.value.is_null() && prior.value.at(path) != value.at(path);
        let requires_replace: Vec<Path> = answer
            .requires_replace
            .into_iter()
            .map(wire::path)
            .filter(changes)
            .collect();
        let action = match (prior.value.is_null(), value.is_null()) {
            (_, true) => Action::Delete,
            (true, false) => Action::Create,
            (false, false) if !requires_replace.is_empty() => Action::Replace,
            (false, false) if prior.value == value => Action::NoOp,
            (false, false) => Action::Update,
        };
        let identity = self.receive_identity(answer.planned_identity)?;
        if let (Some(schema), Some(identity)) = (&self.identity, &identity) {
            let ((), _) = host_checks::planned_identity(schema, identity).into_result(())?;
        }
        Ok(Plan {
            action,
            prior: prior.clone(),
            config: config.clone(),
            planned: State {
                value,
                private: answer.planned_private,
                identity,
            },
            requires_replace,
            deferred,
            warnings,
        })
    }

    /// Carries a plan out, after making it once more as the host does. A replacement deletes first, and the deletion gets what the plan of
    /// the new object stored: there is one place for both.
    ///
    /// # Errors
    ///
    /// When the provider gives no answer that a host could store.
    pub async fn apply(&self, plan: &Plan) -> Result<Applied, Diagnostics> {
        if plan.action == Action::NoOp {
            return Ok(Applied {
                state: plan.prior.clone(),
                diagnostics: Diagnostics::new(),
            });
        }
        if plan.deferred.is_some() {
            return Err(wire::error("the plan waits for a later round"));
        }
        let mut prior = plan.prior.clone();
        if plan.action == Action::Replace {
            let delete = Plan {
                config: Value::Null,
                planned: State {
                    value: Value::Null,
                    private: plan.planned.private.clone(),
                    identity: None,
                },
                ..plan.clone()
            };
            let deleted = self.apply_once(&prior, &delete).await?;
            if deleted.diagnostics.has_errors() {
                return Ok(deleted);
            }
            prior = State::default();
        }
        if plan.action == Action::Delete {
            return self.apply_once(&prior, plan).await;
        }
        let planned_private = if self.sent.client.store_planned_private {
            plan.planned.private.as_slice()
        } else {
            &[]
        };
        let again = self.plan_once(&prior, &plan.config, planned_private).await?;
        let plans = PlannedAgain {
            prior: &prior.value,
            first: &plan.planned.value,
            second: &again.planned.value,
            requires_replace: &again.requires_replace,
        };
        let ((), _) = host_checks::planned_again(&self.schema, plans).into_result(())?;
        self.apply_once(&prior, &again).await
    }

    /// Carries a plan out with a configuration that has become known since, as the host does when an object it refers to was made first.
    ///
    /// # Errors
    ///
    /// When the provider now plans something else than what the user agreed to.
    pub async fn apply_known(&self, plan: &Plan, config: &Value) -> Result<Applied, Diagnostics> {
        let known = Plan {
            config: config.clone(),
            ..plan.clone()
        };
        self.apply(&known).await
    }

    async fn apply_once(&self, prior: &State, plan: &Plan) -> Result<Applied, Diagnostics> {
        let planned = &plan.planned.value;
        let request = proto::apply_resource_change::Request {
            type_name: self.type_name.clone(),
            prior_state: Some(encode(&prior.value, &self.ty)?),
            planned_state: Some(encode(planned, &self.ty)?),
            config: Some(encode(&plan.config, &self.ty)?),
            planned_private: plan.planned.private.clone(),
            provider_meta: self.sent.meta.clone(),
            planned_identity: self.send_identity(plan.planned.identity.as_ref())?,
        };
        let answer = wire::answer(self.rpc.clone().apply_resource_change(request).await)?;
        let diagnostics = wire::diagnostics(answer.diagnostics);
        let value = decode(answer.new_state, &self.ty)?;
        if !value.is_wholly_known() {
            return Err(wire::error("the new state has unknown values"));
        }
        let failed = diagnostics.has_errors();
        if !failed {
            let ((), _) = host_checks::applied(&self.schema, planned, &value).into_result(())?;
        }
        // The host keeps what it has when a failure comes without a state.
        let state = if failed && value.is_null() {
            prior.clone()
        } else {
            State {
                value,
                private: answer.private,
                identity: self.receive_identity(answer.new_identity)?,
            }
        };
        Ok(Applied { state, diagnostics })
    }

    /// Applies `config` over `state` as a user would: validate, plan, apply, read, and a second plan that has to be empty.
    ///
    /// # Errors
    ///
    /// When any of it fails, or the second plan is not empty.
    pub async fn converge(&self, state: &State, config: &Value) -> Result<State, Diagnostics> {
        let found = self.validate(config).await;
        if found.has_errors() {
            return Err(found);
        }
        let plan = self.plan(state, config).await?;
        let applied = self.apply(&plan).await?.success()?;
        let read = self.read(&applied).await?;
        let second = self.plan(&read, config).await?;
        if second.action != Action::NoOp {
            return Err(wire::error(format!(
                "the second plan is not empty: {:?}, from {:?} to {:?}",
                second.action, read.value, second.planned.value
            )));
        }
        Ok(read)
    }

    /// Plans and carries out the end of an object.
    ///
    /// # Errors
    ///
    /// When any of it fails.
    pub async fn destroy(&self, state: &State) -> Result<(), Diagnostics> {
        let plan = self.plan_delete(state).await?;
        self.apply(&plan).await?.success().map(drop)
    }

    pub(super) fn send_identity(
        &self,
        identity: Option<&Value>,
    ) -> Result<Option<proto::ResourceIdentityData>, Diagnostics> {
        let (Some(identity), Some(schema)) = (identity, &self.identity) else {
            return Ok(None);
        };
        Ok(Some(proto::ResourceIdentityData {
            identity_data: Some(encode(identity, &schema.ty())?),
        }))
    }

    pub(super) fn receive_identity(
        &self,
        sent: Option<proto::ResourceIdentityData>,
    ) -> Result<Option<Value>, Diagnostics> {
        let Some(sent) = sent else { return Ok(None) };
        let schema = self
            .identity
            .as_ref()
            .ok_or_else(|| wire::error("an identity of a resource that has none"))?;
        decode(sent.identity_data, &schema.ty()).map(Some)
    }
}
