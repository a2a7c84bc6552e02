//! `moved` blocks between resource types.

use tfmodel::{Diagnostics, host_checks};
use tfplugin_proto::tfplugin6 as proto;

use super::stored::raw;
use super::{ResourceType, State, decode, wire};

/// An object of another resource type, as a state holds it.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The provider's whole address.
    pub provider: String,
    /// Its type.
    pub type_name: String,
    /// The version of the schema that its state follows.
    pub version: i64,
    /// Its state, in JSON.
    pub json: String,
    /// What identifies it, in JSON.
    pub identity: Option<String>,
    /// What the provider stored beside the state.
    pub private: Vec<u8>,
}

impl ResourceType {
    /// Makes an object of this type out of one of another, as a `moved` block does, with warnings. What is left is what the host stores
    /// before it reads the object.
    ///
    /// # Errors
    ///
    /// When the provider says so, or the host would refuse the answer.
    pub async fn take_over(&self, source: &Source) -> Result<(State, Diagnostics), Diagnostics> {
        if !self.capabilities.move_resource_state {
            return Err(wire::error("the provider does not support moves across resource types"));
        }
        let request = proto::move_resource_state::Request {
            source_provider_address: source.provider.clone(),
            source_type_name: source.type_name.clone(),
            source_schema_version: source.version,
            source_state: Some(raw(&source.json)),
            target_type_name: self.type_name.clone(),
            source_private: source.private.clone(),
            source_identity: source.identity.as_deref().map(raw),
            // Hosts do not send it.
            source_identity_schema_version: 0,
        };
        let answer = wire::answer(self.rpc.clone().move_resource_state(request).await)?;
        let warnings = wire::ok(answer.diagnostics)?;
        let value = decode(answer.target_state, &self.ty)?;
        let (value, _) = host_checks::moved(&self.schema, &value).into_result(value)?;
        let identity = self.receive_identity(answer.target_identity)?;
        if let (Some(schema), Some(identity)) = (&self.identity, &identity) {
            let ((), _) = host_checks::identity(schema, identity).into_result(())?;
        }
        let state = State {
            value,
            private: answer.target_private,
            identity,
        };
        Ok((state, warnings))
    }
}
