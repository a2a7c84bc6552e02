//! What Terraform's core does with a provider, step by step: validate, plan, apply, read, import, upgrade; open, renew, close.
//!
//! Every answer is held against the rules of the host, so a test that goes through here fails where a user's run would.

mod action;
mod data_source;
mod ephemeral;
mod function;
mod generate;
mod list_resource;
mod moves;
mod resource;
mod schema;
mod stored;
mod wire;

use std::collections::BTreeMap;
use std::sync::Arc;

use tfmodel::{Diagnostics, Schema, Type, Value, msgpack};
use tfplugin::Provider;
use tfplugin::transport::Lifecycle;
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_proto::tfplugin6::provider_client::ProviderClient;
use tfplugin_proto::tfplugin6::provider_server::ProviderServer;
use tonic::Status;
use tonic::codegen::StdError;
use tonic::service::Routes;
use tower::util::BoxCloneSyncService;
use tower::{Service, ServiceExt};

pub use self::action::{ActionType, Event, Invoked, Running};
pub use self::data_source::DataSourceType;
pub use self::ephemeral::{EphemeralType, Opened, Renewed};
pub use self::function::CallError;
pub use self::list_resource::{Found, ListType, Listed, Listing, Query};
pub use self::moves::Source;
pub use self::resource::{Action, Applied, Plan, ResourceType, State};

use self::list_resource::Objects;
use crate::client::Client;
use crate::failure::{During, Failure};

type Request = tonic::codegen::http::Request<tonic::body::Body>;
type Response = tonic::codegen::http::Response<tonic::body::Body>;
/// The way to a provider, in this process or through a socket.
pub type Wire = BoxCloneSyncService<Request, Response, Status>;

/// A host of one provider.
#[derive(Clone, Debug)]
pub struct Core {
    rpc: ProviderClient<Wire>,
    capabilities: proto::ServerCapabilities,
    sent: Sent,
    provider_meta: Option<Schema>,
    provider: Schema,
    resources: BTreeMap<String, (Schema, Option<Schema>)>,
    data_sources: BTreeMap<String, Schema>,
    ephemeral_resources: BTreeMap<String, Schema>,
    functions: BTreeMap<String, function::Definition>,
    list_resources: BTreeMap<String, (Schema, Arc<Objects>)>,
    actions: BTreeMap<String, Schema>,
}

impl Core {
    /// A host of a provider in this process, without a socket: messages are encoded, sent and decoded all the same.
    ///
    /// # Errors
    ///
    /// When the host would refuse the provider's schemas.
    pub async fn in_process<P: Provider>(provider: P) -> Result<Self, Failure> {
        let service = ProviderServer::new(tfplugin::Service::new(provider, Lifecycle::default()));
        Self::of(boxed(Routes::new(service))).await
    }

    /// A host that is connected to a provider.
    ///
    /// # Errors
    ///
    /// When the provider does not answer, or the host would refuse its schemas.
    pub async fn connected(client: &Client) -> Result<Self, Failure> {
        Self::of(boxed(client.channel.clone())).await
    }

    async fn of(wire: Wire) -> Result<Self, Failure> {
        let limit = tfplugin::transport::MAX_MESSAGE_BYTES;
        let mut rpc = ProviderClient::new(wire)
            .max_decoding_message_size(limit)
            .max_encoding_message_size(limit);
        let schemas = rpc
            .get_provider_schema(proto::get_provider_schema::Request {})
            .await
            .during("GetProviderSchema")?
            .into_inner();
        refuse_errors("GetProviderSchema", &wire::diagnostics(schemas.diagnostics))?;
        let identities = rpc
            .get_resource_identity_schemas(proto::get_resource_identity_schemas::Request {})
            .await
            .during("GetResourceIdentitySchemas")?
            .into_inner();
        refuse_errors("GetResourceIdentitySchemas", &wire::diagnostics(identities.diagnostics))?;
        let mut identity_schemas = identities.identity_schemas;
        let mut resources: BTreeMap<String, (Schema, Option<Schema>)> = BTreeMap::new();
        for (name, schema) in schemas.resource_schemas {
            let identity = identity_schemas
                .remove(&name)
                .map(|identity| schema::identity(&identity))
                .transpose()?;
            let schema = schema::schema(&name, &schema)?;
            resources.insert(name, (schema, identity));
        }
        let mut list_resources = BTreeMap::new();
        for (name, sent) in schemas.list_resource_schemas {
            let Some((schema, Some(identity))) = resources.get(&name).cloned() else {
                return Err(Failure::new(format!(
                    "list resource `{name}`: there is no resource of that name with an identity"
                )));
            };
            let objects = Arc::new(Objects { schema, identity });
            let schema = schema::schema(&name, &sent)?;
            list_resources.insert(name, (schema, objects));
        }
        let provider_meta = schemas
            .provider_meta
            .as_ref()
            .map(|sent| schema::schema("provider_meta", sent))
            .transpose()?;
        Ok(Self {
            rpc,
            sent: Sent {
                client: wire::capabilities(),
                meta: provider_meta.as_ref().map(no_meta).transpose()?,
            },
            provider_meta,
            capabilities: schemas.server_capabilities.unwrap_or_default(),
            provider: schemas
                .provider
                .as_ref()
                .map(|sent| schema::schema("provider", sent))
                .transpose()?
                .unwrap_or_default(),
            resources,
            data_sources: schemas
                .data_source_schemas
                .iter()
                .map(|(name, schema)| Ok((name.clone(), schema::schema(name, schema)?)))
                .collect::<Result<_, Failure>>()?,
            ephemeral_resources: schemas
                .ephemeral_resource_schemas
                .iter()
                .map(|(name, schema)| Ok((name.clone(), schema::schema(name, schema)?)))
                .collect::<Result<_, Failure>>()?,
            functions: schemas
                .functions
                .iter()
                .map(|(name, function)| Ok((name.clone(), function::Definition::read(function)?)))
                .collect::<Result<_, Failure>>()?,
            list_resources,
            actions: schemas
                .action_schemas
                .iter()
                .map(|(name, action)| {
                    let sent = action.schema.as_ref();
                    let sent = sent.ok_or_else(|| Failure::new(format!("the action `{name}` has no schema")))?;
                    Ok((name.clone(), schema::schema(name, sent)?))
                })
                .collect::<Result<_, Failure>>()?,
        })
    }

    /// A host that can do something else than Terraform 1.12.
    #[must_use]
    pub fn with_capabilities(mut self, client: proto::ClientCapabilities) -> Self {
        self.sent.client = client;
        self
    }

    /// A host of a module whose `provider_meta` block says this, in JSON.
    ///
    /// # Errors
    ///
    /// When the provider takes none, or the JSON does not fit its schema.
    pub fn with_meta(mut self, json: &str) -> Result<Self, Failure> {
        let schema = self
            .provider_meta
            .as_ref()
            .ok_or_else(|| Failure::new("the provider takes no metadata"))?;
        let meta = encode(&schema::config(schema, json)?, &schema.ty());
        self.sent.meta = Some(meta.map_err(|problems| Failure::new(wire::text(&problems)))?);
        Ok(self)
    }

    /// The client for single RPCs, with any content.
    pub fn rpc(&self) -> ProviderClient<Wire> {
        self.rpc.clone()
    }

    /// The schema of the provider's configuration.
    pub fn provider_schema(&self) -> &Schema {
        &self.provider
    }

    /// A configuration of the provider, from JSON: what is not given is null.
    ///
    /// # Errors
    ///
    /// When the JSON does not fit the schema.
    pub fn provider_config(&self, json: &str) -> Result<Value, Failure> {
        schema::config(&self.provider, json)
    }

    /// Validates and configures the provider.
    ///
    /// # Errors
    ///
    /// When it refuses. Warnings are returned.
    pub async fn configure(&self, config: &Value) -> Result<Diagnostics, Diagnostics> {
        let config = Some(encode(config, &self.provider.ty())?);
        let request = proto::validate_provider_config::Request { config: config.clone() };
        let answer = wire::answer(self.rpc.clone().validate_provider_config(request).await)?;
        let validated = wire::ok(answer.diagnostics)?;
        let request = proto::configure_provider::Request {
            terraform_version: "1.12.0".to_owned(),
            config,
            client_capabilities: Some(self.sent.client),
        };
        let answer = wire::answer(self.rpc.clone().configure_provider(request).await)?;
        let mut warnings = wire::ok(answer.diagnostics)?;
        warnings.extend(validated);
        Ok(warnings)
    }

    /// Asks for calls in flight to stop.
    ///
    /// # Errors
    ///
    /// When the provider refuses.
    pub async fn stop(&self) -> Result<(), Diagnostics> {
        let answer = wire::answer(self.rpc.clone().stop_provider(proto::stop_provider::Request {}).await)?;
        if answer.error.is_empty() {
            Ok(())
        } else {
            Err(wire::error(answer.error))
        }
    }

    /// A managed resource.
    ///
    /// # Errors
    ///
    /// When the provider has none of that name.
    pub fn resource(&self, type_name: &str) -> Result<ResourceType, Failure> {
        let (schema, identity) = self
            .resources
            .get(type_name)
            .cloned()
            .ok_or_else(|| Failure::new(format!("the provider has no resource `{type_name}`")))?;
        Ok(ResourceType {
            rpc: self.rpc.clone(),
            capabilities: self.capabilities,
            sent: self.sent.clone(),
            type_name: type_name.to_owned(),
            ty: schema.ty(),
            schema,
            identity,
        })
    }

    /// A data source.
    ///
    /// # Errors
    ///
    /// When the provider has none of that name.
    pub fn data_source(&self, type_name: &str) -> Result<DataSourceType, Failure> {
        let schema = self
            .data_sources
            .get(type_name)
            .cloned()
            .ok_or_else(|| Failure::new(format!("the provider has no data source `{type_name}`")))?;
        Ok(DataSourceType {
            rpc: self.rpc.clone(),
            sent: self.sent.clone(),
            type_name: type_name.to_owned(),
            ty: schema.ty(),
            schema,
        })
    }

    /// A list resource.
    ///
    /// # Errors
    ///
    /// When the provider has none of that name.
    pub fn list_resource(&self, type_name: &str) -> Result<ListType, Failure> {
        let (schema, objects) = self
            .list_resources
            .get(type_name)
            .cloned()
            .ok_or_else(|| Failure::new(format!("the provider has no list resource `{type_name}`")))?;
        Ok(ListType {
            rpc: self.rpc.clone(),
            type_name: type_name.to_owned(),
            ty: schema.ty(),
            schema,
            objects,
        })
    }

    /// An action.
    ///
    /// # Errors
    ///
    /// When the provider has none of that name.
    pub fn action(&self, type_name: &str) -> Result<ActionType, Failure> {
        let schema = self
            .actions
            .get(type_name)
            .cloned()
            .ok_or_else(|| Failure::new(format!("the provider has no action `{type_name}`")))?;
        Ok(ActionType {
            rpc: self.rpc.clone(),
            type_name: type_name.to_owned(),
            ty: schema.ty(),
            schema,
        })
    }

    /// An ephemeral resource.
    ///
    /// # Errors
    ///
    /// When the provider has none of that name.
    pub fn ephemeral_resource(&self, type_name: &str) -> Result<EphemeralType, Failure> {
        let schema = self
            .ephemeral_resources
            .get(type_name)
            .cloned()
            .ok_or_else(|| Failure::new(format!("the provider has no ephemeral resource `{type_name}`")))?;
        Ok(EphemeralType {
            rpc: self.rpc.clone(),
            sent: self.sent.clone(),
            type_name: type_name.to_owned(),
            ty: schema.ty(),
            schema,
        })
    }

    /// Calls a function as the host does: arguments are checked first, and an unknown one that the function does not take makes the result
    /// unknown without a call.
    ///
    /// # Errors
    ///
    /// When the function has no result for these arguments.
    pub async fn call(&self, name: &str, arguments: &[Value]) -> Result<Value, CallError> {
        let definition = self
            .functions
            .get(name)
            .ok_or_else(|| CallError::new(format!("the provider has no function `{name}`")))?;
        definition.call(self.rpc.clone(), name, arguments).await
    }
}

/// What a host sends along with a request about one object.
#[derive(Clone, Debug)]
struct Sent {
    client: proto::ClientCapabilities,
    meta: Option<proto::DynamicValue>,
}

/// A module without a `provider_meta` block.
fn no_meta(schema: &Schema) -> Result<proto::DynamicValue, Failure> {
    encode(&Value::Null, &schema.ty()).map_err(|problems| Failure::new(wire::text(&problems)))
}

fn boxed<S>(service: S) -> Wire
where
    S: Service<Request, Response = Response, Error: Into<StdError>, Future: Send> + Clone + Send + Sync + 'static,
{
    BoxCloneSyncService::new(service.map_err(|error| Status::from_error(error.into())))
}

fn refuse_errors(what: &str, found: &Diagnostics) -> Result<(), Failure> {
    if found.has_errors() {
        return Err(Failure::new(format!("{what}: {}", wire::text(found))));
    }
    Ok(())
}

fn encode(value: &Value, ty: &Type) -> Result<proto::DynamicValue, Diagnostics> {
    let msgpack = msgpack::encode(value, ty).map_err(|mismatch| wire::error(format!("test value: {mismatch}")))?;
    Ok(proto::DynamicValue {
        msgpack,
        json: Vec::new(),
    })
}

/// What the provider sent; nothing at all counts as null, as it does for the host.
fn decode(value: Option<proto::DynamicValue>, ty: &Type) -> Result<Value, Diagnostics> {
    let value = value.unwrap_or_default();
    tfmodel::encoding::decode_either(&value.msgpack, &value.json, ty)
        .map_err(|error| wire::error(format!("the provider's answer cannot be read: {error}")))
}
