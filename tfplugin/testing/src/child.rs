//! Commands and programs beside a test: each has a deadline or an owner, and a log to show when it fails.
//!
//! A provider that is spoken to while it runs is a `Process`, which needs the feature `client`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::failure::{During, Failure};

/// How long a child may take to end by itself once it was asked to.
const GRACE: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(10);

/// What a command that ran to its end left behind.
#[derive(Debug)]
pub struct Finished {
    /// Its exit code, or signal.
    pub status: ExitStatus,
    /// All that it printed.
    pub stdout: String,
    /// All that it wrote to standard error.
    pub stderr: String,
}

/// Runs a command to its end.
///
/// # Errors
///
/// When it cannot be started. One that is still running at the deadline is interrupted, then killed, and is an error that carries what it
/// had printed.
pub fn run(command: &mut Command, deadline: Duration) -> Result<Finished, Failure> {
    start(command)?.finish(deadline)
}

/// Starts a command; it goes on beside its owner.
///
/// # Errors
///
/// When it cannot be started.
pub fn start(command: &mut Command) -> Result<Started, Failure> {
    // Files, not pipes: a grandchild that outlives the command would keep a pipe open and the
    // reader waiting.
    let output = tempfile::tempdir().during("a temporary folder")?;
    let (stdout, stderr) = (stdout(&output), stderr(&output));
    let child = Owned::spawn(
        command
            .stdin(Stdio::null())
            .stdout(create(&stdout)?)
            .stderr(create(&stderr)?),
    )?;
    Ok(Started {
        command: describe(command),
        child,
        output,
    })
}

/// A command that was started; it is killed when the value is dropped.
#[derive(Debug)]
pub struct Started {
    command: String,
    child: Owned,
    output: TempDir,
}

impl Started {
    /// Does what Ctrl-C does.
    ///
    /// # Errors
    ///
    /// When it cannot be told.
    pub fn interrupt(&self) -> Result<(), Failure> {
        self.child.interrupt()
    }

    /// Waits for its end.
    ///
    /// # Errors
    ///
    /// One that is still running at the deadline is interrupted, then killed, and is an error that carries what it had printed.
    pub fn finish(mut self, deadline: Duration) -> Result<Finished, Failure> {
        let status = self.child.wait_for(deadline)?;
        if status.is_none() {
            // Lets the child end its own children (a CLI stops its providers) before it is killed.
            self.child.interrupt()?;
            self.child.wait_for(GRACE)?;
        }
        let (stdout, stderr) = (read_lossy(&stdout(&self.output))?, read_lossy(&stderr(&self.output))?);
        let Some(status) = status else {
            return Err(Failure::new(format!(
                "`{}` was still running after {deadline:?}\n{stdout}\n{stderr}",
                self.command
            )));
        };
        Ok(Finished { status, stdout, stderr })
    }
}

fn stdout(output: &TempDir) -> PathBuf {
    output.path().join("stdout")
}

fn stderr(output: &TempDir) -> PathBuf {
    output.path().join("stderr")
}

/// A program that runs beside its owner and is killed when the owner goes.
#[derive(Debug)]
pub struct Daemon {
    child: Owned,
    log: PathBuf,
}

impl Daemon {
    /// Starts a program; both its outputs go to `log`.
    ///
    /// # Errors
    ///
    /// When it cannot be started, or the log not be written.
    pub fn spawn(command: &mut Command, log: &Path) -> Result<Self, Failure> {
        let file = create(log)?;
        let twin = file.try_clone().during("the log")?;
        let child = Owned::spawn(command.stdin(Stdio::null()).stdout(twin).stderr(file))?;
        Ok(Self {
            child,
            log: log.to_path_buf(),
        })
    }

    /// Whether it has ended by itself.
    ///
    /// # Errors
    ///
    /// When the operating system does not say.
    pub fn has_exited(&mut self) -> Result<bool, Failure> {
        Ok(self.child.0.try_wait().during("waiting")?.is_some())
    }

    /// The end of the log.
    #[must_use]
    pub fn log_tail(&self) -> String {
        const LINES: usize = 40;
        let text = read_lossy(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines.get(lines.len().saturating_sub(LINES)..);
        tail.unwrap_or_default().join("\n")
    }
}

/// Asks `poll` until it answers; `what` names the awaited thing in the error.
///
/// # Errors
///
/// When `poll` fails, or has no answer at the deadline.
pub fn wait_until<T>(
    what: &str,
    deadline: Duration,
    mut poll: impl FnMut() -> Result<Option<T>, Failure>,
) -> Result<T, Failure> {
    let start = Instant::now();
    loop {
        if let Some(value) = poll()? {
            return Ok(value);
        }
        if start.elapsed() > deadline {
            return Err(Failure::new(format!("{what}: not within {deadline:?}")));
        }
        std::thread::sleep(POLL);
    }
}

/// A child that does not outlive the value.
#[derive(Debug)]
struct Owned(Child);

impl Owned {
    fn spawn(command: &mut Command) -> Result<Self, Failure> {
        let child = command.spawn();
        child.map(Self).during(&format!("cannot start `{}`", describe(command)))
    }

    fn wait_for(&mut self, deadline: Duration) -> Result<Option<ExitStatus>, Failure> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().during("waiting")? {
                return Ok(Some(status));
            }
            if start.elapsed() > deadline {
                return Ok(None);
            }
            std::thread::sleep(POLL);
        }
    }

    fn interrupt(&self) -> Result<(), Failure> {
        if cfg!(unix) {
            let pid = self.0.id().to_string();
            Command::new("kill").args(["-INT", &pid]).status().during("kill")?;
        }
        Ok(())
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // Both fail only for a child that is gone.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn create(path: &Path) -> Result<File, Failure> {
    File::create(path).during(&format!("cannot write `{}`", path.display()))
}

fn read_lossy(path: &Path) -> Result<String, Failure> {
    let bytes = fs::read(path).during(&format!("cannot read `{}`", path.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A command as a person would type it.
#[must_use]
pub fn describe(command: &Command) -> String {
    let mut text = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn both_outputs_and_the_exit_code_are_kept() {
        let done = run(&mut shell("echo out; echo err >&2; exit 3"), GRACE).unwrap();
        assert_eq!(
            (done.stdout.as_str(), done.stderr.as_str(), done.status.code()),
            ("out\n", "err\n", Some(3))
        );
    }

    #[test]
    fn a_command_past_its_deadline_is_an_error_with_its_output() {
        let error = run(&mut shell("echo begun; exec sleep 600"), Duration::from_millis(300))
            .unwrap_err()
            .to_string();
        assert!(error.contains("still running") && error.contains("begun"), "{error}");
    }

    #[test]
    fn a_command_can_be_interrupted_and_ends_as_it_likes() {
        let dir = tempfile::tempdir().unwrap();
        let begun = dir.path().join("begun");
        let script = format!(
            "trap 'echo told; exit 4' INT; : > '{}'; while :; do sleep 0.01; done",
            begun.display()
        );
        let started = start(&mut shell(&script)).unwrap();
        wait_until("the trap", GRACE, || Ok(begun.exists().then_some(()))).unwrap();
        started.interrupt().unwrap();
        let done = started.finish(GRACE).unwrap();
        assert_eq!((done.stdout.as_str(), done.status.code()), ("told\n", Some(4)));
    }

    #[test]
    fn a_daemon_ends_with_its_owner() {
        let dir = tempfile::tempdir().unwrap();
        let daemon = Daemon::spawn(&mut shell("exec sleep 600"), &dir.path().join("log")).unwrap();
        let pid = daemon.child.0.id().to_string();
        let alive = || {
            let probe = Command::new("kill").args(["-0", &pid]).stderr(Stdio::null()).status();
            probe.unwrap().success()
        };
        assert!(alive());
        drop(daemon);
        assert!(!alive());
    }

    #[test]
    fn waiting_ends_with_the_answer_or_the_deadline() {
        let mut polls = 0;
        let third = wait_until("third poll", GRACE, || {
            polls += 1;
            Ok((polls == 3).then_some(polls))
        });
        assert_eq!(third.unwrap(), 3);
        let never = wait_until("a thing", Duration::ZERO, || Ok(None::<()>));
        assert!(never.unwrap_err().to_string().contains("a thing"));
    }
}
