//! What belongs to one call of a host: its stop signal, and what must survive however the call ends.

use std::any::TypeId;
use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tfmodel::{Diagnostic, Diagnostics, Model, Path, Value};
use tokio_util::sync::CancellationToken;

use crate::bug;
use crate::deferral::Deferral;
use crate::private::Private;

/// What a host can do with an answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Client {
    /// It can plan the rest, and come back.
    pub(crate) may_defer: bool,
    /// It keeps what a plan stores beside the planned object until the plan is carried out.
    pub(crate) keeps_planned_private: bool,
    pub(crate) takes_write_only: bool,
    /// It leaves it to the provider to fill in blocks that the configuration leaves out.
    pub(crate) takes_computed_blocks: bool,
}

/// What a host sent along with a call.
#[derive(Debug, Default)]
pub(crate) struct Given {
    pub(crate) private: Private,
    pub(crate) client: Client,
    pub(crate) meta: Option<Meta>,
}

impl From<Private> for Given {
    fn from(private: Private) -> Self {
        Self {
            private,
            ..Self::default()
        }
    }
}

impl From<Client> for Given {
    fn from(client: Client) -> Self {
        Self {
            client,
            ..Self::default()
        }
    }
}

/// What the module says about itself in its `provider_meta` block.
#[derive(Debug)]
pub(crate) struct Meta {
    /// The model that was registered for it.
    pub(crate) model: TypeId,
    /// Null if the module has none.
    pub(crate) value: Value,
}

/// The side of a call that outlives the author's code: an error, a panic or a stop leaves it intact.
#[derive(Debug, Default)]
pub(crate) struct Call {
    stop: CancellationToken,
    client: Client,
    meta: Option<Meta>,
    notes: Mutex<Notes>,
}

#[derive(Debug, Default)]
struct Notes {
    reported: Diagnostics,
    checkpoint: Option<Value>,
    private: Private,
    deferral: Option<Deferral>,
}

impl Call {
    /// A call that is deferred from the start, if the provider's configuration says so.
    pub(crate) fn new(stop: CancellationToken, given: Given, deferral: Option<Deferral>) -> Arc<Self> {
        Arc::new(Self {
            stop,
            client: given.client,
            meta: given.meta,
            notes: Mutex::new(Notes {
                private: given.private,
                deferral,
                ..Notes::default()
            }),
        })
    }

    pub(crate) async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    pub(crate) fn deferral(&self) -> Option<Deferral> {
        self.notes().deferral
    }

    pub(crate) fn report(&self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.notes().reported.extend(diagnostics);
    }

    pub(crate) fn take_reported(&self) -> Diagnostics {
        std::mem::take(&mut self.notes().reported)
    }

    /// Why a method failed that ended with these: one that neither deferred nor reported an error has to say it.
    pub(crate) fn explained(&self, method: &str, mut problems: Diagnostics) -> Diagnostics {
        let notes = self.notes();
        if !problems.has_errors() && !notes.reported.has_errors() && notes.deferral.is_none() {
            problems.extend(bug::unexplained(method));
        }
        problems
    }

    pub(crate) fn take_checkpoint(&self) -> Option<Value> {
        self.notes().checkpoint.take()
    }

    pub(crate) fn private(&self) -> Private {
        self.notes().private.clone()
    }

    pub(crate) fn mark_imported(&self) {
        self.notes().private.mark_imported();
    }

    /// Whether the object was imported and this is the first read since.
    pub(crate) fn take_imported(&self) -> bool {
        self.notes().private.take_imported()
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        // Nothing in here can be half done, so a panic elsewhere does not spoil it.
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stands in a [`Cx`] for the calls of an [`EphemeralResource`](crate::EphemeralResource): it has private data and no state.
#[derive(Clone, Copy, Debug)]
pub enum Ephemeral {}

/// What keeps private data from one call to the next: resources with a state, by their model, and ephemeral ones.
pub trait KeepsPrivate: sealed::KeepsPrivate {}

mod sealed {
    pub trait KeepsPrivate {}

    impl<M: tfmodel::Model> KeepsPrivate for M {}
    impl KeepsPrivate for super::Ephemeral {}
}

impl<K: sealed::KeepsPrivate> KeepsPrivate for K {}

/// What a method of a provider or of anything that it offers works with besides its arguments.
///
/// `D` is the provider's data ([`Provider::Data`](crate::Provider::Data)). `M` is the model of a resource, [`Ephemeral`] for an ephemeral
/// one, and nothing else has one.
pub struct Cx<D, M = Infallible> {
    call: Arc<Call>,
    data: Option<Arc<D>>,
    model: PhantomData<fn() -> M>,
}

impl<D, M> Cx<D, M> {
    pub(crate) fn new(call: &Arc<Call>, data: Option<Arc<D>>) -> Self {
        Self {
            call: Arc::clone(call),
            data,
            model: PhantomData,
        }
    }

    /// What the provider's configuration made: clients, settings, caches.
    ///
    /// # Errors
    /// When the host has not configured the provider. It never does before it validates, upgrades or moves.
    pub fn data(&self) -> Result<&D, Diagnostics> {
        self.configured().ok_or_else(bug::not_configured)
    }

    /// The same, `None` where the host has not configured the provider.
    pub fn configured(&self) -> Option<&D> {
        self.data.as_deref()
    }

    /// What the module that the call is about says of itself to the provider, in its `provider_meta` block; `None` if it says nothing, and
    /// where hosts do not pass it on, as when they import.
    ///
    /// # Errors
    /// When `T` is not what was registered with [`Registry::meta`](crate::Registry::meta).
    pub fn meta<T: Model>(&self) -> Result<Option<T>, Diagnostics> {
        match &self.call.meta {
            Some(meta) if meta.model == TypeId::of::<T>() => match &meta.value {
                Value::Null => Ok(None),
                value => T::from_value(value, &Path::root()).map(Some),
            },
            Some(_) | None => Err(bug::meta_not_registered()),
        }
    }

    /// Whether the host can leave this for a later round of plan and apply.
    pub fn may_defer(&self) -> bool {
        self.call.client.may_defer
    }

    /// Leaves this for a later round of plan and apply, where [`may_defer`](Self::may_defer) says that the host can. The method ends with
    /// it: `return Err(cx.defer(Deferral::AbsentPrerequisite))`. A plan can return its draft instead, as a guess for the user to see.
    ///
    /// [`Provider::configure`](crate::Provider::configure) defers for everything: no resource, data source or action is asked until the
    /// provider is configured again.
    pub fn defer(&self, reason: Deferral) -> Diagnostics {
        if self.may_defer() {
            self.call.notes().deferral = Some(reason);
        } else {
            self.call.report(bug::deferral_not_possible());
        }
        // Not an error: the method ends, and nothing failed.
        Diagnostics::new()
    }

    /// Tells the user something that does not fail the operation.
    pub fn warn(&self, summary: impl Into<String>, detail: impl Into<String>) {
        self.call.report([Diagnostic::warning(summary, detail)]);
    }

    /// Shows diagnostics in addition to what the method returns. An error among them fails the operation, and the state that the method
    /// returns is stored all the same.
    pub fn report(&self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.call.report(diagnostics);
    }

    /// Whether the user asked to stop.
    pub fn is_stopping(&self) -> bool {
        self.call.stop.is_cancelled()
    }

    /// Waits until the user asks to stop.
    pub async fn stopped(&self) {
        self.call.stopped().await;
    }

    /// Runs `work` until it ends or the user asks to stop. For waits and reads, never around a write: what was written would be lost.
    ///
    /// # Errors
    /// When the user asked to stop first; `work` is dropped then.
    pub async fn unless_stopped<F: Future>(&self, work: F) -> Result<F::Output, Stopped> {
        tokio::select! {
            biased;
            done = work => Ok(done),
            () = self.call.stopped() => Err(Stopped),
        }
    }

    /// Runs `work` until it ends, `limit` is over or the user asks to stop: what a `timeouts` block limits. For waits and reads, never
    /// around a write: what was written would be lost.
    ///
    /// # Errors
    /// When it did not end in time, or the user asked to stop first; `work` is dropped then.
    pub async fn within<F: Future>(&self, limit: Duration, work: F) -> Result<F::Output, Diagnostics> {
        let ended = self.unless_stopped(tokio::time::timeout(limit, work)).await?;
        ended.map_err(|_| timed_out(limit))
    }
}

impl<D, M: Model> Cx<D, M> {
    /// Records the object as it is now, as soon as something of it exists remotely. If the method then fails, panics or is stopped, the
    /// host stores this state. What is still unknown in it is stored as null.
    pub fn checkpoint(&self, state: &M) {
        let state = state.to_value();
        self.call.notes().checkpoint = Some(state);
    }

    /// Takes the checkpoint back, when nothing of the object is left. If the method then fails, the host stores what was there before.
    pub fn forget_checkpoint(&self) {
        self.call.take_checkpoint();
    }

    /// Whether a plan that is carried out gets back, when it is made again, what it stored beside the planned object. Only then may a plan
    /// depend on something else than its request, and store what that was.
    pub fn keeps_planned_private(&self) -> bool {
        self.call.client.keeps_planned_private
    }
}

impl<D, M: KeepsPrivate> Cx<D, M> {
    /// A value that an earlier call for the same object stored, out of the user's sight.
    pub fn private(&self, key: &str) -> Option<String> {
        self.call.notes().private.get(key)
    }

    /// A value that was stored for the object whose place the planned one takes, in the plan of a new object. What stands in its way may be
    /// the object that goes.
    pub fn replaced_private(&self, key: &str) -> Option<String> {
        self.call.notes().private.get_replaced(key)
    }

    /// Stores a value for later calls for the same object, out of the user's sight; it survives a failure like a checkpoint.
    /// Keys that begin with a dot belong to the framework.
    pub fn set_private(&self, key: &str, value: impl Into<String>) {
        if key.starts_with('.') {
            self.call.report(bug::reserved_private_key(key));
        } else {
            self.call.notes().private.set(key, &value.into());
        }
    }

    /// Forgets what was stored under `key`.
    pub fn remove_private(&self, key: &str) {
        if !key.starts_with('.') {
            self.call.notes().private.remove(key);
        }
    }
}

impl<D, M> Clone for Cx<D, M> {
    fn clone(&self) -> Self {
        Self {
            call: Arc::clone(&self.call),
            data: self.data.clone(),
            model: PhantomData,
        }
    }
}

impl<D, M> fmt::Debug for Cx<D, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cx")
            .field("configured", &self.data.is_some())
            .field("stopping", &self.is_stopping())
            .finish_non_exhaustive()
    }
}

fn timed_out(limit: Duration) -> Diagnostics {
    Diagnostic::error(
        "The time limit is over",
        format!(
            "The operation was not done after {} s, which is the limit. A resource that exists already is recorded in the state. Set a longer \
             limit in the `timeouts` block, if there is one.",
            limit.as_secs_f64()
        ),
    )
    .into()
}

/// The user asked to stop. With `?` it becomes the diagnostic that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stopped on request")]
pub struct Stopped;

impl From<Stopped> for Diagnostics {
    fn from(_: Stopped) -> Self {
        Diagnostic::error(
            "Stopped on request",
            "The operation was interrupted while it waited. What it made until then is in the state, if it has one; run it again to go on.",
        )
        .into()
    }
}
