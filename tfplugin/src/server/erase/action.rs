//! Actions.

use std::sync::{Arc, OnceLock};

use tfmodel::{Diagnostics, Value};

use super::{BoxFuture, Context, Prepared, typed, validate};
use crate::action::{Action, Invoke, Progress};

/// An [`Action`] of any type.
pub(crate) trait AnyAction<D>: Send + Sync {
    fn prepared(&self) -> &Prepared;
    fn validate(&self, config: &Value) -> Result<Diagnostics, Diagnostics>;
    fn plan<'a>(&'a self, context: &'a Context<D>, config: &'a Value) -> BoxFuture<'a, ()>;
    fn invoke<'a>(&'a self, context: &'a Context<D>, config: &'a Value, progress: Progress) -> BoxFuture<'a, ()>;
}

pub(crate) fn action<A: Action>(inner: A) -> Arc<dyn AnyAction<A::Data>> {
    Arc::new(Erased {
        inner,
        prepared: OnceLock::new(),
    })
}

struct Erased<A> {
    inner: A,
    prepared: OnceLock<Prepared>,
}

impl<A: Action> AnyAction<A::Data> for Erased<A> {
    fn prepared(&self) -> &Prepared {
        self.prepared.get_or_init(Prepared::of::<A::Model>)
    }

    fn validate(&self, config: &Value) -> Result<Diagnostics, Diagnostics> {
        validate::<A::Model>(config, |config| self.inner.validate(config))
    }

    fn plan<'a>(&'a self, context: &'a Context<A::Data>, config: &'a Value) -> BoxFuture<'a, ()> {
        Box::pin(context.run("plan", async move {
            match typed(config) {
                Ok(config) => self.inner.plan(&context.cx(), config).await,
                Err(problems) if config.is_wholly_known() => Err(problems),
                Err(_) => Ok(()),
            }
        }))
    }

    fn invoke<'a>(&'a self, context: &'a Context<A::Data>, config: &'a Value, progress: Progress) -> BoxFuture<'a, ()> {
        Box::pin(context.run("invoke", async move {
            let request = Invoke { config: typed(config)? };
            self.inner.invoke(&context.cx(), request, &progress).await
        }))
    }
}
