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
use super::log;
use super::message::Answer;

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

impl<E, T: Answer + Crashed> Stream for Events<E, T> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(event) = ready!(self.events.poll_recv(cx)) {
            let message = (self.message)(event);
            self.span.in_scope(|| log::told(&message));
            return Poll::Ready(Some(Ok(message)));
        }
        let Some(task) = &mut self.task else {
            return Poll::Ready(None);
        };
        let ended = ready!(Pin::new(task).poll(cx));
        self.task = None;
        let last = ended.err().map(|error| crashed(error.into(), self.rpc));
        if let Some(Ok(message)) = &last {
            self.span.in_scope(|| log::told(message));
        }
        Poll::Ready(last)
    }
}
