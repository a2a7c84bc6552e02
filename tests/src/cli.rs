//! A driver of the real terraform and tofu. It knows providers only by source address and folder.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tempfile::TempDir;

use crate::process::{self, Finished, describe};

/// A provider built from source, which the CLI takes from a folder instead of a registry.
#[derive(Debug, Clone)]
pub struct DevProvider {
    /// Source address, such as `registry.terraform.io/namespace/type`.
    pub source: String,
    /// The folder that holds the binary.
    pub folder: PathBuf,
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
}

/// A plan that was saved and shown.
#[derive(Debug)]
pub struct Plan {
    /// What `show -json` says of it.
    pub json: Value,
    /// What `plan` printed.
    pub text: String,
    /// Where it is saved.
    pub file: PathBuf,
    has_changes: bool,
}

impl Plan {
    /// Whether the CLI found nothing to do, outputs included.
    pub fn is_empty(&self) -> bool {
        !self.has_changes
    }

    /// The actions on one resource, such as `["update"]`.
    pub fn actions(&self, address: &str) -> Vec<&str> {
        let changes = self.json.pointer("/resource_changes");
        changes
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter(|change| change.pointer("/address").and_then(Value::as_str) == Some(address))
            .filter_map(|change| change.pointer("/change/actions")?.as_array())
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }
}

const DEADLINE: Duration = Duration::from_secs(120);
const PLAN_FILE: &str = "plan.tfplan";
/// With `-detailed-exitcode`: succeeded, with changes.
const HAS_CHANGES: i32 = 2;

impl Workspace {
    pub fn new(program: &Path, providers: &[DevProvider]) -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let workspace = Self {
            program: program.to_path_buf(),
            dir,
            environment: BTreeMap::new(),
            deadline: DEADLINE,
        };
        fs::create_dir(workspace.configuration())?;
        fs::create_dir(workspace.home())?;
        fs::write(workspace.cli_configuration(), overrides(providers)?)?;
        Ok(workspace)
    }

    /// Writes a file of the configuration.
    pub fn write(&self, name: &str, contents: &str) -> Result<()> {
        Ok(fs::write(self.configuration().join(name), contents)?)
    }

    /// Copies the files of a folder into the configuration.
    pub fn copy_from(&self, folder: &Path) -> Result<()> {
        let entries = fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                fs::copy(entry.path(), self.configuration().join(entry.file_name()))?;
            }
        }
        Ok(())
    }

    /// Sets a variable for every later command.
    pub fn set_env(&mut self, name: &str, value: &str) {
        self.environment.insert(name.to_owned(), value.to_owned());
    }

    /// Limits every later command to this long.
    pub fn set_deadline(&mut self, deadline: Duration) {
        self.deadline = deadline;
    }

    /// `validate -json`, whether the configuration is valid or not.
    pub fn validate(&self) -> Result<Value> {
        let done = self.run(["validate", "-json", "-no-color"])?;
        serde_json::from_str(&done.stdout)
            .with_context(|| format!("`validate -json` printed\n{}{}", done.stdout, done.stderr))
    }

    /// `plan`, saved and shown.
    pub fn plan(&self, arguments: &[&str]) -> Result<Plan> {
        let file = self.configuration().join(PLAN_FILE);
        let mut all = vec![
            "plan",
            "-no-color",
            "-input=false",
            "-detailed-exitcode",
            "-out",
            PLAN_FILE,
        ];
        all.extend(arguments);
        let done = self.run(&all)?;
        let has_changes = match done.status.code() {
            Some(0) => false,
            Some(HAS_CHANGES) => true,
            _ => bail!("{}", failure(&all, &done)),
        };
        let shown = self.succeed(&["show", "-no-color", "-json", PLAN_FILE])?;
        Ok(Plan {
            json: serde_json::from_str(&shown)?,
            text: done.stdout,
            file,
            has_changes,
        })
    }

    /// Applies a plan that [`Workspace::plan`] saved; what was printed comes back.
    pub fn apply_plan(&self, plan: &Plan) -> Result<String> {
        let file = plan.file.to_string_lossy();
        self.succeed(&["apply", "-no-color", "-input=false", &file])
    }

    pub fn destroy(&self, arguments: &[&str]) -> Result<String> {
        let mut all = vec!["destroy", "-no-color", "-input=false", "-auto-approve"];
        all.extend(arguments);
        self.succeed(&all)
    }

    pub fn import(&self, address: &str, id: &str, arguments: &[&str]) -> Result<String> {
        let mut all = vec!["import", "-no-color", "-input=false"];
        all.extend(arguments);
        all.extend([address, id]);
        self.succeed(&all)
    }

    /// Forgets a resource and leaves what it manages as it is.
    pub fn forget(&self, address: &str) -> Result<String> {
        self.succeed(&["state", "rm", address])
    }

    /// The state, as `show -json` has it.
    pub fn state(&self) -> Result<Value> {
        Ok(serde_json::from_str(&self.succeed(&["show", "-no-color", "-json"])?)?)
    }

    /// The values of one resource of the root module in the state.
    pub fn resource(&self, address: &str) -> Result<Value> {
        let state = self.state()?;
        state
            .pointer("/values/root_module/resources")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .find(|resource| resource.pointer("/address").and_then(Value::as_str) == Some(address))
            .and_then(|resource| resource.pointer("/values").cloned())
            .with_context(|| format!("`{address}` is not in the state"))
    }

    /// Any command, to its end, whatever its exit code.
    pub fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Result<Finished> {
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
        process::run(&mut command, self.deadline)
    }

    /// A command that has to succeed; its standard output comes back.
    pub fn succeed(&self, arguments: &[&str]) -> Result<String> {
        let done = self.run(arguments)?;
        if !done.status.success() {
            bail!("{}", failure(arguments, &done));
        }
        Ok(done.stdout)
    }

    fn configuration(&self) -> PathBuf {
        self.dir.path().join("configuration")
    }

    fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    fn cli_configuration(&self) -> PathBuf {
        self.dir.path().join("cli.tfrc")
    }
}

fn failure(arguments: &[&str], done: &Finished) -> String {
    let mut command = Command::new("");
    command.args(arguments);
    format!(
        "`{}` ended with {}\n{}{}",
        describe(&command).trim(),
        done.status,
        done.stdout,
        done.stderr
    )
}

fn overrides(providers: &[DevProvider]) -> Result<String> {
    let mut text = String::from("provider_installation {\n  dev_overrides {\n");
    for provider in providers {
        let folder = provider.folder.to_str().context("a folder that is not UTF-8")?;
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

    #[test]
    fn actions_are_those_of_the_named_resource() {
        let plan = Plan {
            json: serde_json::json!({ "resource_changes": [
                { "address": "a.b", "change": { "actions": ["update"] } },
                { "address": "a.c", "change": { "actions": ["delete", "create"] } },
            ]}),
            text: String::new(),
            file: PathBuf::new(),
            has_changes: true,
        };
        assert_eq!(plan.actions("a.c"), ["delete", "create"]);
        assert!(plan.actions("a.d").is_empty());
    }
}
