//! Data sources.

use serde_json::Value as Json;
use tfmodel::{Schema, Value, host_checks};
use tfplugin_proto::tfplugin6 as proto;

use super::answer::{Answer, accepted};
use super::{capabilities, wire};
use crate::client::Client;
use crate::failure::{During, Failure};

/// A data source of a provider.
#[derive(Clone, Debug)]
pub struct DataSource {
    pub(super) client: Client,
    pub(super) schema: Schema,
    pub(super) type_name: String,
}

impl DataSource {
    /// Validates a configuration and reads.
    ///
    /// # Errors
    ///
    /// When no answer comes, or one that a host refuses.
    pub async fn read(&mut self, config: &Json) -> Result<Answer<Value>, Failure> {
        let ty = self.schema.ty();
        let config = wire::encode(&wire::configuration(&self.schema, config)?, &ty)?;
        let request = proto::validate_data_resource_config::Request {
            type_name: self.type_name.clone(),
            config: Some(config.clone()),
        };
        let validated = self.client.provider.validate_data_resource_config(request).await;
        let validated = validated.during("ValidateDataResourceConfig")?.into_inner();
        let validated = Answer::new(Value::Null, validated.diagnostics);
        if validated.diagnostics.has_errors() {
            return Ok(validated);
        }
        let request = proto::read_data_source::Request {
            type_name: self.type_name.clone(),
            config: Some(config),
            provider_meta: None,
            client_capabilities: Some(capabilities()),
        };
        let read = self.client.provider.read_data_source(request).await;
        let read = read.during("ReadDataSource")?.into_inner();
        let mut answer = Answer::new(wire::decode(read.state, &ty)?, read.diagnostics);
        answer.prepend(validated.diagnostics);
        if !answer.diagnostics.has_errors() {
            let found = host_checks::data_source_read(&self.schema, &answer.value);
            accepted("ReadDataSource", &found)?;
        }
        Ok(answer)
    }
}
