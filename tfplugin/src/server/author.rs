//! Running the author's code: a panic in it fails one call, and nothing else.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use tfmodel::Diagnostics;

use crate::bug;

/// Runs an asynchronous method.
pub(crate) async fn run<T>(
    method: &'static str,
    work: impl Future<Output = Result<T, Diagnostics>>,
) -> Result<T, Diagnostics> {
    let mut work = pin!(work);
    // What the code leaves half done is its own: the framework's side of the call is behind a lock that does not poison, and the future is
    // not polled again.
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
        Ok(poll) => poll,
        Err(_) => Poll::Ready(Err(bug::panicked(method))),
    })
    .await
}

/// Runs a synchronous method.
pub(crate) fn run_now<T>(method: &'static str, work: impl FnOnce() -> T) -> Result<T, Diagnostics> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| bug::panicked(method))
}

/// Runs a synchronous method that can fail, and says why if it does.
pub(crate) fn try_now<T>(
    method: &'static str,
    work: impl FnOnce() -> Result<T, Diagnostics>,
) -> Result<T, Diagnostics> {
    run_now(method, work)?.map_err(|mut problems| {
        if !problems.has_errors() {
            problems.extend(bug::unexplained(method));
        }
        problems
    })
}
