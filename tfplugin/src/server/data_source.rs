//! Data sources.

use tfmodel::{Diagnostics, Value, host_checks, plan};

use super::{Encoded, Sent, Server, checked, encoded};
use crate::bug;
use crate::deferral::{Deferral, Outcome};
use crate::private::Private;
use crate::provider::Provider;

/// What a data source read.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Absent after an error.
    pub(crate) state: Option<Vec<u8>>,
    pub(crate) deferral: Option<Deferral>,
    pub(crate) diagnostics: Diagnostics,
}

impl Found {
    fn refused(diagnostics: Diagnostics) -> Self {
        Self {
            diagnostics,
            ..Self::default()
        }
    }
}

impl<P: Provider> Server<P> {
    pub(crate) fn validate_data_source(&self, type_name: &str, config: &Encoded) -> Diagnostics {
        match self.data_source_type(type_name) {
            Ok(source) => checked(config, source.prepared(), |config| source.validate(config)),
            Err(problems) => problems,
        }
    }

    pub(crate) async fn read_data_source(&self, type_name: &str, config: &Encoded, sent: &Sent) -> Found {
        let context = match self.given(Private::default(), sent) {
            Ok(given) => self.context(given),
            Err(problems) => return Found::refused(problems),
        };
        let read = async {
            let source = self.data_source_type(type_name)?;
            let prepared = source.prepared();
            let config = config.decode("configuration", &prepared.ty)?;
            if config.is_null() {
                return Err(bug::missing("configuration"));
            }
            let config = plan::with_defaults(&prepared.schema, &config);
            let reading = source.read(&context, &config);
            let found = match context.call.unless_deferred(reading).await? {
                Outcome::Done(found) => found,
                // Hosts look at nothing in it.
                Outcome::Deferred(..) => return encoded::encode("result", &Value::unknown(), &prepared.ty),
            };
            let (found, _) = host_checks::data_source_read(&prepared.schema, &found).into_result(found)?;
            encoded::encode("result", &found, &prepared.ty)
        }
        .await;
        let mut diagnostics = context.call.take_reported();
        match read {
            Ok(state) => Found {
                state: Some(state),
                deferral: context.call.deferral(),
                diagnostics,
            },
            Err(problems) => {
                diagnostics.extend(problems);
                Found::refused(diagnostics)
            }
        }
    }
}
