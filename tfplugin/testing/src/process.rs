//! A child process that cannot outlive its test.

use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::failure::{During, Failure};

/// No step of a test waits longer.
const STEP_LIMIT: Duration = Duration::from_secs(30);

/// A running child: killed when dropped, standard error collected.
#[derive(Debug)]
pub struct Process {
    child: Child,
    stdout: BufReader<ChildStdout>,
    log: Log,
    collecting: JoinHandle<()>,
    ear: Ear,
}

/// Whether standard error is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ear {
    Open,
    Deaf,
}

/// How a child ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code, or signal.
    pub status: ExitStatus,
    /// What it printed that nobody had read.
    pub stdout: String,
    /// All that it wrote to standard error.
    pub stderr: String,
    /// How long the end was waited for.
    pub after: Duration,
}

impl Process {
    /// Starts a command; its standard streams are taken over.
    ///
    /// # Errors
    ///
    /// When it cannot be started.
    pub fn start(command: Command) -> Result<Self, Failure> {
        Self::start_with(command, Ear::Open)
    }

    pub(crate) fn start_with(mut command: Command, ear: Ear) -> Result<Self, Failure> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .during(&format!("{:?}", command.as_std().get_program()))?;
        let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(Failure::new("the child has no standard streams"));
        };
        let log = Log::default();
        let collecting = match ear {
            Ear::Open => tokio::spawn(log.clone().collect(stderr)),
            // Held open, or the child would see an error instead of a full pipe.
            Ear::Deaf => tokio::spawn(async move {
                let _held = stderr;
                std::future::pending().await
            }),
        };
        Ok(Self {
            child,
            stdout: BufReader::new(stdout),
            log,
            collecting,
            ear,
        })
    }

    /// The operating system's number for it; absent once it has ended.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// The next line that it prints, without its end.
    ///
    /// # Errors
    ///
    /// When it prints none in time.
    pub async fn line(&mut self) -> Result<String, Failure> {
        let mut line = String::new();
        let read = self.stdout.read_line(&mut line);
        let read = match tokio::time::timeout(STEP_LIMIT, read).await {
            Err(_) => return Err(self.failure("no line in time")),
            Ok(read) => read.during("standard output")?,
        };
        if read == 0 {
            return Err(self.failure("no line: standard output is closed"));
        }
        Ok(line.trim_end_matches('\n').to_owned())
    }

    /// Waits until standard error contains a text.
    ///
    /// # Errors
    ///
    /// When it does not in time.
    pub async fn logged(&self, text: &str) -> Result<(), Failure> {
        self.logged_times(text, 1).await
    }

    /// Waits until standard error contains a text that many times.
    ///
    /// # Errors
    ///
    /// When it does not in time.
    pub async fn logged_times(&self, text: &str, times: usize) -> Result<(), Failure> {
        let mut changes = self.log.changes.subscribe();
        let found = async {
            while self.log.text().matches(text).count() < times {
                if changes.changed().await.is_err() {
                    return false;
                }
            }
            true
        };
        match tokio::time::timeout(STEP_LIMIT, found).await {
            Ok(true) => Ok(()),
            _ => Err(self.failure(&format!("`{text}` was not logged {times} times"))),
        }
    }

    /// What it has written to standard error so far.
    #[must_use]
    pub fn log(&self) -> String {
        self.log.text()
    }

    /// Waits for its end.
    ///
    /// # Errors
    ///
    /// When it goes on.
    pub async fn ended(mut self) -> Result<Ended, Failure> {
        let start = Instant::now();
        let status = match tokio::time::timeout(STEP_LIMIT, self.child.wait()).await {
            Err(_) => return Err(self.failure("the process goes on")),
            Ok(status) => status.during("waiting for the process")?,
        };
        let after = start.elapsed();
        let mut stdout = String::new();
        self.stdout
            .read_to_string(&mut stdout)
            .await
            .during("standard output")?;
        if self.ear == Ear::Open {
            let _ = (&mut self.collecting).await;
        }
        Ok(Ended {
            status,
            stdout,
            stderr: self.log.text(),
            after,
        })
    }

    pub(crate) fn failure(&self, what: &str) -> Failure {
        Failure::new(what).with_log(&self.log.text())
    }
}

/// Standard error so far.
#[derive(Clone, Debug, Default)]
struct Log {
    text: Arc<Mutex<String>>,
    changes: Arc<watch::Sender<()>>,
}

impl Log {
    fn text(&self) -> String {
        self.text.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn collect(self, from: impl AsyncRead + Unpin) {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while from.read_until(b'\n', &mut line).await.is_ok_and(|read| read > 0) {
            self.text
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push_str(&String::from_utf8_lossy(&line));
            line.clear();
            self.changes.send_replace(());
        }
    }
}
