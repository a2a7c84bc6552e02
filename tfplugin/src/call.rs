//! What belongs to one call of a host: its stop signal, and what must survive however the call ends.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tfmodel::{Diagnostic, Diagnostics, Model, Value};
use tokio_util::sync::CancellationToken;

use crate::bug;
use crate::private::Private;

/// The side of a call that outlives the author's code: an error, a panic or a stop leaves it intact.
#[derive(Debug, Default)]
pub(crate) struct Call {
    stop: CancellationToken,
    notes: Mutex<Notes>,
}

#[derive(Debug, Default)]
struct Notes {
    reported: Diagnostics,
    checkpoint: Option<Value>,
    private: Private,
}

impl Call {
    pub(crate) fn new(stop: CancellationToken, private: Private) -> Arc<Self> {
        Arc::new(Self {
            stop,
            notes: Mutex::new(Notes {
                private,
                ..Notes::default()
            }),
        })
    }

    pub(crate) async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    pub(crate) fn report(&self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.notes().reported.extend(diagnostics);
    }

    pub(crate) fn take_reported(&self) -> Diagnostics {
        std::mem::take(&mut self.notes().reported)
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

/// What a method of a provider, resource or data source works with besides its arguments.
///
/// `D` is the provider's data ([`Provider::Data`](crate::Provider::Data)), `M` the model of the resource, where there is one.
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

    /// A value that an earlier call stored beside the state, out of the user's sight.
    pub fn private(&self, key: &str) -> Option<String> {
        self.call.notes().private.get(key)
    }

    /// Stores a value beside the state, out of the user's sight; it survives a failure like a checkpoint. Keys that begin with a dot
    /// belong to the framework.
    pub fn set_private(&self, key: &str, value: impl Into<String>) {
        if key.starts_with('.') {
            self.call.report(bug::reserved_private_key(key));
        } else {
            self.call.notes().private.set(key, value.into());
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
            "The operation was not done after {} s, which is the limit. What exists already is recorded in the state. Set a longer limit in \
             the `timeouts` block, if the resource has one.",
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
            "The operation was interrupted while it waited. What exists already is recorded in the state; the next apply goes on from there.",
        )
        .into()
    }
}
