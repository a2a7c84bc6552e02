//! What each RPC means, in the framework's own types. Nothing here knows the wire's messages.

mod action;
mod author;
mod data_source;
mod encoded;
mod ephemeral_resource;
pub(crate) mod erase;
mod function;
mod list_resource;
mod resource;
mod settle;

use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use tfmodel::{Diagnostics, Value, validate};
use tokio_util::sync::CancellationToken;

pub(crate) use self::action::Happened;
pub(crate) use self::encoded::{Encoded, Sent};
pub(crate) use self::erase::{
    AnyAction, AnyDataSource, AnyEphemeralResource, AnyFunction, AnyListResource, AnyResource, Definition, Prepared,
};
use self::erase::{Configured, Context};
pub(crate) use self::list_resource::{Feed, Item, List, Listed};
pub(crate) use self::resource::{Apply, Import, Move, Plan, Read, Upgrade};
use crate::bug;
use crate::call::{Client, Given, Meta};
use crate::deferral::Outcome;
use crate::private::Private;
use crate::provider::{Configure, Offered, Provider, Registry};

/// One provider in one process, for as many hosts as come.
pub(crate) struct Server<P: Provider> {
    provider: P,
    registry: OnceLock<Registry<P::Data>>,
    config: OnceLock<Prepared>,
    configured: RwLock<Configured<P::Data>>,
    /// The end of the process.
    stopping: CancellationToken,
    /// Stops the calls that began since the last request to stop.
    generation: Mutex<CancellationToken>,
}

impl<P: Provider> Server<P> {
    pub(crate) fn new(provider: P, stopping: CancellationToken) -> Self {
        Self {
            provider,
            registry: OnceLock::new(),
            config: OnceLock::new(),
            configured: RwLock::default(),
            generation: Mutex::new(stopping.child_token()),
            stopping,
        }
    }

    pub(crate) fn registry(&self) -> Result<&Registry<P::Data>, Diagnostics> {
        author::run_now("registry", || self.registry.get_or_init(|| self.provider.registry()))
    }

    pub(crate) fn config(&self) -> &Prepared {
        self.config.get_or_init(Prepared::of::<P::Config>)
    }

    /// Cancels the calls in flight. Those that come later are not affected: the host may go on.
    pub(crate) fn stop(&self) {
        let mut generation = self.generation.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *generation, self.stopping.child_token()).cancel();
    }

    fn token(&self) -> CancellationToken {
        self.generation.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn context(&self, given: impl Into<Given>) -> Context<P::Data> {
        let configured = self.configured.read().unwrap_or_else(PoisonError::into_inner).clone();
        Context::new(self.token(), given.into(), configured)
    }

    /// Reads what came along with a call. Hosts send a module's metadata to providers that have a schema for it.
    fn given(&self, private: Private, sent: &Sent) -> Result<Given, Diagnostics> {
        let meta = match &self.registry()?.meta {
            Some(registered) => Some(Meta {
                model: registered.model,
                value: match &sent.meta {
                    Some(value) => value.decode("provider metadata", &registered.prepared.ty)?,
                    None => Value::Null,
                },
            }),
            None => None,
        };
        Ok(Given {
            private,
            client: sent.client,
            meta,
        })
    }

    fn resource_type(&self, name: &str) -> Result<&dyn AnyResource<P::Data>, Diagnostics> {
        find("resource", name, &self.registry()?.resources)
    }

    fn data_source_type(&self, name: &str) -> Result<&dyn AnyDataSource<P::Data>, Diagnostics> {
        find("data source", name, &self.registry()?.data_sources)
    }

    fn list_resource_type(&self, name: &str) -> Result<&dyn AnyListResource<P::Data>, Diagnostics> {
        find("list resource", name, &self.registry()?.list_resources)
    }

    fn action_type(&self, name: &str) -> Result<&dyn AnyAction<P::Data>, Diagnostics> {
        find("action", name, &self.registry()?.actions)
    }

    fn ephemeral_resource_type(&self, name: &str) -> Result<&dyn AnyEphemeralResource<P::Data>, Diagnostics> {
        find("ephemeral resource", name, &self.registry()?.ephemeral_resources)
    }

    pub(crate) fn validate_provider(&self, config: &Encoded) -> Diagnostics {
        let prepared = self.config();
        checked(config, prepared, |config| {
            erase::validate::<P::Config>(config, |config| self.provider.validate(config))
        })
    }

    pub(crate) async fn configure(&self, config: &Encoded, host_version: String, client: Client) -> Diagnostics {
        let context: Context<()> = Context::new(self.token(), client.into(), Configured::default());
        let made = context.run("configure", async {
            let config = config.decode("provider configuration", &self.config().ty)?;
            let request = Configure {
                has_unknown: !config.is_wholly_known(),
                config: erase::typed(&config)?,
                host_version,
            };
            self.provider.configure(&context.cx(), request).await
        });
        let made = context.call.unless_deferred(made).await;
        let configured = match made {
            Ok(Outcome::Done(data)) => Configured {
                data: Some(Arc::new(data)),
                deferral: None,
            },
            Ok(Outcome::Deferred(reason, data)) => Configured {
                data: data.map(Arc::new),
                deferral: Some(reason),
            },
            Err(problems) => {
                let mut diagnostics = context.call.take_reported();
                diagnostics.extend(problems);
                return diagnostics;
            }
        };
        *self.configured.write().unwrap_or_else(PoisonError::into_inner) = configured;
        context.call.take_reported()
    }
}

/// What a provider offers under a name.
fn find<'r, T: ?Sized>(kind: &str, name: &str, offered: &'r Offered<T>) -> Result<&'r T, Diagnostics> {
    let found = offered.get(name).map(|found| &**found);
    found.ok_or_else(|| bug::unknown_type(kind, name, offered.keys()))
}

/// Checks a configuration against its schema, and then by the author's rules.
fn checked(
    config: &Encoded,
    prepared: &Prepared,
    author: impl FnOnce(&Value) -> Result<Diagnostics, Diagnostics>,
) -> Diagnostics {
    match config.decode("configuration", &prepared.ty) {
        Ok(config) => checked_value(&config, prepared, author),
        Err(problems) => problems,
    }
}

fn checked_value(
    config: &Value,
    prepared: &Prepared,
    author: impl FnOnce(&Value) -> Result<Diagnostics, Diagnostics>,
) -> Diagnostics {
    let mut diagnostics = validate::config(&prepared.schema, config);
    // Rules across attributes may rely on each attribute being right.
    if !diagnostics.has_errors() {
        diagnostics.extend(author(config).unwrap_or_else(|problems| problems));
    }
    diagnostics
}
