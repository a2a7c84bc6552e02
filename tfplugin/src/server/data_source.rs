//! Data sources.

use tfmodel::{Diagnostics, host_checks};

use super::{Encoded, Server, checked, encoded};
use crate::bug;
use crate::private::Private;
use crate::provider::Provider;

impl<P: Provider> Server<P> {
    pub(crate) fn validate_data_source(&self, type_name: &str, config: &Encoded) -> Diagnostics {
        match self.data_source_type(type_name) {
            Ok(source) => checked(config, source.prepared(), |config| source.validate(config)),
            Err(problems) => problems,
        }
    }

    /// The state, absent after an error.
    pub(crate) async fn read_data_source(&self, type_name: &str, config: &Encoded) -> (Option<Vec<u8>>, Diagnostics) {
        let context = self.context(Private::default());
        let read = async {
            let source = self.data_source_type(type_name)?;
            let prepared = source.prepared();
            let config = config.decode("configuration", &prepared.ty)?;
            if config.is_null() {
                return Err(bug::missing("configuration"));
            }
            let found = source.read(&context, &config).await?;
            let (found, _) = host_checks::data_source_read(&prepared.schema, &found).into_result(found)?;
            encoded::encode("result", &found, &prepared.ty)
        }
        .await;
        let mut diagnostics = context.call.take_reported();
        match read {
            Ok(state) => (Some(state), diagnostics),
            Err(problems) => {
                diagnostics.extend(problems);
                (None, diagnostics)
            }
        }
    }
}
