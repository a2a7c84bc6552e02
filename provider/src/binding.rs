//! The resource `pod_identity_binding`: from the engine's plans and steps to calls and back.
//!
//! What a plan is, which steps an apply takes and what drift means is decided by the engine. Here is who asks AWS, what belongs to whom,
//! and what happens when a call fails.

mod apply;
mod claim;
mod execute;
mod facts;
mod import;
mod list;
mod moved;
mod observe;
#[cfg(test)]
mod tests;

use std::marker::PhantomData;

use pod_identity_core::binding::{self, Binding, BindingIdentity, Facts};
use pod_identity_core::ids::BindingKey;
use tfmodel::plan::TypedDraft;
use tfmodel::{Diagnostic, Diagnostics};
use tfplugin::{Create, Cx, Delete, ImportKey, Moves, Read, Resource, Update};

use self::claim::Claim;
pub(crate) use self::claim::random;
pub(crate) use self::list::BindingList;
use crate::cloud::Cloud;
use crate::session::{Connected, Session};

pub(crate) struct BindingResource<C>(PhantomData<fn() -> C>);

impl<C> BindingResource<C> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<C: Cloud> Resource for BindingResource<C> {
    const TYPE: &'static str = "pod_identity_binding";
    type Data = Session<C>;
    type Model = Binding;
    type Identity = BindingIdentity;
    const IDENTITY_MAY_CHANGE: bool = true;

    fn validate(&self, config: &Binding) -> Diagnostics {
        binding::check_configuration(config)
    }

    async fn plan(
        &self,
        cx: &Cx<Session<C>, Binding>,
        draft: TypedDraft<Binding>,
    ) -> Result<TypedDraft<Binding>, Diagnostics> {
        let session = cx.data()?;
        let facts = match session.connected() {
            Some(aws) => {
                let caller = facts::caller(aws);
                let request = binding::facts_needed(draft.prior.as_ref(), &draft.config, &caller, &session.settings);
                let claim = Claim::load(cx).or_else(|| Claim::of_replaced(cx));
                facts::fetch(aws, &request, facts::Age::OfThisProcess, claim.as_ref()).await?
            }
            None => Facts::default(),
        };
        binding::plan(draft, &facts, &session.settings)
    }

    async fn plan_delete(&self, cx: &Cx<Session<C>, Binding>, prior: &Binding) -> Result<(), Diagnostics> {
        cx.report(binding::deletion_warning(prior));
        Ok(())
    }

    async fn create(&self, cx: &Cx<Session<C>, Binding>, request: Create<Binding>) -> Result<Binding, Diagnostics> {
        apply::create(cx, &request.config, &request.planned).await
    }

    async fn read(&self, cx: &Cx<Session<C>, Binding>, request: Read<Binding>) -> Result<Option<Binding>, Diagnostics> {
        let state = request.state;
        // Settings that depend on something unmade leave nobody to ask; a later refresh will.
        let Some(aws) = cx.data()?.connected() else {
            return Ok(Some(state));
        };
        let key = existing_key(aws, &state)?;
        let present = observe::existing(aws, &key, &state, Claim::load(cx).as_ref()).await?;
        cx.report(present.not_ours);
        Ok(binding::read(&state, &present.observed))
    }

    async fn update(&self, cx: &Cx<Session<C>, Binding>, request: Update<Binding>) -> Result<Binding, Diagnostics> {
        apply::update(cx, &request.prior, &request.config, &request.planned).await
    }

    async fn delete(&self, cx: &Cx<Session<C>, Binding>, request: Delete<Binding>) -> Result<(), Diagnostics> {
        apply::delete(cx, &request.prior).await
    }

    async fn import(
        &self,
        cx: &Cx<Session<C>, Binding>,
        key: ImportKey<BindingIdentity>,
    ) -> Result<Binding, Diagnostics> {
        match key {
            ImportKey::Id(id) => import::by_id(cx, &id).await,
            ImportKey::Identity(identity) => import::by_identity(cx, &identity).await,
        }
    }

    /// In mode `irsa` the role belongs to it, and a binding may get another one.
    fn identity(&self, _cx: &Cx<Session<C>, Binding>, state: &Binding) -> Option<BindingIdentity> {
        Some(BindingIdentity::of(state))
    }

    fn generate_config(&self, config: Binding, state: &Binding) -> Binding {
        import::as_written(config, state)
    }

    fn moves(&self) -> Moves<Binding> {
        moved::moves()
    }
}

/// The key of a binding that exists, if it exists where the credentials look: anywhere else it would seem to be gone.
fn existing_key<C: Cloud>(aws: &Connected<C>, state: &Binding) -> Result<BindingKey, Diagnostics> {
    let key = key_of(state)?;
    let caller = &aws.caller.account_id;
    if key.account.as_str() == caller {
        return Ok(key);
    }
    Err(Diagnostic::error(
        "The binding is in another account",
        format!(
            "`{key}` is in account `{}`, and the credentials in use belong to account `{caller}`, where nothing can be said about it. Nothing was \
             changed. Use credentials of account `{}`; if the binding is to move to account `{caller}`, destroy it with them first.",
            key.account, key.account
        ),
    )
    .into())
}

fn key_of(state: &Binding) -> Result<BindingKey, Diagnostics> {
    let id = state.id.known().map(String::as_str).unwrap_or_default();
    id.parse().map_err(|error| {
        Diagnostic::error(
            "The state of the binding has no usable `id`",
            format!("It is `{id}`: {error}. Remove the resource from the state and import it again."),
        )
        .into()
    })
}
