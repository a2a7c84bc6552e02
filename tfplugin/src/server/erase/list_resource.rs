//! List resources.

use std::sync::{Arc, OnceLock};

use tfmodel::{Diagnostics, Value};

use super::super::{Feed, author};
use super::{BoxFuture, Context, Prepared, typed, validate};
use crate::list_resource::{List, ListResource, ListScope, Listing};
use crate::resource::Resource;

/// A [`ListResource`] of any type.
pub(crate) trait AnyListResource<D>: Send + Sync {
    /// The configuration; the listed objects are those of the managed resource of the same name.
    fn prepared(&self) -> &Prepared;
    fn validate(&self, config: &Value, scope: &ListScope) -> Result<Diagnostics, Diagnostics>;
    fn list<'a>(&'a self, context: &'a Context<D>, config: &'a Value, feed: Feed) -> BoxFuture<'a, ()>;
}

pub(crate) fn list_resource<L: ListResource>(inner: L) -> Arc<dyn AnyListResource<<L::Resource as Resource>::Data>> {
    Arc::new(Erased {
        inner,
        prepared: OnceLock::new(),
    })
}

struct Erased<L> {
    inner: L,
    prepared: OnceLock<Prepared>,
}

impl<L: ListResource> AnyListResource<<L::Resource as Resource>::Data> for Erased<L> {
    fn prepared(&self) -> &Prepared {
        self.prepared.get_or_init(Prepared::of::<L::Config>)
    }

    fn validate(&self, config: &Value, scope: &ListScope) -> Result<Diagnostics, Diagnostics> {
        validate::<L::Config>(config, |config| self.inner.validate(config, scope))
    }

    fn list<'a>(
        &'a self,
        context: &'a Context<<L::Resource as Resource>::Data>,
        config: &'a Value,
        feed: Feed,
    ) -> BoxFuture<'a, ()> {
        // A list that has enough ends without an error.
        Box::pin(author::run("list", async move {
            let request = List {
                config: typed(config)?,
                limit: feed.left(),
                wants_objects: feed.wants_objects(),
            };
            self.inner.list(&context.cx(), request, &mut Listing::new(feed)).await
        }))
    }
}
