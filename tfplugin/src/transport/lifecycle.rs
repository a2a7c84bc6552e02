//! When the process ends, and what may still be running then.

use std::future::{Future, poll_fn};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;
use std::time::Duration;

use tokio::task::{JoinError, JoinHandle};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::error::StartError;
use crate::logging::panics;

/// What work in flight gets once the process is to end. A host kills after 2 s.
const GRACE: Duration = Duration::from_millis(1500);

/// Shared by the transport and the service: the end of the process, and the work it waits for.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    stopping: CancellationToken,
    work: TaskTracker,
}

/// Why work has no answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lost {
    /// It panicked, which is logged.
    Panicked,
    /// The process ended first.
    Ending,
}

impl From<JoinError> for Lost {
    fn from(error: JoinError) -> Self {
        if error.is_panic() { Self::Panicked } else { Self::Ending }
    }
}

impl Lifecycle {
    /// Cancelled when the process is about to end: a host asked for it, or is gone.
    #[must_use]
    pub fn stopping(&self) -> CancellationToken {
        self.stopping.clone()
    }

    /// Runs work that must not be dropped together with the call that waits for it. What is done without waiting for anything is done
    /// here; the rest gets a task of its own, as with [`spawn`](Self::spawn).
    pub(crate) async fn run<F>(&self, work: F) -> Result<F::Output, Lost>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let mut work = Box::pin(self.work.track_future(panics::caught(work)));
        // After a panic the work is dropped and not polled again.
        let begun = poll_fn(|cx| Poll::Ready(catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))))).await;
        match begun {
            Ok(Poll::Ready(answer)) => Ok(answer),
            Ok(Poll::Pending) => Ok(tokio::spawn(work).await?),
            Err(_) => Err(Lost::Panicked),
        }
    }

    /// Runs work that must not be dropped together with the call that started it.
    ///
    /// The end of the process waits for it a little. A panic in it is logged and comes back
    /// through the handle; it is for the caller to report.
    pub fn spawn<F>(&self, work: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.work.spawn(panics::caught(work))
    }

    pub(super) fn stop(&self) {
        self.stopping.cancel();
    }

    /// Waits for `serving` and for spawned work, but not for long.
    pub(super) async fn wind_down(&self, serving: impl Future<Output = ()>) {
        self.work.close();
        let done = async { tokio::join!(serving, self.work.wait()) };
        if tokio::time::timeout(GRACE, done).await.is_err() {
            tracing::warn!(tasks = self.work.len(), "stopped with work in flight");
        }
    }

    /// Lets a termination signal end the process in order, and keeps an interrupt from ending it:
    /// Ctrl-C reaches the whole process group, and it is the host that decides what to stop.
    pub(super) fn stop_on_termination(&self) -> Result<(), StartError> {
        ignore_interrupt().map_err(StartError::Signals)?;
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let mut terminated = signal(SignalKind::terminate()).map_err(StartError::Signals)?;
            let stopping = self.stopping();
            tokio::spawn(async move {
                if terminated.recv().await.is_some() {
                    stopping.cancel();
                }
            });
        }
        Ok(())
    }

    /// Ends the process on an interrupt as well, for one that no host has started.
    pub(super) fn stop_on_interrupt(&self) -> Result<(), StartError> {
        self.stop_on_termination()?;
        let stopping = self.stopping();
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                stopping.cancel();
            }
        });
        Ok(())
    }
}

/// Takes interrupts and does nothing, for as long as the runtime lives.
fn ignore_interrupt() -> io::Result<()> {
    #[cfg(unix)]
    let mut interrupts = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::interrupt())?
    };
    #[cfg(windows)]
    let mut interrupts = tokio::signal::windows::ctrl_c()?;
    tokio::spawn(async move { while interrupts.recv().await.is_some() {} });
    Ok(())
}
