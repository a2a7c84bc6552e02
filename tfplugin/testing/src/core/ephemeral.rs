//! Ephemeral resources.

use std::time::SystemTime;

use tfmodel::{Diagnostics, Schema, Type, Value, host_checks};
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_proto::tfplugin6::provider_client::ProviderClient;

use super::{Sent, Wire, decode, encode, schema, wire};
use crate::failure::Failure;

/// An ephemeral resource of a provider.
#[derive(Clone, Debug)]
pub struct EphemeralType {
    pub(super) rpc: ProviderClient<Wire>,
    pub(super) sent: Sent,
    pub(super) type_name: String,
    pub(super) schema: Schema,
    pub(super) ty: Type,
}

/// One that is open.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its values.
    pub result: Value,
    /// When the host renews it.
    pub renew_at: Option<SystemTime>,
    /// What the provider stored.
    pub private: Vec<u8>,
    /// What the provider said about it.
    pub warnings: Diagnostics,
}

/// The outcome of a renewal. Terraform ends with an error when one fails, and closes what it opened all the same.
#[derive(Clone, Debug)]
pub struct Renewed {
    /// When the host renews it again.
    pub renew_at: Option<SystemTime>,
    /// What the provider stored.
    pub private: Vec<u8>,
    /// What the provider said about it.
    pub diagnostics: Diagnostics,
}

impl EphemeralType {
    /// Its schema.
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

    /// Everything that the provider says about a configuration.
    pub async fn validate(&self, config: &Value) -> Diagnostics {
        let config = match encode(config, &self.ty) {
            Ok(config) => config,
            Err(problems) => return problems,
        };
        let request = proto::validate_ephemeral_resource_config::Request {
            type_name: self.type_name.clone(),
            config: Some(config),
        };
        match wire::answer(self.rpc.clone().validate_ephemeral_resource_config(request).await) {
            Ok(answer) => wire::diagnostics(answer.diagnostics),
            Err(problems) => problems,
        }
    }

    /// Validates and opens it. The host never does so with a configuration that is not wholly known.
    ///
    /// # Errors
    ///
    /// When the provider says so, or the host would refuse the result. The host then takes it for not opened and does not close it.
    pub async fn open(&self, config: &Value) -> Result<Opened, Diagnostics> {
        if !config.is_wholly_known() {
            return Err(wire::error("a configuration that is not wholly known yet"));
        }
        let (_, mut warnings) = self.validate(config).await.into_result(())?;
        let request = proto::open_ephemeral_resource::Request {
            type_name: self.type_name.clone(),
            config: Some(encode(config, &self.ty)?),
            client_capabilities: Some(self.sent.client),
        };
        let answer = wire::answer(self.rpc.clone().open_ephemeral_resource(request).await)?;
        warnings.extend(wire::ok(answer.diagnostics)?);
        wire::not_deferred(answer.deferred, self.sent.client)?;
        let result = decode(answer.result, &self.ty)?;
        let found = host_checks::ephemeral_opened(&self.schema, config, &result);
        let (result, _) = found.into_result(result)?;
        Ok(Opened {
            result,
            renew_at: answer.renew_at.map(time).transpose()?,
            private: answer.private.unwrap_or_default(),
            warnings,
        })
    }

    /// Renews it, with what the provider stored when it was opened or renewed last.
    ///
    /// # Errors
    ///
    /// When the provider does not answer as the protocol asks for. What it says itself is in the outcome.
    pub async fn renew(&self, private: &[u8]) -> Result<Renewed, Diagnostics> {
        let request = proto::renew_ephemeral_resource::Request {
            type_name: self.type_name.clone(),
            private: Some(private.to_vec()),
        };
        let answer = wire::answer(self.rpc.clone().renew_ephemeral_resource(request).await)?;
        Ok(Renewed {
            renew_at: answer.renew_at.map(time).transpose()?,
            private: answer.private.unwrap_or_default(),
            diagnostics: wire::diagnostics(answer.diagnostics),
        })
    }

    /// Closes it. Terraform passes what was stored when it was opened, OpenTofu what was stored last.
    pub async fn close(&self, private: &[u8]) -> Diagnostics {
        let request = proto::close_ephemeral_resource::Request {
            type_name: self.type_name.clone(),
            private: Some(private.to_vec()),
        };
        match wire::answer(self.rpc.clone().close_ephemeral_resource(request).await) {
            Ok(answer) => wire::diagnostics(answer.diagnostics),
            Err(problems) => problems,
        }
    }
}

fn time<T: TryInto<SystemTime>>(sent: T) -> Result<SystemTime, Diagnostics> {
    sent.try_into()
        .map_err(|_| wire::error("a time of renewal that does not exist"))
}
