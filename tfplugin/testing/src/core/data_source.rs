//! Data sources.

use tfmodel::{Diagnostics, Schema, Type, Value, host_checks};
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_proto::tfplugin6::provider_client::ProviderClient;

use super::{Sent, Wire, decode, encode, schema, wire};
use crate::failure::Failure;

/// A data source of a provider.
#[derive(Clone, Debug)]
pub struct DataSourceType {
    pub(super) rpc: ProviderClient<Wire>,
    pub(super) sent: Sent,
    pub(super) type_name: String,
    pub(super) schema: Schema,
    pub(super) ty: Type,
}

impl DataSourceType {
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
        let request = proto::validate_data_resource_config::Request {
            type_name: self.type_name.clone(),
            config: Some(config),
        };
        match wire::answer(self.rpc.clone().validate_data_resource_config(request).await) {
            Ok(answer) => wire::diagnostics(answer.diagnostics),
            Err(problems) => problems,
        }
    }

    /// Reads it.
    ///
    /// # Errors
    ///
    /// When the provider says so, or the host would refuse the result.
    pub async fn read(&self, config: &Value) -> Result<Value, Diagnostics> {
        let request = proto::read_data_source::Request {
            type_name: self.type_name.clone(),
            config: Some(encode(config, &self.ty)?),
            provider_meta: self.sent.meta.clone(),
            client_capabilities: Some(self.sent.client),
        };
        let answer = wire::answer(self.rpc.clone().read_data_source(request).await)?;
        wire::ok(answer.diagnostics)?;
        wire::not_deferred(answer.deferred, self.sent.client)?;
        let state = decode(answer.state, &self.ty)?;
        let (state, _) = host_checks::data_source_read(&self.schema, &state).into_result(state)?;
        Ok(state)
    }
}
