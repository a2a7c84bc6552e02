//! What each RPC means, in the framework's own types. Nothing here knows the wire's messages.

mod author;
mod data_source;
mod encoded;
pub(crate) mod erase;
mod function;
mod list_resource;
mod resource;
mod settle;

use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use tfmodel::{Diagnostics, validate};
use tokio_util::sync::CancellationToken;

pub(crate) use self::encoded::Encoded;
use self::erase::Context;
pub(crate) use self::erase::{AnyDataSource, AnyFunction, AnyListResource, AnyResource, Definition, Prepared};
pub(crate) use self::list_resource::{Feed, Item, List, Listed};
pub(crate) use self::resource::{Apply, HostTakes, Import, Move, Plan, Read, Upgrade};
use crate::bug;
use crate::private::Private;
use crate::provider::{Configure, Provider, Registry};

/// One provider in one process, for as many hosts as come.
pub(crate) struct Server<P: Provider> {
    provider: P,
    registry: OnceLock<Registry<P::Data>>,
    config: OnceLock<Prepared>,
    data: RwLock<Option<Arc<P::Data>>>,
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
            data: RwLock::new(None),
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

    fn data(&self) -> Option<Arc<P::Data>> {
        self.data.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn context(&self, private: Private) -> Context<P::Data> {
        Context::new(self.token(), private, self.data())
    }

    fn resource_type(&self, name: &str) -> Result<&dyn AnyResource<P::Data>, Diagnostics> {
        let resources = &self.registry()?.resources;
        let found = resources.get(name).map(|found| &**found);
        found.ok_or_else(|| bug::unknown_type("resource", name, resources.keys()))
    }

    fn data_source_type(&self, name: &str) -> Result<&dyn AnyDataSource<P::Data>, Diagnostics> {
        let data_sources = &self.registry()?.data_sources;
        let found = data_sources.get(name).map(|found| &**found);
        found.ok_or_else(|| bug::unknown_type("data source", name, data_sources.keys()))
    }

    fn list_resource_type(&self, name: &str) -> Result<&dyn AnyListResource<P::Data>, Diagnostics> {
        let list_resources = &self.registry()?.list_resources;
        let found = list_resources.get(name).map(|found| &**found);
        found.ok_or_else(|| bug::unknown_type("list resource", name, list_resources.keys()))
    }

    pub(crate) fn validate_provider(&self, config: &Encoded) -> Diagnostics {
        let prepared = self.config();
        checked(config, prepared, |config| {
            erase::validate::<P::Config>(config, |config| self.provider.validate(config))
        })
    }

    pub(crate) async fn configure(&self, config: &Encoded, host_version: String) -> Diagnostics {
        let context: Context<()> = Context::new(self.token(), Private::default(), None);
        let made = author::run("configure", async {
            let config = config.decode("provider configuration", &self.config().ty)?;
            let request = Configure {
                has_unknown: !config.is_wholly_known(),
                config: erase::typed(&config)?,
                host_version,
            };
            self.provider.configure(&context.cx(), request).await
        })
        .await;
        let mut diagnostics = context.call.take_reported();
        match made {
            Ok(data) => {
                let mut slot = self.data.write().unwrap_or_else(PoisonError::into_inner);
                *slot = Some(Arc::new(data));
            }
            Err(problems) => diagnostics.extend(problems),
        }
        diagnostics
    }
}

/// Checks a configuration against its schema, and then by the author's rules.
fn checked(
    config: &Encoded,
    prepared: &Prepared,
    author: impl FnOnce(&tfmodel::Value) -> Result<Diagnostics, Diagnostics>,
) -> Diagnostics {
    let config = match config.decode("configuration", &prepared.ty) {
        Ok(config) => config,
        Err(problems) => return problems,
    };
    let mut diagnostics = validate::config(&prepared.schema, &config);
    // Rules across attributes may rely on each attribute being right.
    if !diagnostics.has_errors() {
        diagnostics.extend(author(&config).unwrap_or_else(|problems| problems));
    }
    diagnostics
}
