//! Actions: what a provider does on request, without an object that a state would know of.

use std::future::Future;

use tfmodel::{Diagnostics, Model};
use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::TrySendError;

use crate::call::Cx;
use crate::server::Happened;

/// Something that the provider does when an `action` block is triggered: restarts, invalidates, rotates.
pub trait Action: Send + Sync + 'static {
    /// The type in HCL, with the provider's prefix: `pod_identity_restart`.
    const TYPE: &'static str;

    /// What it gets from the provider's configuration: [`Provider::Data`](crate::Provider::Data).
    type Data: Send + Sync + 'static;

    /// The arguments of the block's `config`; `()` for none.
    type Model: Model;

    /// Checks of the configuration that go across attributes. Attributes by themselves have been checked. Values may be unknown; what
    /// becomes known later is checked again before the action is planned and invoked.
    fn validate(&self, config: &Self::Model) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Warns of the action, or refuses it, when it is planned. Values may be unknown; a model that cannot hold what is unknown is not
    /// asked then. It may [defer](Cx::defer), for want of the provider's configuration only.
    fn plan(&self, cx: &Cx<Self::Data>, config: Self::Model) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (cx, config);
        async { Ok(()) }
    }

    /// Does it. The configuration is wholly known.
    ///
    /// The work goes on when the host gives up on it. When the user asks to stop, end waits with [`Cx::unless_stopped`], and return.
    fn invoke(
        &self,
        cx: &Cx<Self::Data>,
        request: Invoke<Self::Model>,
        progress: &Progress,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}

/// What to do.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Invoke<M> {
    /// What the user wrote.
    pub config: M,
}

/// Tells the user how far an action has come.
#[derive(Debug)]
pub struct Progress(Sender<Happened>);

impl Progress {
    pub(crate) const fn new(events: Sender<Happened>) -> Self {
        Self(events)
    }

    /// Shows a line to the user, in the order of the calls. It never waits: the work matters more than who watches it. A host that is a
    /// thousand lines behind misses those that follow, and one that has gone misses all.
    pub fn say(&self, message: impl Into<String>) {
        match self.0.try_send(Happened::Progress(message.into())) {
            Ok(()) | Err(TrySendError::Closed(_)) => {}
            Err(TrySendError::Full(_)) => tracing::debug!("a line of progress is left out: the host reads too slowly"),
        }
    }
}
