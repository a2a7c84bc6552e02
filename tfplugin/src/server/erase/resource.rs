//! Managed resources.

use std::sync::{Arc, OnceLock};

use tfmodel::plan::Draft;
use tfmodel::{Diagnostics, Model, Value};

use super::super::author;
use super::{BoxFuture, Context, Prepared, typed, validate};
use crate::moves::Way;
use crate::resource::{Create, Delete, ImportKey, Read, Resource, Update};
use crate::upgrade::Upgrades;

/// A [`Resource`] of any type. All values are of its schema.
pub(crate) trait AnyResource<D>: Send + Sync {
    fn prepared(&self) -> &Arc<Prepared>;
    /// `None` if it has no identity.
    fn identity(&self) -> Option<&Arc<Prepared>>;
    fn identity_may_change(&self) -> bool;
    fn validate(&self, config: &Value) -> Result<Diagnostics, Diagnostics>;
    /// Changes the draft, unless it fails.
    fn plan<'a>(&'a self, context: &'a Context<D>, draft: &'a mut Draft) -> BoxFuture<'a, ()>;
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
    fn generate_config(&self, config: &Value, state: &Value) -> Result<Value, Diagnostics>;
    fn upgrades(&self) -> &Upgrades;
    fn moves(&self) -> &[Way];
    fn identity_upgrades(&self) -> &Upgrades;
}

pub(crate) fn resource<R: Resource>(inner: R) -> Arc<dyn AnyResource<R::Data>> {
    Arc::new(Erased {
        inner,
        prepared: OnceLock::new(),
        identity: OnceLock::new(),
        upgrades: OnceLock::new(),
        moves: OnceLock::new(),
        identity_upgrades: OnceLock::new(),
    })
}

struct Erased<R> {
    inner: R,
    prepared: OnceLock<Arc<Prepared>>,
    identity: OnceLock<Arc<Prepared>>,
    upgrades: OnceLock<Upgrades>,
    moves: OnceLock<Vec<Way>>,
    identity_upgrades: OnceLock<Upgrades>,
}

impl<R: Resource> AnyResource<R::Data> for Erased<R> {
    fn prepared(&self) -> &Arc<Prepared> {
        self.prepared.get_or_init(|| Arc::new(Prepared::of::<R::Model>()))
    }

    fn identity(&self) -> Option<&Arc<Prepared>> {
        let identity = self.identity.get_or_init(|| Arc::new(Prepared::of::<R::Identity>()));
        Some(identity).filter(|identity| !identity.is_empty())
    }

    fn identity_may_change(&self) -> bool {
        R::IDENTITY_MAY_CHANGE
    }

    fn validate(&self, config: &Value) -> Result<Diagnostics, Diagnostics> {
        validate::<R::Model>(config, |config| self.inner.validate(config))
    }

    fn plan<'a>(&'a self, context: &'a Context<R::Data>, draft: &'a mut Draft) -> BoxFuture<'a, ()> {
        Box::pin(context.run("plan", async move {
            let typed = draft.typed::<R::Model>()?;
            let planned = self.inner.plan(&context.cx(), typed).await?;
            *draft = std::mem::take(draft).with(planned);
            Ok(())
        }))
    }

    fn plan_delete<'a>(&'a self, context: &'a Context<R::Data>, prior: &'a Value) -> BoxFuture<'a, ()> {
        Box::pin(context.run("plan_delete", async move {
            self.inner.plan_delete(&context.cx(), &typed(prior)?).await
        }))
    }

    fn create<'a>(
        &'a self,
        context: &'a Context<R::Data>,
        planned: &'a Value,
        config: &'a Value,
    ) -> BoxFuture<'a, Value> {
        Box::pin(context.run("create", async move {
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
        Box::pin(context.run("read", async move {
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
        Box::pin(context.run("update", async move {
            let request = Update {
                prior: typed(prior)?,
                planned: typed(planned)?,
                config: typed(config)?,
            };
            Ok(Model::to_value(&self.inner.update(&context.cx(), request).await?))
        }))
    }

    fn delete<'a>(&'a self, context: &'a Context<R::Data>, prior: &'a Value) -> BoxFuture<'a, ()> {
        Box::pin(context.run("delete", async move {
            let request = Delete { prior: typed(prior)? };
            self.inner.delete(&context.cx(), request).await
        }))
    }

    fn import<'a>(&'a self, context: &'a Context<R::Data>, key: ImportKey<Value>) -> BoxFuture<'a, Value> {
        Box::pin(context.run("import", async move {
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

    fn generate_config(&self, config: &Value, state: &Value) -> Result<Value, Diagnostics> {
        // A model whose computed attributes cannot be null is no configuration, so there is nothing to refine.
        let Ok(typed_config) = typed::<R::Model>(config) else {
            return Ok(config.clone());
        };
        let state = typed(state)?;
        author::run_now("generate_config", || {
            Model::to_value(&self.inner.generate_config(typed_config, &state))
        })
    }

    fn upgrades(&self) -> &Upgrades {
        self.upgrades.get_or_init(|| self.inner.upgrades())
    }

    fn moves(&self) -> &[Way] {
        self.moves.get_or_init(|| self.inner.moves().into_ways())
    }

    fn identity_upgrades(&self) -> &Upgrades {
        self.identity_upgrades.get_or_init(|| self.inner.identity_upgrades())
    }
}
