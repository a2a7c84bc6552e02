//! List resources: the objects of a managed resource that exist, whether a state knows of them or not.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;

use tfmodel::{Diagnostics, Model, Value};

use crate::call::Cx;
use crate::resource::Resource;
use crate::server::{Feed, Item};

/// Finds the objects of a managed resource, for `list` blocks and `terraform query`.
pub trait ListResource: Send + Sync + 'static {
    /// The managed resource whose objects are listed: type, data, model and identity are those of it. It has to have an identity.
    type Resource: Resource;

    /// The arguments of the block's `config`; `()` for none.
    type Config: Model;

    /// Checks of the configuration that go across attributes. Attributes by themselves have been checked. Values may be unknown.
    fn validate(&self, config: &Self::Config, scope: &ListScope) -> Diagnostics {
        let _ = (config, scope);
        Diagnostics::new()
    }

    /// Finds objects and hands them over one by one. The configuration is wholly known.
    ///
    /// Nothing is written here, so the method is dropped where it waits when the user asks to stop or the host has gone.
    /// An error ends the list; what was found before it stands. [`Cx::warn`] before a [`push`](Listing::push) travels with that object.
    fn list(
        &self,
        cx: &Cx<<Self::Resource as Resource>::Data>,
        request: List<Self::Config>,
        found: &mut Listing<Self::Resource>,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}

/// What a `list` block asks for beside its configuration, when it is checked. Null where the host does not say, as Terraform up to 1.16.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListScope {
    /// How many objects the host takes at most.
    pub limit: Value<u64>,
    /// Whether it wants the objects themselves, beside what identifies them.
    pub wants_objects: Value<bool>,
}

/// What to list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct List<C> {
    /// The arguments of the block's `config`.
    pub config: C,
    /// How many objects the host takes: no page of an API needs to be larger.
    pub limit: u64,
    /// Whether each object has to come with its attributes, which may cost a call each.
    pub wants_objects: bool,
}

/// One object that was found.
pub struct Found<R: Resource> {
    identity: R::Identity,
    display_name: String,
    object: Option<R::Model>,
}

impl<R: Resource> Found<R> {
    /// What identifies the object, and how to call it in a list that people read.
    pub fn new(identity: R::Identity, display_name: impl Into<String>) -> Self {
        Self {
            identity,
            display_name: display_name.into(),
            object: None,
        }
    }

    /// With the object itself, as [`Resource::read`] would return it. Needed where the request [wants objects](List::wants_objects), and
    /// otherwise not sent.
    #[must_use]
    pub fn object(mut self, object: R::Model) -> Self {
        self.object = Some(object);
        self
    }
}

impl<R: Resource> fmt::Debug for Found<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found")
            .field("display_name", &self.display_name)
            .field("object", &self.object.is_some())
            .finish_non_exhaustive()
    }
}

/// Where found objects go.
pub struct Listing<R: Resource> {
    feed: Feed,
    resource: PhantomData<fn(R)>,
}

impl<R: Resource> Listing<R> {
    pub(crate) fn new(feed: Feed) -> Self {
        Self {
            feed,
            resource: PhantomData,
        }
    }

    /// Hands an object to the host, and waits while a slow one has enough to read.
    ///
    /// # Errors
    /// When no more objects are wanted: this was the last one that the host takes, the host has gone, the user asked to stop, or this
    /// object is not one that a host accepts. `?` ends the method as it should; if there is anything to tell, the framework tells it.
    pub async fn push(&mut self, found: Found<R>) -> Result<(), Enough> {
        let Found {
            identity,
            display_name,
            object,
        } = found;
        self.feed
            .push(Item {
                identity: Model::to_value(&identity),
                display_name,
                object: object.as_ref().map(Model::to_value),
            })
            .await
    }
}

impl<R: Resource> fmt::Debug for Listing<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listing").finish_non_exhaustive()
    }
}

/// No more objects are wanted. That is no failure: with `?` it becomes diagnostics that hold none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no more objects are wanted")]
pub struct Enough;

impl From<Enough> for Diagnostics {
    fn from(_: Enough) -> Self {
        Self::new()
    }
}
