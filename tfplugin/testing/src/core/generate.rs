//! Configurations that are written for objects that exist.

use tfmodel::{Diagnostics, Value, host_checks};
use tfplugin_proto::tfplugin6 as proto;

use super::{ResourceType, State, decode, encode, wire};

impl ResourceType {
    /// The configuration that `plan -generate-config-out` writes for an object.
    ///
    /// # Errors
    ///
    /// When the provider says so, or what it wrote could not be the configuration of the object.
    pub async fn generate_config(&self, state: &State) -> Result<Value, Diagnostics> {
        if !self.capabilities.generate_resource_config {
            return Err(wire::error("the provider does not generate configuration"));
        }
        let request = proto::generate_resource_config::Request {
            type_name: self.type_name.clone(),
            state: Some(encode(&state.value, &self.ty)?),
        };
        let answer = wire::answer(self.rpc.clone().generate_resource_config(request).await)?;
        wire::ok(answer.diagnostics)?;
        let config = decode(answer.config, &self.ty)?;
        let (config, _) = host_checks::generated_config(&self.schema, &state.value, &config).into_result(config)?;
        Ok(config)
    }
}
