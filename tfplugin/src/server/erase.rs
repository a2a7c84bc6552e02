//! The authors' traits without their types. Each call of the host boxes one future here.

mod action;
mod data_source;
mod ephemeral_resource;
mod function;
mod list_resource;
mod resource;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use tfmodel::{Diagnostics, Model, Path, Schema, Type, Value};
use tokio_util::sync::CancellationToken;

pub(crate) use self::action::{AnyAction, action};
pub(crate) use self::data_source::{AnyDataSource, data_source};
pub(crate) use self::ephemeral_resource::{AnyEphemeralResource, ephemeral_resource};
pub(crate) use self::function::{AnyFunction, Definition, function};
pub(crate) use self::list_resource::{AnyListResource, list_resource};
pub(crate) use self::resource::{AnyResource, resource};
use super::author;
use crate::call::{Call, Cx, Given};
use crate::deferral::Deferral;

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

/// What the last configuration of the provider made.
#[derive(Debug)]
pub(crate) struct Configured<D> {
    /// `None` before it, or if everything waits for another one.
    pub(crate) data: Option<Arc<D>>,
    pub(crate) deferral: Option<Deferral>,
}

impl<D> Default for Configured<D> {
    fn default() -> Self {
        Self {
            data: None,
            deferral: None,
        }
    }
}

impl<D> Clone for Configured<D> {
    fn clone(&self) -> Self {
        Self {
            data: self.data.clone(),
            deferral: self.deferral,
        }
    }
}

/// What one call hands to the author's code.
#[derive(Debug)]
pub(crate) struct Context<D> {
    pub(crate) call: Arc<Call>,
    data: Option<Arc<D>>,
}

impl<D> Context<D> {
    pub(crate) fn new(stop: CancellationToken, given: Given, configured: Configured<D>) -> Self {
        Self {
            call: Call::new(stop, given, configured.deferral),
            data: configured.data,
        }
    }

    /// Runs an asynchronous method of the author, which says why if it fails.
    pub(crate) async fn run<T>(
        &self,
        method: &'static str,
        work: impl Future<Output = Result<T, Diagnostics>>,
    ) -> Result<T, Diagnostics> {
        let ended = author::run(method, work).await;
        ended.map_err(|problems| self.call.explained(method, problems))
    }

    /// All that the call has to say once it has ended: what was reported on the way comes first.
    pub(crate) fn concluded(&self, outcome: Result<(), Diagnostics>) -> Diagnostics {
        let mut diagnostics = self.call.take_reported();
        if let Err(problems) = outcome {
            diagnostics.extend(problems);
        }
        diagnostics
    }

    pub(crate) fn cx<M>(&self) -> Cx<D, M> {
        Cx::new(&self.call, self.data.clone())
    }
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
