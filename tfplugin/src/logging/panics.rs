//! Panics as the host wants to see them.

use std::backtrace::Backtrace;
use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::io::Write;
use std::panic::PanicHookInfo;
use std::pin::pin;

thread_local! {
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Runs work whose panics somebody catches and reports: they are logged like any other error.
pub(crate) async fn caught<F: Future>(work: F) -> F::Output {
    let mut work = pin!(work);
    poll_fn(|cx| {
        let _mark = Mark(CAUGHT.replace(true));
        work.as_mut().poll(cx)
    })
    .await
}

/// Puts the mark back as it was, also when unwinding.
struct Mark(bool);

impl Drop for Mark {
    fn drop(&mut self) {
        CAUGHT.set(self.0);
    }
}

/// Hosts show users what follows a line that begins with `panic: `, which Rust's own does not.
pub(super) fn install_hook() {
    std::panic::set_hook(Box::new(|info| {
        let message = message(info);
        let location = info.location().map(ToString::to_string).unwrap_or_default();
        if CAUGHT.get() {
            tracing::error!(location, "panic: {message}");
        } else {
            let backtrace = Backtrace::capture();
            let _ = writeln!(std::io::stderr(), "panic: {message}\n\nat {location}\n{backtrace}");
        }
    }));
}

fn message<'a>(info: &'a PanicHookInfo<'_>) -> &'a str {
    info.payload_as_str().unwrap_or("no message")
}
