//! Writing a configuration for an object that exists.

use tfmodel::{Diagnostics, host_checks, plan};

use super::super::encoded::encode;
use super::super::{Encoded, Server};
use crate::bug;
use crate::provider::Provider;

impl<P: Provider> Server<P> {
    pub(crate) fn generate_config(&self, type_name: &str, state: &Encoded) -> Result<Vec<u8>, Diagnostics> {
        let resource = self.resource_type(type_name)?;
        let prepared = resource.prepared();
        let state = state.decode("state", &prepared.ty)?;
        if state.is_null() {
            return Err(bug::missing("state"));
        }
        let config = plan::generate_config(&prepared.schema, &state);
        let config = resource.generate_config(&config, &state)?;
        let (config, _) = host_checks::generated_config(&prepared.schema, &state, &config).into_result(config)?;
        encode("generated configuration", &config, &prepared.ty)
    }
}
