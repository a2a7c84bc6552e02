//! Ephemeral resources.

use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use tfmodel::{Diagnostics, Model, Value};

use super::{BoxFuture, Context, Prepared, typed, validate};
use crate::ephemeral_resource::{EphemeralResource, Opened};

/// An [`EphemeralResource`] of any type.
pub(crate) trait AnyEphemeralResource<D>: Send + Sync {
    fn prepared(&self) -> &Prepared;
    fn validate(&self, config: &Value) -> Result<Diagnostics, Diagnostics>;
    fn open<'a>(&'a self, context: &'a Context<D>, config: &'a Value) -> BoxFuture<'a, Opened<Value>>;
    fn renew<'a>(&'a self, context: &'a Context<D>) -> BoxFuture<'a, Option<SystemTime>>;
    fn close<'a>(&'a self, context: &'a Context<D>) -> BoxFuture<'a, ()>;
}

pub(crate) fn ephemeral_resource<E: EphemeralResource>(inner: E) -> Arc<dyn AnyEphemeralResource<E::Data>> {
    Arc::new(Erased {
        inner,
        prepared: OnceLock::new(),
    })
}

struct Erased<E> {
    inner: E,
    prepared: OnceLock<Prepared>,
}

impl<E: EphemeralResource> AnyEphemeralResource<E::Data> for Erased<E> {
    fn prepared(&self) -> &Prepared {
        self.prepared.get_or_init(Prepared::of::<E::Model>)
    }

    fn validate(&self, config: &Value) -> Result<Diagnostics, Diagnostics> {
        validate::<E::Model>(config, |config| self.inner.validate(config))
    }

    fn open<'a>(&'a self, context: &'a Context<E::Data>, config: &'a Value) -> BoxFuture<'a, Opened<Value>> {
        Box::pin(context.run("open", async move {
            let opened = self.inner.open(&context.cx(), typed(config)?).await?;
            Ok(Opened {
                result: Model::to_value(&opened.result),
                renew_at: opened.renew_at,
            })
        }))
    }

    fn renew<'a>(&'a self, context: &'a Context<E::Data>) -> BoxFuture<'a, Option<SystemTime>> {
        Box::pin(context.run("renew", async move { self.inner.renew(&context.cx()).await }))
    }

    fn close<'a>(&'a self, context: &'a Context<E::Data>) -> BoxFuture<'a, ()> {
        Box::pin(context.run("close", async move { self.inner.close(&context.cx()).await }))
    }
}
