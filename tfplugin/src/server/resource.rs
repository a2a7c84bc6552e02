//! Managed resources: one module for each thing that a host asks of them.

mod apply;
mod generate;
mod identity;
mod import;
mod moved;
mod plan;
mod read;
mod upgrade;

use tfmodel::{Diagnostics, Path, Value, validate};

pub(crate) use self::apply::Apply;
pub(crate) use self::import::Import;
pub(crate) use self::moved::Move;
pub(crate) use self::plan::Plan;
pub(crate) use self::read::Read;
pub(crate) use self::upgrade::Upgrade;
use super::encoded::encode;
use super::erase::{AnyResource, Context};
use super::{Encoded, Sent, Server, checked};
use crate::call::Client;
use crate::deferral::Deferral;
use crate::private::Private;
use crate::provider::Provider;

/// What a host gets back about one object.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// Absent after an error that left nothing to say about the object: the host then keeps what it has.
    pub(crate) state: Option<Vec<u8>>,
    pub(crate) private: Vec<u8>,
    pub(crate) identity: Option<Vec<u8>>,
    pub(crate) requires_replace: Vec<Path>,
    pub(crate) deferral: Option<Deferral>,
    pub(crate) diagnostics: Diagnostics,
}

impl Answer {
    /// Nothing was done; what the host stored beside the state goes back to it.
    fn refused(problems: Diagnostics, private: Vec<u8>) -> Self {
        Self {
            private,
            diagnostics: problems,
            ..Self::default()
        }
    }

    /// `state` and `identity` as they are now, with everything that the call reported first.
    fn of<D>(
        resource: &dyn AnyResource<D>,
        context: &Context<D>,
        state: &Value,
        identity: Option<&Value>,
        outcome: Diagnostics,
    ) -> Self {
        let mut diagnostics = context.call.take_reported();
        diagnostics.extend(outcome);
        let mut encoded = |what, value: &Value, ty| match encode(what, value, ty) {
            Ok(bytes) => Some(bytes),
            Err(problems) => {
                diagnostics.extend(problems);
                None
            }
        };
        let state = encoded("state", state, &resource.prepared().ty);
        let identity = match (identity, resource.identity()) {
            (Some(identity), Some(prepared)) => encoded("identity", identity, &prepared.ty),
            (Some(_), None) | (None, _) => None,
        };
        Self {
            state,
            identity,
            private: context.call.private().encode(),
            requires_replace: Vec::new(),
            deferral: None,
            diagnostics,
        }
    }
}

/// A resource, and the context of one call of it.
type Begun<'a, D> = (&'a dyn AnyResource<D>, Context<D>);

impl<P: Provider> Server<P> {
    pub(crate) fn validate_resource(&self, type_name: &str, config: &Encoded, host: Client) -> Diagnostics {
        let resource = match self.resource_type(type_name) {
            Ok(resource) => resource,
            Err(problems) => return problems,
        };
        let prepared = resource.prepared();
        checked(config, prepared, |config| {
            let mut diagnostics = if host.takes_write_only {
                validate::write_only_preferred(&prepared.schema, config)
            } else {
                validate::write_only_unsupported(&prepared.schema, config)
            };
            if !host.takes_computed_blocks {
                diagnostics.extend(validate::computed_blocks_unsupported(&prepared.schema, config));
            }
            diagnostics.extend(resource.validate(config)?);
            Ok(diagnostics)
        })
    }

    /// The resource, and the context for one call of it.
    fn begin(&self, type_name: &str, private: &[u8], sent: &Sent) -> Result<Begun<'_, P::Data>, Diagnostics> {
        let resource = self.resource_type(type_name)?;
        Ok((resource, self.context(self.given(Private::decode(private)?, sent)?)))
    }
}
