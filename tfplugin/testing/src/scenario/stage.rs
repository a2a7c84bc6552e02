//! Where steps are played: a workspace, and what was said in it.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::config::Config;
use super::plan::PlanCheck;
use super::state::StateCheck;
use crate::cli::{Answer, Cli, Feature, Plan, State, Version, Workspace};
use crate::failure::Failure;

pub(super) struct Stage {
    pub(super) workspace: Workspace,
    cli: Cli,
    version: Version,
    /// Files of every configuration.
    files: Vec<(String, String)>,
    /// Source addresses of the providers under test.
    sources: Vec<String>,
    /// The configuration that holds once a step is over.
    config: Option<Config>,
    /// What the commands of this step have said, by command.
    said: Vec<(String, String)>,
    /// The last plan of this step.
    plan: Option<Plan>,
}

/// Whether an apply leaves anything to do.
#[derive(Clone, Debug, Default)]
pub(super) enum Settling {
    /// Nothing.
    #[default]
    Settled,
    /// Something, for a reason.
    Unsettled(String),
}

impl Stage {
    pub(super) fn new(
        workspace: Workspace,
        cli: Cli,
        files: Vec<(String, String)>,
        sources: Vec<String>,
    ) -> Result<Self, Failure> {
        let version = workspace.version()?;
        Ok(Self {
            workspace,
            cli,
            version,
            files,
            sources,
            config: None,
            said: Vec::new(),
            plan: None,
        })
    }

    pub(super) fn need(&self, feature: Feature) -> Result<(), Failure> {
        match feature.lacking(self.cli, self.version) {
            None => Ok(()),
            Some(lacking) => Err(Failure::new(lacking)),
        }
    }

    pub(super) fn begin_step(&mut self) {
        self.said.clear();
        self.plan = None;
    }

    pub(super) fn has_config(&self) -> bool {
        self.config.is_some()
    }

    /// A configuration that stays; without one, that of the step before.
    pub(super) fn configure(&mut self, config: Option<&Config>) -> Result<(), Failure> {
        match config {
            None => self.restore(),
            Some(config) => {
                self.config = Some(config.clone());
                self.configure_once(config)
            }
        }
    }

    /// A configuration for this step alone.
    pub(super) fn configure_once(&mut self, config: &Config) -> Result<(), Failure> {
        config.write(&self.workspace)?;
        for (name, contents) in &self.files {
            self.workspace.write(name, contents)?;
        }
        self.require_providers()?;
        if self.mentions("module \"")? {
            self.workspace.succeed(&["get", "-no-color"])?;
        }
        Ok(())
    }

    /// The configuration that stays.
    pub(super) fn restore(&mut self) -> Result<(), Failure> {
        match self.config.clone() {
            Some(config) => self.configure_once(&config),
            None => Err(Failure::new(
                "no step before this one has a configuration that could be used again; give it one",
            )),
        }
    }

    pub(super) fn plan(&mut self, options: &[String], more: &[&str]) -> Result<Plan, Failure> {
        self.try_plan(options, more)?.map_err(|answer| answer.failure())
    }

    pub(super) fn try_plan(&mut self, options: &[String], more: &[&str]) -> Result<Result<Plan, Answer>, Failure> {
        let mut arguments: Vec<&str> = more.to_vec();
        arguments.extend(options.iter().map(String::as_str));
        let made = self.workspace.try_plan(&arguments)?;
        match &made {
            Ok(plan) => {
                self.say(&["plan", &arguments.join(" ")].join(" "), &plan.output);
                self.plan = Some(plan.clone());
            }
            Err(answer) => self.say(&answer.command, &answer.text()),
        }
        Ok(made)
    }

    pub(super) fn apply(&mut self, plan: &Plan) -> Result<Answer, Failure> {
        let answer = self.workspace.try_apply_plan(plan)?;
        self.say("apply", &answer.text());
        if answer.is_success() {
            Ok(answer)
        } else {
            Err(answer.failure())
        }
    }

    pub(super) fn check_plan(&mut self, checks: Vec<PlanCheck>, plan: &Plan) -> Result<(), Failure> {
        let results = checks.into_iter().map(|check| guarded(|| check.run(plan)));
        summed(results, "the plan is not what was expected")
    }

    pub(super) fn check_state(&mut self, checks: Vec<StateCheck>) -> Result<(), Failure> {
        if checks.is_empty() {
            return Ok(());
        }
        let state: State = self.workspace.state()?;
        let results = checks.into_iter().map(|check| guarded(|| check.run(&state)));
        summed(results, "the state is not what was expected")
    }

    /// A second plan: it is empty, and it finds what the apply has left.
    pub(super) fn settle(&mut self, settling: &Settling) -> Result<(), Failure> {
        let plan = self.plan(&[], &[])?;
        let drifted: Vec<&str> = plan.drifted().filter_map(|one| one.get("address")?.as_str()).collect();
        match settling {
            Settling::Settled if !plan.is_empty() => Err(Failure::new(
                "the second plan is not empty: a user would be asked to apply the same configuration again and again; if that is meant, \
                 say `unsettled` with the reason",
            )),
            Settling::Settled if !drifted.is_empty() => Err(Failure::new(format!(
                "the second plan finds `{}` changed: what the apply has put into the state is not what reading finds; if that is meant, \
                 say `unsettled` with the reason",
                drifted.join("`, `")
            ))),
            Settling::Unsettled(reason) if plan.is_empty() && drifted.is_empty() => Err(Failure::new(format!(
                "the second plan is empty, and was expected not to be, because {reason}; leave `unsettled` out"
            ))),
            Settling::Settled | Settling::Unsettled(_) => Ok(()),
        }
    }

    pub(super) fn say(&mut self, command: &str, text: &str) {
        self.said.push((command.trim().to_owned(), text.trim_end().to_owned()));
    }

    /// What was said in this step, for the reader of a failure.
    pub(super) fn transcript(&self) -> String {
        let mut text = String::new();
        for (command, said) in &self.said {
            text.push_str(&format!("\n--- {} {command} ---\n{said}", self.cli));
        }
        // The last plan may be of a configuration that is gone: then the host does not show it.
        if let Some(shown) = self.plan.as_ref().and_then(|plan| self.workspace.show(plan).ok()) {
            text.push_str(&format!("\n--- the last plan ---\n{}", shown.trim()));
        }
        text
    }

    /// Names the providers under test, so that a configuration need not.
    fn require_providers(&self) -> Result<(), Failure> {
        if self.mentions("required_providers")? {
            return Ok(());
        }
        let required: serde_json::Map<_, _> = self
            .sources
            .iter()
            .map(|source| {
                let name = source.rsplit('/').next().unwrap_or(source);
                (name.to_owned(), serde_json::json!({ "source": source }))
            })
            .collect();
        let block = serde_json::json!({ "terraform": { "required_providers": required } });
        self.workspace.write("required_providers.tf.json", &block.to_string())
    }

    fn mentions(&self, word: &str) -> Result<bool, Failure> {
        let folder = std::fs::read_dir(self.workspace.configuration());
        let entries = folder.map_err(|error| Failure::new(format!("cannot read the configuration: {error}")))?;
        Ok(entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "tf"))
            .filter_map(|path| std::fs::read_to_string(path).ok())
            .any(|text| text.contains(word)))
    }
}

/// What a closure of a test may return: nothing, or a result whose error says what is wrong.
pub trait Outcome {
    /// What is wrong, if anything.
    ///
    /// # Errors
    ///
    /// When something is.
    fn outcome(self) -> Result<(), String>;
}

impl Outcome for () {
    fn outcome(self) -> Result<(), String> {
        Ok(())
    }
}

impl<E: Display> Outcome for Result<(), E> {
    fn outcome(self) -> Result<(), String> {
        self.map_err(|error| error.to_string())
    }
}

/// Runs a part of a test; a failed assertion in it is an error like any other, so that the scenario can still clean up.
pub(super) fn guarded<O: Outcome>(work: impl FnOnce() -> O) -> Result<(), String> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(done) => done.outcome(),
        Err(panic) => Err(panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_else(|| "panicked".to_owned())),
    }
}

/// All that is wrong, under one heading.
pub(super) fn summed(results: impl IntoIterator<Item = Result<(), String>>, heading: &str) -> Result<(), Failure> {
    let wrong: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("{heading}\n  {}", wrong.join("\n  "))))
}
