//! Data sources.

use std::sync::{Arc, OnceLock};

use tfmodel::{Diagnostics, Model, Value};

use super::{BoxFuture, Context, Prepared, typed, validate};
use crate::data_source::DataSource;

/// A [`DataSource`] of any type.
pub(crate) trait AnyDataSource<D>: Send + Sync {
    fn prepared(&self) -> &Prepared;
    fn validate(&self, config: &Value) -> Result<Diagnostics, Diagnostics>;
    fn read<'a>(&'a self, context: &'a Context<D>, config: &'a Value) -> BoxFuture<'a, Value>;
}

pub(crate) fn data_source<S: DataSource>(inner: S) -> Arc<dyn AnyDataSource<S::Data>> {
    Arc::new(Erased {
        inner,
        prepared: OnceLock::new(),
    })
}

struct Erased<S> {
    inner: S,
    prepared: OnceLock<Prepared>,
}

impl<S: DataSource> AnyDataSource<S::Data> for Erased<S> {
    fn prepared(&self) -> &Prepared {
        self.prepared.get_or_init(Prepared::of::<S::Model>)
    }

    fn validate(&self, config: &Value) -> Result<Diagnostics, Diagnostics> {
        validate::<S::Model>(config, |config| self.inner.validate(config))
    }

    fn read<'a>(&'a self, context: &'a Context<S::Data>, config: &'a Value) -> BoxFuture<'a, Value> {
        Box::pin(context.run("read", async move {
            Ok(Model::to_value(&self.inner.read(&context.cx(), typed(config)?).await?))
        }))
    }
}
