//! Managed resources.

use std::future::Future;

use tfmodel::plan::TypedDraft;
use tfmodel::{Diagnostics, Model};

use crate::bug;
use crate::call::Cx;
use crate::moves::Moves;
use crate::upgrade::Upgrades;

/// A kind of object that the provider creates, reads, updates and deletes.
///
/// Methods are written as `async fn`. What they return is checked against the host's rules before the host sees it; a method that breaks
/// one is reported as a bug of the provider, with the attribute.
pub trait Resource: Send + Sync + 'static {
    /// The type in HCL, with the provider's prefix: `pod_identity_binding`.
    const TYPE: &'static str;

    /// What it gets from the provider's configuration: [`Provider::Data`](crate::Provider::Data).
    type Data: Send + Sync + 'static;

    /// Its attributes, as configured, planned and stored.
    type Model: Model;

    /// What identifies one object for ever, for import without an id; `()` for none. Attributes that are required here are required to
    /// import.
    type Identity: Model;

    /// Whether the identity of an object may change while it lives, as where it has a name that can be changed in place. Without this, an
    /// identity that changes is reported as a bug of the provider.
    const IDENTITY_MAY_CHANGE: bool = false;

    /// Checks of the configuration that go across attributes. Attributes by themselves have been checked. Values may be unknown.
    fn validate(&self, config: &Self::Model) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Refines the plan for a new or changed object. The draft has its defaults; what the configuration leaves to the provider is unknown
    /// if anything changes. May be called again for the same change, without the object's prior state if it is replaced.
    fn plan(
        &self,
        cx: &Cx<Self::Data, Self::Model>,
        draft: TypedDraft<Self::Model>,
    ) -> impl Future<Output = Result<TypedDraft<Self::Model>, Diagnostics>> + Send {
        let _ = cx;
        async { Ok(draft) }
    }

    /// Warns of, or refuses, a deletion when it is planned.
    fn plan_delete(
        &self,
        cx: &Cx<Self::Data, Self::Model>,
        prior: &Self::Model,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (cx, prior);
        async { Ok(()) }
    }

    /// Makes the object and returns it, with everything known.
    fn create(
        &self,
        cx: &Cx<Self::Data, Self::Model>,
        request: Create<Self::Model>,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;

    /// Reads the object as it is; `None` if it is gone. An import calls this next, with what [`Resource::import`] returned.
    fn read(
        &self,
        cx: &Cx<Self::Data, Self::Model>,
        request: Read<Self::Model>,
    ) -> impl Future<Output = Result<Option<Self::Model>, Diagnostics>> + Send;

    /// Changes the object in place and returns it, with everything known. Resources whose every attribute replaces need none.
    fn update(
        &self,
        cx: &Cx<Self::Data, Self::Model>,
        request: Update<Self::Model>,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send {
        let _ = (cx, request);
        async { Err(bug::no_update(Self::TYPE)) }
    }

    /// Deletes the object. One that is gone already is a success.
    fn delete(
        &self,
        cx: &Cx<Self::Data, Self::Model>,
        request: Delete<Self::Model>,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;

    /// Finds an existing object to manage. What is returned needs no more than [`Resource::read`] needs.
    fn import(
        &self,
        cx: &Cx<Self::Data, Self::Model>,
        key: ImportKey<Self::Identity>,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send {
        let _ = (cx, key);
        async { Err(bug::no_import(Self::TYPE)) }
    }

    /// The identity of an object, from its state. Unless
    /// [`IDENTITY_MAY_CHANGE`](Self::IDENTITY_MAY_CHANGE), it stays the same while the object lives. Never called if there is none.
    fn identity(&self, cx: &Cx<Self::Data, Self::Model>, state: &Self::Model) -> Option<Self::Identity> {
        let _ = (cx, state);
        None
    }

    /// Refines the configuration that is generated for an object that was imported or listed, `state`. `config` is made from the schema: it
    /// leaves out what only the provider sets, what has its default, and what the schema's own checks refuse. Change what it cannot know:
    /// which of two ways to write the same thing is the better one.
    ///
    /// Hosts ask for this since Terraform 1.14. Others make a configuration by themselves: they write every argument that has a value and is
    /// not deprecated, defaults and what the provider chose included. So a state should hold nothing that [`Resource::validate`] refuses.
    fn generate_config(&self, config: Self::Model, state: &Self::Model) -> Self::Model {
        let _ = state;
        config
    }

    /// How stored states of older schema versions become current.
    fn upgrades(&self) -> Upgrades {
        Upgrades::new()
    }

    /// What other resource types, of this provider or another, an object can be moved from with a `moved` block.
    fn moves(&self) -> Moves<Self::Model> {
        Moves::new()
    }

    /// How stored identities of older schema versions become current.
    fn identity_upgrades(&self) -> Upgrades {
        Upgrades::new()
    }
}

/// What to create.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Create<M> {
    /// What was planned; what is unknown in it is for the provider to find out.
    pub planned: M,
    /// What the user wrote, wholly known. Only here are write-only values.
    pub config: M,
}

/// What to read.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Read<M> {
    /// The object as last seen.
    pub state: M,
    /// Whether it was imported and has never been read.
    pub imported: bool,
}

/// What to change.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Update<M> {
    /// The object as last seen.
    pub prior: M,
    /// What was planned; what is unknown in it is for the provider to find out.
    pub planned: M,
    /// What the user wrote, wholly known. Only here are write-only values.
    pub config: M,
}

/// What to delete.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Delete<M> {
    /// The object as last seen.
    pub prior: M,
}

/// How an import names its object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportKey<I> {
    /// By the text that the user gave.
    Id(String),
    /// By identity.
    Identity(I),
}
