//! Ephemeral resources.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tfmodel::{Diagnostics, Value, host_checks, plan};

use super::erase::{AnyEphemeralResource, Context};
use super::{Encoded, Server, checked, encoded};
use crate::bug;
use crate::call::Client;
use crate::deferral::{Deferral, Outcome};
use crate::private::Private;
use crate::provider::Provider;

/// How soon a host is asked to renew at the earliest. One that is given a time in the past again and again would do nothing else.
const SOON: Duration = Duration::from_secs(1);

/// The last second of the year 9999, where the times of the protocol end.
const LAST_SECOND: u64 = 253_402_300_799;

/// What a host gets back when it opens or renews one.
#[derive(Default)]
pub(crate) struct Lease {
    /// Only of one that was opened, without an error.
    pub(crate) result: Option<Vec<u8>>,
    pub(crate) renew_at: Option<SystemTime>,
    pub(crate) private: Vec<u8>,
    pub(crate) deferral: Option<Deferral>,
    pub(crate) diagnostics: Diagnostics,
}

impl Lease {
    fn refused(diagnostics: Diagnostics) -> Self {
        Self {
            diagnostics,
            ..Self::default()
        }
    }
}

/// An ephemeral resource, and the context of one call of it.
type Begun<'a, D> = (&'a dyn AnyEphemeralResource<D>, Context<D>);

impl<P: Provider> Server<P> {
    pub(crate) fn validate_ephemeral_resource(&self, type_name: &str, config: &Encoded) -> Diagnostics {
        match self.ephemeral_resource_type(type_name) {
            Ok(ephemeral) => checked(config, ephemeral.prepared(), |config| ephemeral.validate(config)),
            Err(problems) => problems,
        }
    }

    pub(crate) async fn open(&self, type_name: &str, config: &Encoded, client: Client) -> Lease {
        let ephemeral = match self.ephemeral_resource_type(type_name) {
            Ok(ephemeral) => ephemeral,
            Err(problems) => return Lease::refused(problems),
        };
        let prepared = ephemeral.prepared();
        let config = match config.decode("configuration", &prepared.ty) {
            Ok(config) if config.is_null() => return Lease::refused(bug::missing("configuration")),
            Ok(config) => config,
            Err(problems) => return Lease::refused(problems),
        };
        let context = self.context(client);
        let with_defaults = plan::with_defaults(&prepared.schema, &config);
        let opening = ephemeral.open(&context, &with_defaults);
        let made = context.call.unless_deferred(opening).await;
        let is_open = matches!(made, Ok(Outcome::Done(_) | Outcome::Deferred(_, Some(_))));
        let answer = made.and_then(|made| match made {
            Outcome::Done(made) => {
                let problems = host_checks::ephemeral_opened(&prepared.schema, &config, &made.result);
                let (result, _) = problems.into_result(made.result)?;
                Ok(Lease {
                    result: Some(encoded::encode("result", &result, &prepared.ty)?),
                    renew_at: made.renew_at.map(|at| renewable(at, SystemTime::now())),
                    private: context.call.private().encode(),
                    ..Lease::default()
                })
            }
            // Hosts look at nothing in it.
            Outcome::Deferred(reason, _) => Ok(Lease {
                result: Some(encoded::encode("result", &Value::unknown(), &prepared.ty)?),
                deferral: Some(reason),
                ..Lease::default()
            }),
        });
        let mut diagnostics = context.call.take_reported();
        let lease = match answer {
            Ok(lease) if !diagnostics.has_errors() => lease,
            refused => {
                diagnostics.extend(refused.err().into_iter().flatten());
                Lease::default()
            }
        };
        let is_open_for_host = lease.result.is_some() && lease.deferral.is_none();
        let private = context.call.private();
        if !is_open_for_host && (is_open || !private.is_empty()) {
            diagnostics.extend(self.close_unopened(ephemeral, private).await);
        }
        Lease { diagnostics, ..lease }
    }

    /// Closes what the host takes for never opened. A stop that ended the opening does not end this.
    async fn close_unopened(&self, ephemeral: &dyn AnyEphemeralResource<P::Data>, private: Private) -> Diagnostics {
        tracing::debug!("closing what could not be opened");
        closed(ephemeral, &self.context(private)).await
    }

    pub(crate) async fn renew(&self, type_name: &str, private: Vec<u8>) -> Lease {
        let (ephemeral, context) = match self.begin_lease(type_name, &private) {
            Ok(begun) => begun,
            Err(diagnostics) => {
                return Lease {
                    private,
                    ..Lease::refused(diagnostics)
                };
            }
        };
        let renewed = ephemeral.renew(&context).await;
        let mut diagnostics = context.call.take_reported();
        let renew_at = renewed.unwrap_or_else(|problems| {
            diagnostics.extend(problems);
            None
        });
        Lease {
            renew_at: renew_at.map(|at| renewable(at, SystemTime::now())),
            // Also after an error: what is stored now is what remains to be closed.
            private: context.call.private().encode(),
            diagnostics,
            ..Lease::default()
        }
    }

    pub(crate) async fn close(&self, type_name: &str, private: &[u8]) -> Diagnostics {
        match self.begin_lease(type_name, private) {
            Ok((ephemeral, context)) => closed(ephemeral, &context).await,
            Err(problems) => problems,
        }
    }

    fn begin_lease(&self, type_name: &str, private: &[u8]) -> Result<Begun<'_, P::Data>, Diagnostics> {
        let ephemeral = self.ephemeral_resource_type(type_name)?;
        let private = Private::decode(private).map_err(|_| bug::lease_unreadable())?;
        Ok((ephemeral, self.context(private)))
    }
}

async fn closed<D>(ephemeral: &dyn AnyEphemeralResource<D>, context: &Context<D>) -> Diagnostics {
    let closed = ephemeral.close(context).await;
    let mut diagnostics = context.call.take_reported();
    diagnostics.extend(closed.err().into_iter().flatten());
    diagnostics
}

/// A time at which hosts can renew: neither over nor beyond what the protocol can say.
fn renewable(at: SystemTime, now: SystemTime) -> SystemTime {
    let soonest = now.checked_add(SOON).unwrap_or(now);
    let latest = UNIX_EPOCH.checked_add(Duration::from_secs(LAST_SECOND)).unwrap_or(at);
    at.max(soonest).min(latest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renewal_is_in_the_future_and_within_what_the_protocol_can_say() {
        let second = |number| UNIX_EPOCH + Duration::from_secs(number);
        let now = second(1_000_000);
        assert_eq!(renewable(second(1_000_060), now), second(1_000_060));
        for over in [now, second(999_999), UNIX_EPOCH, UNIX_EPOCH - Duration::from_secs(5)] {
            assert_eq!(renewable(over, now), second(1_000_001), "{over:?}");
        }
        assert_eq!(renewable(second(LAST_SECOND * 2), now), second(LAST_SECOND));
    }
}
