//! Answers of many parts: events that a task makes and a host reads at its own pace.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_stream::Stream;
use tonic::Status;
use tracing::Span;

use super::crash::{Crashed, crashed};

/// The events of one call, each as the protocol's message. Dropping it, as a host does that stops reading, leaves the task alone: what it
/// sends from then on goes nowhere, and it can find that out.
pub(super) struct Events<E, T> {
    pub(super) rpc: &'static str,
    pub(super) span: Span,
    pub(super) events: mpsc::Receiver<E>,
    pub(super) message: fn(E) -> T,
    /// Makes the events; taken once its end is known.
    pub(super) task: Option<JoinHandle<()>>,
}

impl<E, T: Crashed> Stream for Events<E, T> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(event) = ready!(self.events.poll_recv(cx)) {
            return Poll::Ready(Some(Ok(self.span.in_scope(|| (self.message)(event)))));
        }
        let Some(task) = &mut self.task else {
            return Poll::Ready(None);
        };
        let ended = ready!(Pin::new(task).poll(cx));
        self.task = None;
        Poll::Ready(ended.err().map(|error| crashed(&error, self.rpc)))
    }
}
