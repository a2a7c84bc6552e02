//! Tests of a provider as its users run it: configurations, applied one after the other by the real terraform or tofu.

mod config;
mod fails;
mod import;
pub mod known;
mod message;
mod path;
pub mod plan;
mod stage;
pub mod state;
mod step;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

pub use self::config::Config;
pub use self::fails::Fails;
pub use self::import::Import;
pub use self::message::Message;
pub use self::stage::Outcome;
pub use self::step::{Apply, Destroy, Outside, PlanOnly, Refresh, Run, Step};

use self::stage::{Stage, guarded};
use self::step::Play;
use crate::cli::{Cli, DevProvider, Feature, Workspace};
use crate::failure::Failure;

/// A test in steps, played by one host from an empty state to an empty state.
#[must_use = "a scenario is played by `run`"]
pub struct Scenario {
    cli: Cli,
    built: Vec<DevProvider>,
    hosting: Vec<Hosting>,
    sources: Vec<String>,
    needs: Vec<Feature>,
    files: Vec<(String, String)>,
    environment: BTreeMap<String, String>,
    deadline: Option<Duration>,
    steps: Vec<Step>,
    destroyed: Option<Look>,
}

type Hosting = Box<dyn FnOnce(&mut Workspace)>;
type Look = Box<dyn FnOnce() -> Result<(), String>>;

impl Scenario {
    /// On a host, which [`Cli::program`] finds.
    pub fn new(cli: Cli) -> Self {
        Self {
            cli,
            built: Vec::new(),
            hosting: Vec::new(),
            sources: Vec::new(),
            needs: Vec::new(),
            files: Vec::new(),
            environment: BTreeMap::new(),
            deadline: None,
            steps: Vec::new(),
            destroyed: None,
        }
    }

    /// With a provider in this process, under the address that it names. Breakpoints, logs and coverage work as in any test.
    ///
    /// Each command gets a provider of its own, as it would get a process of its own. Configurations need not declare it in
    /// `required_providers`: one that declares nothing there gets the declaration.
    #[cfg(feature = "client")]
    pub fn provider<P: tfplugin::Provider>(mut self, make: impl Fn() -> P + Send + Sync + 'static) -> Self {
        self.sources.push(short(P::ADDRESS));
        self.hosting.push(Box::new(|workspace| workspace.serve(make)));
        self
    }

    /// With a provider that was built before, from the folder of its binary.
    pub fn built_provider(mut self, source: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        let provider = DevProvider {
            source: source.into(),
            folder: folder.into(),
        };
        self.sources.push(short(&provider.source));
        self.built.push(provider);
        self
    }

    /// Says what the host has to be able to do. On a host that cannot, the scenario fails and says since when there is one: nothing is
    /// skipped without a word.
    pub fn needs(mut self, feature: Feature) -> Self {
        self.needs.push(feature);
        self
    }

    /// With a file that every step's configuration has, such as the provider's settings.
    pub fn file(mut self, name: &str, contents: impl Into<String>) -> Self {
        self.files.push((name.to_owned(), contents.into()));
        self
    }

    /// With an environment variable for every command. Of the test's own environment commands see `PATH` alone.
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.insert(name.to_owned(), value.into());
        self
    }

    /// With this long for each command.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// And then this.
    pub fn step(mut self, step: impl Into<Step>) -> Self {
        self.steps.push(step.into());
        self
    }

    /// Looks outside, after the last destroy, whether everything is gone.
    pub fn check_destroyed<O: Outcome>(mut self, check: impl FnOnce() -> O + 'static) -> Self {
        self.destroyed = Some(Box::new(move || guarded(check)));
        self
    }

    /// Plays it. Whatever happens, what was made is destroyed at the end.
    ///
    /// # Errors
    ///
    /// When a step fails, with its number, what the host said, and the last plan.
    pub fn run(self) -> Result<(), Failure> {
        if self.steps.is_empty() {
            return Err(Failure::new("a scenario without steps proves nothing"));
        }
        let mut workspace = Workspace::new(&self.cli.program()?, &self.built)?;
        for hosting in self.hosting {
            hosting(&mut workspace);
        }
        for (name, value) in &self.environment {
            workspace.set_env(name, value);
        }
        if let Some(deadline) = self.deadline {
            workspace.set_deadline(deadline);
        }
        let mut stage = Stage::new(workspace, self.cli, self.files, self.sources)?;
        for feature in self.needs {
            stage.need(feature)?;
        }
        let played = play(&mut stage, self.steps);
        let ended = end(&mut stage, self.destroyed);
        match (played, ended) {
            (Ok(()), ended) => ended,
            (Err(failure), Ok(())) => Err(failure),
            (Err(failure), Err(also)) => Err(Failure::new(format!("{failure}\n\nAnd in the end: {also}"))),
        }
    }
}

fn play(stage: &mut Stage, steps: Vec<Step>) -> Result<(), Failure> {
    let count = steps.len();
    for (index, Step(step)) in steps.into_iter().enumerate() {
        let title = format!("step {} of {count} ({})", index + 1, step.title());
        in_step(stage, &title, |stage| step.play(stage))?;
    }
    Ok(())
}

fn end(stage: &mut Stage, destroyed: Option<Look>) -> Result<(), Failure> {
    if stage.has_config() {
        in_step(stage, "the destroy at the end", |stage| {
            stage.restore()?;
            let state = stage.workspace.state()?;
            if state.managed().is_empty() {
                return Ok(());
            }
            Box::new(Destroy::new()).play(stage)
        })?;
    }
    match destroyed {
        None => Ok(()),
        Some(check) => check().map_err(|wrong| Failure::new(format!("not everything is gone: {wrong}"))),
    }
}

fn in_step(
    stage: &mut Stage,
    title: &str,
    work: impl FnOnce(&mut Stage) -> Result<(), Failure>,
) -> Result<(), Failure> {
    stage.begin_step();
    work(stage).map_err(|failure| Failure::new(format!("{title}: {failure}{}", stage.transcript())))
}

/// An address without the host of a registry that both CLIs put there by themselves, each its own.
fn short(address: &str) -> String {
    ["registry.terraform.io/", "registry.opentofu.org/"]
        .into_iter()
        .find_map(|host| address.strip_prefix(host))
        .unwrap_or(address)
        .to_owned()
}
