//! The authors' traits without their types. Each call of the host boxes one future here.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use tfmodel::model::Field;
use tfmodel::plan::Draft;
use tfmodel::{Diagnostics, Model, Path, Schema, Type, Value};
use tokio_util::sync::CancellationToken;

use super::author;
use crate::call::{Call, Cx};
use crate::data_source::DataSource;
use crate::function::{Accepted, Arguments, Function, FunctionError, Signature};
use crate::private::Private;
use crate::resource::{Create, Delete, ImportKey, Read, Resource, Update};
use crate::upgrade::Upgrades;

pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Diagnostics>> + Send + 'a>>;

/// A schema and the type that follows from it, made when first asked for.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) schema: Schema,
    pub(crate) ty: Type,
}

impl Prepared {
    pub(crate) fn of<M: Model>() -> Self {
        let schema = M::schema();
        Self {
            ty: schema.ty(),
            schema,
        }
    }

    /// `()` stands for nothing where a model is optional.
    fn is_empty(&self) -> bool {
        self.schema.block.attributes.is_empty() && self.schema.block.blocks.is_empty()
    }
}

/// What one call hands to the author's code.
#[derive(Debug)]
pub(crate) struct Context<D> {
    pub(crate) call: Arc<Call>,
    data: Option<Arc<D>>,
}

impl<D> Context<D> {
    pub(crate) fn new(stop: CancellationToken, private: Private, data: Option<Arc<D>>) -> Self {
        Self {
            call: Call::new(stop, private),
            data,
        }
    }

    pub(crate) fn cx<M>(&self) -> Cx<D, M> {
        Cx::new(&self.call, self.data.clone())
    }
}

/// A [`Resource`] of any type. All values are of its schema.
pub(crate) trait AnyResource<D>: Send + Sync {
    fn prepared(&self) -> &Prepared;
    /// `None` if it has no identity.
    fn identity(&self) -> Option<&Prepared>;
    fn validate(&self, config: &Value) -> Result<Diagnostics, Diagnostics>;
    fn plan<'a>(&'a self, context: &'a Context<D>, draft: Draft) -> BoxFuture<'a, Draft>;
    fn plan_delete<'a>(&'a self, context: &'a Context<D>, prior: &'a Value) -> BoxFuture<'a, ()>;
    fn create<'a>(&'a self, context: &'a Context<D>, planned: &'a Value, config: &'a Value) -> BoxFuture<'a, Value>;
    fn read<'a>(&'a self, context: &'a Context<D>, state: &'a Value, imported: bool) -> BoxFuture<'a, Option<Value>>;
    fn update<'a>(
        &'a self,
        context: &'a Context<D>,
        prior: &'a Value,
        planned: &'a Value,
        config: &'a Value,
    ) -> BoxFuture<'a, Value>;
    fn delete<'a>(&'a self, context: &'a Context<D>, prior: &'a Value) -> BoxFuture<'a, ()>;
    fn import<'a>(&'a self, context: &'a Context<D>, key: ImportKey<Value>) -> BoxFuture<'a, Value>;
    fn identity_of(&self, context: &Context<D>, state: &Value) -> Result<Option<Value>, Diagnostics>;
    fn upgrades(&self) -> &Upgrades;
    fn identity_upgrades(&self) -> &Upgrades;
}

/// A [`DataSource`] of any type.
pub(crate) trait AnyDataSource<D>: Send + Sync {
    fn prepared(&self) -> &Prepared;
    fn validate(&self, config: &Value) -> Result<Diagnostics, Diagnostics>;
    fn read<'a>(&'a self, context: &'a Context<D>, config: &'a Value) -> BoxFuture<'a, Value>;
}

/// A [`Function`] of any type.
pub(crate) trait AnyFunction: Send + Sync {
    fn definition(&self) -> Result<&Definition, Diagnostics>;
    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError>;
}

/// What hosts learn about a function.
#[derive(Debug)]
pub(crate) struct Definition {
    pub(crate) signature: Signature,
    pub(crate) accepted: Vec<Accepted>,
    pub(crate) output: Type,
}

impl Definition {
    /// The type of the argument at `index`.
    pub(crate) fn ty(&self, index: usize) -> Option<&Type> {
        let variadic = || self.accepted.last().filter(|last| last.variadic);
        self.accepted.get(index).or_else(variadic).map(|accepted| &accepted.ty)
    }
}

pub(crate) fn resource<R: Resource>(inner: R) -> Arc<dyn AnyResource<R::Data>> {
    Arc::new(Erased {
        inner,
        prepared: OnceLock::new(),
        identity: OnceLock::new(),
        upgrades: OnceLock::new(),
        identity_upgrades: OnceLock::new(),
    })
}

pub(crate) fn data_source<S: DataSource>(inner: S) -> Arc<dyn AnyDataSource<S::Data>> {
    Arc::new(ErasedDataSource {
        inner,
        prepared: OnceLock::new(),
    })
}

pub(crate) fn function<F: Function>(inner: F) -> Arc<dyn AnyFunction> {
    Arc::new(ErasedFunction {
        inner,
        definition: OnceLock::new(),
    })
}

pub(crate) fn typed<M: Model>(value: &Value) -> Result<M, Diagnostics> {
    M::from_value(value, &Path::root())
}

/// Runs an author's checks on a configuration. A model that cannot hold what is unknown yet is checked when it is known.
pub(crate) fn validate<M: Model>(
    config: &Value,
    checks: impl FnOnce(&M) -> Diagnostics,
) -> Result<Diagnostics, Diagnostics> {
    match typed::<M>(config) {
        Ok(config) => author::run_now("validate", || checks(&config)),
        Err(problems) if config.is_wholly_known() => Err(problems),
        Err(_) => Ok(Diagnostics::new()),
    }
}

struct Erased<R> {
    inner: R,
    prepared: OnceLock<Prepared>,
    identity: OnceLock<Prepared>,
    upgrades: OnceLock<Upgrades>,
    identity_upgrades: OnceLock<Upgrades>,
}

impl<R: Resource> AnyResource<R::Data> for Erased<R> {
    fn prepared(&self) -> &Prepared {
        self.prepared.get_or_init(Prepared::of::<R::Model>)
    }

    fn identity(&self) -> Option<&Prepared> {
        Some(self.identity.get_or_init(Prepared::of::<R::Identity>)).filter(|identity| !identity.is_empty())
    }

    fn validate(&self, config: &Value) -> Result<Diagnostics, Diagnostics> {
        validate::<R::Model>(config, |config| self.inner.validate(config))
    }

    fn plan<'a>(&'a self, context: &'a Context<R::Data>, draft: Draft) -> BoxFuture<'a, Draft> {
        Box::pin(author::run("plan", async move {
            let typed = draft.typed::<R::Model>()?;
            Ok(draft.with(self.inner.plan(&context.cx(), typed).await?))
        }))
    }

    fn plan_delete<'a>(&'a self, context: &'a Context<R::Data>, prior: &'a Value) -> BoxFuture<'a, ()> {
        Box::pin(author::run("plan_delete", async move {
            self.inner.plan_delete(&context.cx(), &typed(prior)?).await
        }))
    }

    fn create<'a>(
        &'a self,
        context: &'a Context<R::Data>,
        planned: &'a Value,
        config: &'a Value,
    ) -> BoxFuture<'a, Value> {
        Box::pin(author::run("create", async move {
            let request = Create {
                planned: typed(planned)?,
                config: typed(config)?,
            };
            Ok(Model::to_value(&self.inner.create(&context.cx(), request).await?))
        }))
    }

    fn read<'a>(
        &'a self,
        context: &'a Context<R::Data>,
        state: &'a Value,
        imported: bool,
    ) -> BoxFuture<'a, Option<Value>> {
        Box::pin(author::run("read", async move {
            let request = Read {
                state: typed(state)?,
                imported,
            };
            let found: Option<R::Model> = self.inner.read(&context.cx(), request).await?;
            Ok(found.as_ref().map(Model::to_value))
        }))
    }

    fn update<'a>(
        &'a self,
        context: &'a Context<R::Data>,
        prior: &'a Value,
        planned: &'a Value,
        config: &'a Value,
    ) -> BoxFuture<'a, Value> {
        Box::pin(author::run("update", async move {
            let request = Update {
                prior: typed(prior)?,
                planned: typed(planned)?,
                config: typed(config)?,
            };
            Ok(Model::to_value(&self.inner.update(&context.cx(), request).await?))
        }))
    }

    fn delete<'a>(&'a self, context: &'a Context<R::Data>, prior: &'a Value) -> BoxFuture<'a, ()> {
        Box::pin(author::run("delete", async move {
            let request = Delete { prior: typed(prior)? };
            self.inner.delete(&context.cx(), request).await
        }))
    }

    fn import<'a>(&'a self, context: &'a Context<R::Data>, key: ImportKey<Value>) -> BoxFuture<'a, Value> {
        Box::pin(author::run("import", async move {
            let key = match key {
                ImportKey::Id(id) => ImportKey::Id(id),
                ImportKey::Identity(identity) => ImportKey::Identity(typed(&identity)?),
            };
            Ok(Model::to_value(&self.inner.import(&context.cx(), key).await?))
        }))
    }

    fn identity_of(&self, context: &Context<R::Data>, state: &Value) -> Result<Option<Value>, Diagnostics> {
        if self.identity().is_none() {
            return Ok(None);
        }
        let state: R::Model = typed(state)?;
        let identity = author::run_now("identity", || self.inner.identity(&context.cx(), &state))?;
        Ok(identity.as_ref().map(Model::to_value))
    }

    fn upgrades(&self) -> &Upgrades {
        self.upgrades.get_or_init(|| self.inner.upgrades())
    }

    fn identity_upgrades(&self) -> &Upgrades {
        self.identity_upgrades.get_or_init(|| self.inner.identity_upgrades())
    }
}

struct ErasedDataSource<S> {
    inner: S,
    prepared: OnceLock<Prepared>,
}

impl<S: DataSource> AnyDataSource<S::Data> for ErasedDataSource<S> {
    fn prepared(&self) -> &Prepared {
        self.prepared.get_or_init(Prepared::of::<S::Model>)
    }

    fn validate(&self, config: &Value) -> Result<Diagnostics, Diagnostics> {
        validate::<S::Model>(config, |config| self.inner.validate(config))
    }

    fn read<'a>(&'a self, context: &'a Context<S::Data>, config: &'a Value) -> BoxFuture<'a, Value> {
        Box::pin(author::run("read", async move {
            Ok(Model::to_value(&self.inner.read(&context.cx(), typed(config)?).await?))
        }))
    }
}

struct ErasedFunction<F> {
    inner: F,
    definition: OnceLock<Definition>,
}

impl<F: Function> AnyFunction for ErasedFunction<F> {
    fn definition(&self) -> Result<&Definition, Diagnostics> {
        let make = || Definition {
            signature: self.inner.signature(),
            accepted: F::Arguments::accepted(),
            output: F::Output::shape().ty(),
        };
        author::run_now("signature", || self.definition.get_or_init(make))
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let arguments = F::Arguments::take(arguments)?;
        Ok(self.inner.call(arguments)?.to_value())
    }
}
