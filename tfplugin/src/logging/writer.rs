//! Standard error, written by a thread of its own: a host that does not read must not hold up calls.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

/// Lines that wait for a slow reader; more are dropped.
const WAITING_LINES: usize = 512;

/// How long the end of the process waits for the last lines.
const FLUSH_LIMIT: Duration = Duration::from_millis(250);

enum Message {
    Line(String),
    Flush(SyncSender<()>),
}

/// The way to the thread.
#[derive(Clone)]
pub(crate) struct Writer {
    messages: SyncSender<Message>,
    dropped: Arc<AtomicU64>,
}

impl Writer {
    /// Starts the thread, which ends with the process.
    pub(super) fn start() -> io::Result<Self> {
        let (messages, received) = sync_channel(WAITING_LINES);
        let dropped = Arc::new(AtomicU64::new(0));
        let writer = Self {
            messages,
            dropped: Arc::clone(&dropped),
        };
        thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || write(&received, &dropped))?;
        Ok(writer)
    }

    /// Hands a line over; it is lost if too many wait already.
    pub(super) fn write(&self, line: String) {
        if self.messages.try_send(Message::Line(line)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until what was handed over is written, but not for a reader that has gone to sleep.
    pub(crate) fn flush(&self) {
        let (done, written) = sync_channel(1);
        if self.messages.try_send(Message::Flush(done)).is_ok() {
            let _ = written.recv_timeout(FLUSH_LIMIT);
        }
    }
}

fn write(received: &Receiver<Message>, dropped: &AtomicU64) {
    for message in received {
        // An error means that nobody will ever read.
        let _ = match message {
            Message::Line(line) => {
                let lost = match dropped.swap(0, Ordering::Relaxed) {
                    0 => String::new(),
                    // Hosts take the level of a line that is no JSON from its beginning.
                    lost => format!("[WARN] {lost} log lines were lost: the host read too slowly\n"),
                };
                // One write, so that lines of several writers do not mix.
                io::stderr().write_all((lost + &line).as_bytes())
            }
            Message::Flush(done) => {
                let _ = done.try_send(());
                Ok(())
            }
        };
    }
}
