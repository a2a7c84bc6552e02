//! Conversations of a host with a provider, in values instead of bytes.
//!
//! A session does what Terraform does around each call: it proposes the new state, plans twice,
//! and holds every answer against its own rules. A provider that breaks one fails the test, with
//! the message that a user would have seen.

mod answer;
mod data_source;
mod function;
mod resource;
mod wire;

use std::collections::BTreeMap;

use serde_json::Value as Json;
use tfmodel::{Schema, Type, Value};
use tfplugin_proto::tfplugin6 as proto;
use tonic::Code;

pub use self::answer::Answer;
pub use self::data_source::DataSource;
pub use self::function::{Function, FunctionError};
pub use self::resource::{Object, Planned, Resource};

use crate::client::Client;
use crate::failure::{During, Failure};

/// The version of Terraform that providers are told.
const TERRAFORM_VERSION: &str = "1.11.4";

/// A connection to a provider whose schema is known.
#[derive(Clone, Debug)]
pub struct Session {
    client: Client,
    provider: Schema,
    resources: BTreeMap<String, Schema>,
    data_sources: BTreeMap<String, Schema>,
    identities: BTreeMap<String, (i64, Type)>,
    functions: BTreeMap<String, function::Signature>,
    capabilities: proto::ServerCapabilities,
}

impl Session {
    /// Asks the provider for its schemas and checks them as a host does.
    ///
    /// # Errors
    ///
    /// When a host would not load the provider.
    pub async fn open(mut client: Client) -> Result<Self, Failure> {
        let request = proto::get_provider_schema::Request {};
        let schemas = client
            .provider
            .get_provider_schema(request)
            .await
            .during("GetProviderSchema")?
            .into_inner();
        Answer::new((), schemas.diagnostics).ok()?;
        let identities = identity_schemas(&mut client).await?;
        let named = |schemas: BTreeMap<String, proto::Schema>| {
            schemas
                .into_iter()
                .map(|(name, schema)| Ok((name.clone(), loaded(&name, schema)?)))
                .collect::<Result<BTreeMap<_, _>, Failure>>()
        };
        Ok(Self {
            client,
            provider: loaded("provider", schemas.provider.unwrap_or_default())?,
            resources: named(schemas.resource_schemas)?,
            data_sources: named(schemas.data_source_schemas)?,
            identities,
            functions: schemas
                .functions
                .into_iter()
                .map(|(name, function)| Ok((name, function::Signature::new(function)?)))
                .collect::<Result<_, Failure>>()?,
            capabilities: schemas.server_capabilities.unwrap_or_default(),
        })
    }

    /// The raw client, for what no method here does.
    #[must_use]
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// The names of the managed resources.
    pub fn resource_types(&self) -> impl Iterator<Item = &str> {
        self.resources.keys().map(String::as_str)
    }

    /// Configures the provider, after validating the configuration as a host does.
    ///
    /// # Errors
    ///
    /// When no answer comes.
    pub async fn configure(&mut self, config: &Json) -> Result<Answer<()>, Failure> {
        let config = wire::configuration(&self.provider, config)?;
        self.configure_with(&config).await
    }

    /// Configures the provider with a value that may be unknown in parts.
    ///
    /// # Errors
    ///
    /// When no answer comes.
    pub async fn configure_with(&mut self, config: &Value) -> Result<Answer<()>, Failure> {
        let config = wire::encode(config, &self.provider.ty())?;
        let request = proto::validate_provider_config::Request {
            config: Some(config.clone()),
        };
        let validated = self.client.provider.validate_provider_config(request).await;
        let validated = validated.during("ValidateProviderConfig")?.into_inner();
        let validated = Answer::new((), validated.diagnostics);
        if validated.diagnostics.has_errors() {
            return Ok(validated);
        }
        let request = proto::configure_provider::Request {
            terraform_version: TERRAFORM_VERSION.to_owned(),
            config: Some(config),
            client_capabilities: Some(capabilities()),
        };
        let configured = self.client.provider.configure_provider(request).await;
        let configured = configured.during("ConfigureProvider")?.into_inner();
        let mut answer = Answer::new((), configured.diagnostics);
        answer.prepend(validated.diagnostics);
        Ok(answer)
    }

    /// A managed resource of the provider.
    ///
    /// # Errors
    ///
    /// When there is no such type.
    pub fn resource(&self, type_name: &str) -> Result<Resource, Failure> {
        Ok(Resource {
            client: self.client.clone(),
            schema: known(&self.resources, "resource", type_name)?.clone(),
            identity: self.identities.get(type_name).map(|(_, ty)| ty.clone()),
            type_name: type_name.to_owned(),
            plans_destroy: self.capabilities.plan_destroy,
        })
    }

    /// A data source of the provider.
    ///
    /// # Errors
    ///
    /// When there is no such type.
    pub fn data_source(&self, type_name: &str) -> Result<DataSource, Failure> {
        Ok(DataSource {
            client: self.client.clone(),
            schema: known(&self.data_sources, "data source", type_name)?.clone(),
            type_name: type_name.to_owned(),
        })
    }

    /// A function of the provider.
    ///
    /// # Errors
    ///
    /// When there is no such function.
    pub fn function(&self, name: &str) -> Result<Function, Failure> {
        Ok(Function {
            client: self.client.clone(),
            signature: known(&self.functions, "function", name)?.clone(),
            name: name.to_owned(),
        })
    }

    /// Asks the provider to stop what it is doing, as a host does after an interrupt.
    ///
    /// # Errors
    ///
    /// When no answer comes, or an error.
    pub async fn stop(&mut self) -> Result<(), Failure> {
        let request = proto::stop_provider::Request {};
        let stopped = self
            .client
            .provider
            .stop_provider(request)
            .await
            .during("StopProvider")?;
        match stopped.into_inner().error {
            error if error.is_empty() => Ok(()),
            error => Err(Failure::new(format!("StopProvider: {error}"))),
        }
    }
}

fn known<'a, T>(all: &'a BTreeMap<String, T>, kind: &str, name: &str) -> Result<&'a T, Failure> {
    all.get(name).ok_or_else(|| {
        let known = all.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        Failure::new(format!("there is no {kind} `{name}`, only: {known}"))
    })
}

/// A schema as a host takes it.
fn loaded(name: &str, schema: proto::Schema) -> Result<Schema, Failure> {
    let schema = wire::schema(schema)?;
    match schema.check().as_slice() {
        [] => Ok(schema),
        problems => {
            let problems = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            Err(Failure::new(format!(
                "the host refuses the schema of `{name}`: {problems}"
            )))
        }
    }
}

/// Only "not implemented" may stand for "has none".
async fn identity_schemas(client: &mut Client) -> Result<BTreeMap<String, (i64, Type)>, Failure> {
    let request = proto::get_resource_identity_schemas::Request {};
    let response = match client.provider.get_resource_identity_schemas(request).await {
        Err(status) if status.code() == Code::Unimplemented => return Ok(BTreeMap::new()),
        response => response.during("GetResourceIdentitySchemas")?.into_inner(),
    };
    Answer::new((), response.diagnostics).ok()?;
    let typed = |(name, schema): (String, proto::ResourceIdentitySchema)| {
        Ok((name, (schema.version, wire::identity_type(schema)?)))
    };
    response.identity_schemas.into_iter().map(typed).collect()
}

/// What Terraform 1.11 says it can do.
fn capabilities() -> proto::ClientCapabilities {
    proto::ClientCapabilities {
        write_only_attributes_allowed: true,
        ..Default::default()
    }
}
