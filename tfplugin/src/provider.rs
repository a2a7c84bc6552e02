//! The provider itself: its settings, and what it offers.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use tfmodel::{Diagnostic, Diagnostics, Model};

use crate::action::Action;
use crate::bug;
use crate::call::Cx;
use crate::data_source::DataSource;
use crate::ephemeral_resource::EphemeralResource;
use crate::function::Function;
use crate::list_resource::ListResource;
use crate::resource::Resource;
use crate::server::{
    AnyAction, AnyDataSource, AnyEphemeralResource, AnyFunction, AnyListResource, AnyResource, Prepared, erase,
};

/// A provider: what a host installs, configures and asks for resources, data sources, ephemeral resources and functions.
pub trait Provider: Send + Sync + 'static {
    /// The source address: `registry.terraform.io/pod-identity/pod`. Its last part is the prefix of all types.
    const ADDRESS: &'static str;

    /// Its version: usually `env!("CARGO_PKG_VERSION")`.
    const VERSION: &'static str;

    /// The arguments of the `provider` block; `()` for none.
    type Config: Model;

    /// What configuration makes and all resources and data sources get: clients, settings, caches.
    type Data: Send + Sync + 'static;

    /// What it offers. Called once.
    fn registry(&self) -> Registry<Self::Data>;

    /// Checks of the configuration that go across attributes. Attributes by themselves have been checked. Values may be unknown.
    fn validate(&self, config: &Self::Config) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Makes the data that resources work with. A long-lived process is configured again by every host: the last configuration that succeeded
    /// holds for all calls that begin after it, whichever host they come from, and those in flight keep theirs.
    ///
    /// When a plan is made, settings may be unknown that are known when it is applied. The data then has to say what is missing, so that
    /// resources can plan without it.
    fn configure(
        &self,
        cx: &Cx<()>,
        request: Configure<Self::Config>,
    ) -> impl Future<Output = Result<Self::Data, Diagnostics>> + Send;
}

/// How to configure the provider.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Configure<C> {
    /// The arguments of the `provider` block.
    pub config: C,
    /// Whether an argument, or part of one, is known only after apply.
    pub has_unknown: bool,
    /// The version of the host: `1.12.0`. OpenTofu gives its own.
    pub host_version: String,
}

/// What a provider offers of one kind, by name.
pub(crate) type Offered<T> = BTreeMap<&'static str, Arc<T>>;

/// What a provider offers.
pub struct Registry<D> {
    pub(crate) resources: Offered<dyn AnyResource<D>>,
    pub(crate) data_sources: Offered<dyn AnyDataSource<D>>,
    pub(crate) ephemeral_resources: Offered<dyn AnyEphemeralResource<D>>,
    pub(crate) functions: Offered<dyn AnyFunction>,
    pub(crate) list_resources: Offered<dyn AnyListResource<D>>,
    pub(crate) actions: Offered<dyn AnyAction<D>>,
    pub(crate) meta: Option<RegisteredMeta>,
    problems: Diagnostics,
}

/// What modules can say in a `provider_meta` block.
pub(crate) struct RegisteredMeta {
    pub(crate) model: TypeId,
    pub(crate) prepared: Prepared,
}

impl<D: Send + Sync + 'static> Registry<D> {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self {
            resources: BTreeMap::new(),
            data_sources: BTreeMap::new(),
            ephemeral_resources: BTreeMap::new(),
            functions: BTreeMap::new(),
            list_resources: BTreeMap::new(),
            actions: BTreeMap::new(),
            meta: None,
            problems: Diagnostics::new(),
        }
    }

    /// Lets modules say something about themselves to the provider, in a `provider_meta` block. [`Cx::meta`] has it.
    #[must_use]
    pub fn meta<M: Model>(mut self) -> Self {
        self.meta = Some(RegisteredMeta {
            model: TypeId::of::<M>(),
            prepared: Prepared::of::<M>(),
        });
        self
    }

    /// Adds a managed resource.
    #[must_use]
    pub fn resource<R: Resource<Data = D>>(mut self, resource: R) -> Self {
        let before = self.resources.insert(R::TYPE, erase::resource(resource));
        self.refuse_second("resource", R::TYPE, before.is_some())
    }

    /// Adds a data source.
    #[must_use]
    pub fn data_source<S: DataSource<Data = D>>(mut self, source: S) -> Self {
        let before = self.data_sources.insert(S::TYPE, erase::data_source(source));
        self.refuse_second("data source", S::TYPE, before.is_some())
    }

    /// Adds an ephemeral resource.
    #[must_use]
    pub fn ephemeral_resource<E: EphemeralResource<Data = D>>(mut self, ephemeral: E) -> Self {
        let before = self
            .ephemeral_resources
            .insert(E::TYPE, erase::ephemeral_resource(ephemeral));
        self.refuse_second("ephemeral resource", E::TYPE, before.is_some())
    }

    /// Adds a function.
    #[must_use]
    pub fn function<F: Function>(mut self, function: F) -> Self {
        let before = self.functions.insert(F::NAME, erase::function(function));
        self.refuse_second("function", F::NAME, before.is_some())
    }

    /// Adds a list resource. The managed resource whose objects it lists is added by itself, with [`Registry::resource`].
    #[must_use]
    pub fn list_resource<L>(mut self, list: L) -> Self
    where
        L: ListResource<Resource: Resource<Data = D>>,
    {
        let name = <L::Resource as Resource>::TYPE;
        let before = self.list_resources.insert(name, erase::list_resource(list));
        self.refuse_second("list resource", name, before.is_some())
    }

    /// Adds an action.
    #[must_use]
    pub fn action<A: Action<Data = D>>(mut self, action: A) -> Self {
        let before = self.actions.insert(A::TYPE, erase::action(action));
        self.refuse_second("action", A::TYPE, before.is_some())
    }

    /// What is wrong with it as a whole.
    pub(crate) fn problems(&self) -> Diagnostics {
        let mut problems = self.problems.clone();
        for name in self.list_resources.keys() {
            match self.resources.get(name) {
                None => problems.extend(bug::list_of(name, "there is no resource of that name")),
                Some(resource) if resource.identity().is_none() => {
                    problems.extend(bug::list_of(name, "the resource has no identity"));
                }
                Some(_) => {}
            }
        }
        problems
    }

    fn refuse_second(mut self, kind: &str, name: &str, exists: bool) -> Self {
        if exists {
            self.problems.push(Diagnostic::error(
                format!("Two {kind}s of the same name"),
                format!("The {kind} `{name}` is registered twice. This is a bug in the provider: please report it."),
            ));
        }
        self
    }
}

impl<D: Send + Sync + 'static> Default for Registry<D> {
    fn default() -> Self {
        Self::new()
    }
}

impl<D> fmt::Debug for Registry<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry")
            .field("resources", &self.resources.keys())
            .field("data_sources", &self.data_sources.keys())
            .field("ephemeral_resources", &self.ephemeral_resources.keys())
            .field("functions", &self.functions.keys())
            .field("list_resources", &self.list_resources.keys())
            .field("actions", &self.actions.keys())
            .finish_non_exhaustive()
    }
}
