//! List resources.

use std::sync::Arc;

use tfmodel::host_checks::{self, Listed as Sent};
use tfmodel::{Diagnostics, Schema, Type, Value};
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_proto::tfplugin6::provider_client::ProviderClient;
use tonic::Streaming;

use super::{Wire, decode, encode, schema, wire};
use crate::failure::Failure;

/// What Terraform takes where a `list` block does not say.
const DEFAULT_LIMIT: u64 = 100;

/// A list resource of a provider.
#[derive(Clone, Debug)]
pub struct ListType {
    pub(super) rpc: ProviderClient<Wire>,
    pub(super) type_name: String,
    pub(super) schema: Schema,
    pub(super) ty: Type,
    pub(super) objects: Arc<Objects>,
}

/// The managed resource whose objects are listed.
#[derive(Debug)]
pub(super) struct Objects {
    pub(super) schema: Schema,
    pub(super) identity: Schema,
}

/// What to ask for.
#[derive(Clone, Debug)]
pub struct Query {
    list: ListType,
    config: Value,
    limit: u64,
    with_objects: bool,
}

/// One object that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// What identifies it.
    pub identity: Value,
    /// How people call it.
    pub display_name: String,
    /// The object itself, if it was asked for and sent.
    pub object: Option<Value>,
}

/// A whole list, which may have ended early.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listed {
    /// What was found.
    pub found: Vec<Found>,
    /// What the provider says.
    pub diagnostics: Diagnostics,
}

impl Listed {
    /// What was found, if nothing failed.
    ///
    /// # Errors
    ///
    /// What failed.
    pub fn success(self) -> Result<Vec<Found>, Diagnostics> {
        self.diagnostics.into_result(self.found).map(|(found, _)| found)
    }
}

impl ListType {
    /// The schema of its configuration.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// A configuration from JSON: what is not given is null.
    ///
    /// # Errors
    ///
    /// When the JSON does not fit the schema.
    pub fn config(&self, json: &str) -> Result<Value, Failure> {
        schema::config(&self.schema, json)
    }

    /// Everything that the provider says about a configuration. Places are those in its own schema, without the block `config` that
    /// Terraform puts around it.
    pub async fn validate(&self, config: &Value) -> Diagnostics {
        self.validate_request(config, None).await
    }

    /// The same, from a host that also says what the block asks for: Terraform up to 1.16 does not.
    pub async fn validate_scope(&self, config: &Value, limit: &Value, with_objects: &Value) -> Diagnostics {
        self.validate_request(config, Some((limit, with_objects))).await
    }

    async fn validate_request(&self, config: &Value, scope: Option<(&Value, &Value)>) -> Diagnostics {
        let request = || {
            let (limit, with_objects) = scope.unzip();
            Ok::<_, Diagnostics>(proto::validate_list_resource_config::Request {
                type_name: self.type_name.clone(),
                config: Some(encode(config, &self.ty)?),
                include_resource_object: with_objects.map(|value| encode(value, &Type::Bool)).transpose()?,
                limit: limit.map(|value| encode(value, &Type::Number)).transpose()?,
            })
        };
        let request = match request() {
            Ok(request) => request,
            Err(problems) => return problems,
        };
        match wire::answer(self.rpc.clone().validate_list_resource_config(request).await) {
            Ok(answer) => wire::diagnostics(answer.diagnostics),
            Err(problems) => problems,
        }
    }

    /// A list of the first hundred objects, without the objects themselves, as a `list` block without arguments asks for.
    #[must_use]
    pub fn query(&self, config: &Value) -> Query {
        Query {
            list: self.clone(),
            config: config.clone(),
            limit: DEFAULT_LIMIT,
            with_objects: false,
        }
    }
}

impl Query {
    /// With another limit.
    #[must_use]
    pub fn limit(mut self, limit: u64) -> Self {
        self.limit = limit;
        self
    }

    /// With the objects themselves.
    #[must_use]
    pub fn with_objects(mut self) -> Self {
        self.with_objects = true;
        self
    }

    /// Reads all of it.
    pub async fn all(self) -> Listed {
        let mut listed = Listed::default();
        let mut events = match self.start().await {
            Ok(events) => events,
            Err(diagnostics) => return Listed { diagnostics, ..listed },
        };
        loop {
            match events.next().await {
                Ok(Some(found)) => listed.found.push(found),
                Ok(None) => break,
                Err(problems) => {
                    listed.diagnostics = problems;
                    break;
                }
            }
        }
        let mut diagnostics = events.warnings;
        diagnostics.extend(listed.diagnostics);
        Listed { diagnostics, ..listed }
    }

    /// Asks, and reads nothing yet. Dropping the answer is what a host does that has read enough.
    ///
    /// # Errors
    ///
    /// When the provider does not begin to answer.
    pub async fn start(self) -> Result<Listing, Diagnostics> {
        let request = proto::list_resource::Request {
            type_name: self.list.type_name.clone(),
            config: Some(encode(&self.config, &self.list.ty)?),
            include_resource_object: self.with_objects,
            limit: i64::try_from(self.limit).unwrap_or(i64::MAX),
        };
        let events = wire::answer(self.list.rpc.clone().list_resource(request).await)?;
        Ok(Listing {
            events,
            objects: self.list.objects,
            left: self.limit,
            with_objects: self.with_objects,
            warnings: Diagnostics::new(),
        })
    }
}

/// A list that is being read.
#[derive(Debug)]
pub struct Listing {
    events: Streaming<proto::list_resource::Event>,
    objects: Arc<Objects>,
    left: u64,
    with_objects: bool,
    /// What the provider has warned of so far.
    pub warnings: Diagnostics,
}

impl Listing {
    /// The next object; `None` after the last one, and once the limit is reached.
    ///
    /// # Errors
    ///
    /// When the provider says so, or the host would refuse what it sent.
    pub async fn next(&mut self) -> Result<Option<Found>, Diagnostics> {
        while self.left > 0 {
            let Some(event) = wire::message(self.events.message().await)? else {
                self.left = 0;
                break;
            };
            if let Some(found) = self.read(event).await? {
                self.left -= 1;
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    async fn read(&mut self, event: proto::list_resource::Event) -> Result<Option<Found>, Diagnostics> {
        let diagnostics = wire::diagnostics(event.diagnostic);
        if diagnostics.has_errors() {
            self.left = 0;
            return match wire::message(self.events.message().await)? {
                None => Err(diagnostics),
                Some(_) => Err(wire::error("the list goes on after an error")),
            };
        }
        let identity = event.identity.and_then(|identity| identity.identity_data);
        let identity = decode(identity, &self.objects.identity.ty())?;
        let object = decode(event.resource_object, &self.objects.schema.ty())?;
        if !self.with_objects && !object.is_null() {
            return Err(wire::error("an object was sent, and nobody asked for it"));
        }
        let sent = Sent {
            identity: &identity,
            object: &object,
            with_objects: self.with_objects,
            diagnostics: &diagnostics,
        };
        host_checks::listed(&self.objects.schema, &self.objects.identity, sent).into_result(())?;
        self.warnings.extend(diagnostics);
        Ok((!identity.is_null()).then_some(Found {
            identity,
            display_name: event.display_name,
            object: Some(object).filter(|object| !object.is_null()),
        }))
    }
}
