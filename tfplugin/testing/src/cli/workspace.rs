//! A folder with a configuration, in which commands run.

use std::any::Any;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Map, Value};
use tempfile::TempDir;

use super::{Diagnostic, Severity};
use crate::child::{self, Finished, Started, describe};
use crate::failure::{During, Failure};

/// A provider built from source, which the CLI takes from a folder instead of a registry.
#[derive(Debug, Clone)]
pub struct DevProvider {
    /// Source address, such as `registry.terraform.io/namespace/type`.
    pub source: String,
    /// The folder that holds the binary.
    pub folder: PathBuf,
}

/// A provider that serves one command from this process.
pub(crate) trait Hosted: fmt::Debug {
    /// Begins to serve.
    fn start(&self) -> Result<Running, Failure>;
}

/// Serves until it is dropped.
pub(crate) struct Running {
    /// Entries of `TF_REATTACH_PROVIDERS`.
    pub(crate) reattach: Map<String, Value>,
    pub(crate) _serving: Box<dyn Any>,
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("reattach", &self.reattach)
            .finish_non_exhaustive()
    }
}

/// A configuration in a folder of its own, driven by one CLI.
///
/// Commands see none of the caller's environment but `PATH`: no credentials, no proxy, no home.
#[derive(Debug)]
pub struct Workspace {
    program: PathBuf,
    dir: TempDir,
    environment: BTreeMap<String, String>,
    deadline: Duration,
    hosted: Vec<Box<dyn Hosted>>,
}

/// What a command said that was asked for JSON.
#[derive(Debug)]
pub struct Answer {
    /// The command, as a person would type it.
    pub command: String,
    /// How it ended, and all that it printed.
    pub finished: Finished,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
    /// The lines that are JSON.
    pub lines: Vec<Value>,
}

const DEADLINE: Duration = Duration::from_secs(120);
/// What every command takes.
pub(super) const COMMON: [&str; 2] = ["-no-color", "-input=false"];

impl Workspace {
    /// With providers that were built before.
    ///
    /// # Errors
    ///
    /// When the folder cannot be made.
    pub fn new(program: &Path, providers: &[DevProvider]) -> Result<Self, Failure> {
        let workspace = Self {
            program: program.to_path_buf(),
            dir: tempfile::tempdir().during("a temporary folder")?,
            environment: BTreeMap::new(),
            deadline: DEADLINE,
            hosted: Vec::new(),
        };
        fs::create_dir(workspace.configuration()).during("the configuration's folder")?;
        fs::create_dir(workspace.home()).during("a home")?;
        fs::write(workspace.cli_configuration(), overrides(providers)?).during("the CLI's configuration")?;
        Ok(workspace)
    }

    #[cfg(feature = "client")]
    pub(crate) fn host(&mut self, provider: Box<dyn Hosted>) {
        self.hosted.push(provider);
    }

    /// Writes a file of the configuration.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn write(&self, name: &str, contents: &str) -> Result<(), Failure> {
        fs::write(self.configuration().join(name), contents).during(&format!("cannot write `{name}`"))
    }

    /// Copies a folder into the configuration, with the folders in it.
    ///
    /// # Errors
    ///
    /// When something cannot be read or written.
    pub fn copy_from(&self, folder: &Path) -> Result<(), Failure> {
        copy(folder, &self.configuration()).during(&format!("cannot copy `{}`", folder.display()))
    }

    /// Removes the configuration; the state stays.
    ///
    /// # Errors
    ///
    /// When something cannot be removed.
    pub fn clear(&self) -> Result<(), Failure> {
        let clear = || {
            for entry in fs::read_dir(self.configuration())? {
                let entry = entry?;
                if entry.file_name().to_string_lossy().starts_with("terraform.tfstate") {
                    continue;
                }
                if entry.file_type()?.is_dir() {
                    fs::remove_dir_all(entry.path())?;
                } else {
                    fs::remove_file(entry.path())?;
                }
            }
            Ok::<_, std::io::Error>(())
        };
        clear().during("cannot clear the configuration")
    }

    /// Sets a variable for every later command.
    pub fn set_env(&mut self, name: &str, value: &str) {
        self.environment.insert(name.to_owned(), value.to_owned());
    }

    /// Limits every later command to this long.
    pub fn set_deadline(&mut self, deadline: Duration) {
        self.deadline = deadline;
    }

    /// A command that knows `-json`, to its end, whatever its exit code.
    ///
    /// # Errors
    ///
    /// When it cannot be run.
    pub fn answer(&self, arguments: &[&str]) -> Result<Answer, Failure> {
        self.start(arguments)?.finish()
    }

    /// A command that knows `-json` and is not waited for, so that it can be interrupted.
    ///
    /// # Errors
    ///
    /// When it cannot be started.
    pub fn start(&self, arguments: &[&str]) -> Result<Ongoing, Failure> {
        let mut all = arguments.iter().copied();
        let mut line: Vec<&str> = all.next().into_iter().chain(COMMON).chain(["-json"]).collect();
        line.extend(all);
        let (started, hosting) = self.begin(&line)?;
        Ok(Ongoing {
            command: command_line(&line),
            started,
            deadline: self.deadline,
            _hosting: hosting,
        })
    }

    /// Any command, to its end, whatever its exit code.
    ///
    /// # Errors
    ///
    /// When it cannot be run.
    pub fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Result<Finished, Failure> {
        let (started, _hosting) = self.begin(arguments)?;
        started.finish(self.deadline)
    }

    fn begin<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<(Started, Vec<Running>), Failure> {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .current_dir(self.configuration())
            .env_clear()
            .env("HOME", self.home())
            .env("TF_CLI_CONFIG_FILE", self.cli_configuration())
            .env("TF_DATA_DIR", self.dir.path().join("data"))
            .env("CHECKPOINT_DISABLE", "1")
            .envs(&self.environment);
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        let running = self
            .hosted
            .iter()
            .map(|provider| provider.start())
            .collect::<Result<Vec<_>, _>>()?;
        let reattach: Map<String, Value> = running.iter().flat_map(|one| one.reattach.clone()).collect();
        if !reattach.is_empty() {
            command.env("TF_REATTACH_PROVIDERS", Value::Object(reattach).to_string());
        }
        Ok((child::start(&mut command)?, running))
    }

    /// A command that has to succeed; its standard output comes back.
    ///
    /// # Errors
    ///
    /// When it does not, with what it printed.
    pub fn succeed(&self, arguments: &[&str]) -> Result<String, Failure> {
        let done = self.run(arguments)?;
        if !done.status.success() {
            return Err(Failure::new(failure(&command_line(arguments), &done)));
        }
        Ok(done.stdout)
    }

    /// The state as it is, for [`Workspace::put_state_back`].
    pub(crate) fn keep_state(&self) -> Result<Vec<u8>, Failure> {
        fs::read(self.state_file()).during("cannot read the state")
    }

    pub(crate) fn put_state_back(&self, kept: &[u8]) -> Result<(), Failure> {
        fs::write(self.state_file(), kept).during("cannot put the state back")
    }

    fn state_file(&self) -> PathBuf {
        self.configuration().join("terraform.tfstate")
    }

    /// The folder of the configuration.
    #[must_use]
    pub fn configuration(&self) -> PathBuf {
        self.dir.path().join("configuration")
    }

    fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    fn cli_configuration(&self) -> PathBuf {
        self.dir.path().join("cli.tfrc")
    }
}

/// A command that goes on; it is killed when the value is dropped.
#[derive(Debug)]
pub struct Ongoing {
    command: String,
    started: Started,
    deadline: Duration,
    _hosting: Vec<Running>,
}

impl Ongoing {
    /// Does what Ctrl-C does.
    ///
    /// # Errors
    ///
    /// When it cannot be told.
    pub fn interrupt(&self) -> Result<(), Failure> {
        self.started.interrupt()
    }

    /// Waits for its end, whatever its exit code.
    ///
    /// # Errors
    ///
    /// When it does not end in time.
    pub fn finish(self) -> Result<Answer, Failure> {
        let finished = self.started.finish(self.deadline)?;
        let lines: Vec<Value> = finished
            .stdout
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        let diagnostics = lines.iter().filter_map(|line| line.get("diagnostic"));
        Ok(Answer {
            command: self.command,
            diagnostics: diagnostics.filter_map(Diagnostic::read).collect(),
            finished,
            lines,
        })
    }
}

impl Answer {
    /// Whether the command succeeded.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.finished.status.success()
    }

    /// The errors among the diagnostics.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|one| one.severity == Severity::Error)
    }

    /// What was said, without the JSON around it.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in self.finished.stdout.lines() {
            match serde_json::from_str::<Value>(line) {
                Ok(json) => match json.get("diagnostic").and_then(Diagnostic::read) {
                    Some(diagnostic) => text.push_str(&diagnostic.to_string()),
                    None => text.push_str(json.get("@message").and_then(Value::as_str).unwrap_or(line)),
                },
                Err(_) => text.push_str(line),
            }
            text.push('\n');
        }
        text.push_str(&self.finished.stderr);
        text
    }

    pub(super) fn or_failure(self) -> Result<Self, Failure> {
        if self.is_success() {
            Ok(self)
        } else {
            Err(self.failure())
        }
    }

    pub(crate) fn failure(&self) -> Failure {
        Failure::new(format!(
            "`{}` ended with {}\n{}",
            self.command,
            self.finished.status,
            self.text()
        ))
    }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

pub(super) fn command_line(arguments: &[&str]) -> String {
    let mut command = Command::new("");
    command.args(arguments);
    describe(&command).trim().to_owned()
}

pub(super) fn failure(command: &str, done: &Finished) -> String {
    format!("`{command}` ended with {}\n{}{}", done.status, done.stdout, done.stderr)
}

fn overrides(providers: &[DevProvider]) -> Result<String, Failure> {
    if providers.is_empty() {
        return Ok(String::new());
    }
    let mut text = String::from("provider_installation {\n  dev_overrides {\n");
    for provider in providers {
        let folder = provider.folder.to_str();
        let folder = folder.ok_or_else(|| Failure::new("the provider is in a folder that is not UTF-8"))?;
        // A JSON string is an HCL string, as long as no template begins in it.
        let folder = Value::from(folder).to_string().replace("${", "$${");
        text.push_str(&format!("    \"{}\" = {folder}\n", provider.source));
    }
    text.push_str("  }\n  direct {}\n}\n");
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_name_every_provider() {
        let providers = ["one", "two"].map(|name| DevProvider {
            source: format!("registry.terraform.io/example/{name}"),
            folder: PathBuf::from(format!("/build/{name}")),
        });
        let text = overrides(&providers).unwrap();
        assert!(text.contains(r#""registry.terraform.io/example/one" = "/build/one""#));
        assert!(text.contains(r#""registry.terraform.io/example/two" = "/build/two""#));
    }
}
