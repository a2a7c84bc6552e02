//! What a scenario does, one after the other.

use super::config::Config;
use super::message::{Message, compare};
use super::plan::PlanCheck;
use super::stage::{Outcome, Settling, Stage, guarded, summed};
use super::state::StateCheck;
use crate::child::Finished;
use crate::cli::{Diagnostic, Severity};
use crate::failure::Failure;

/// One step of a scenario.
pub struct Step(pub(super) Box<dyn Play>);

/// How a step is played.
pub(super) trait Play {
    /// The step in a word or two.
    fn title(&self) -> String;
    fn play(self: Box<Self>, stage: &mut Stage) -> Result<(), Failure>;
}

impl<P: Play + 'static> From<P> for Step {
    fn from(step: P) -> Self {
        Self(Box::new(step))
    }
}

/// Plans and applies a configuration. A second plan must then find nothing to do and nothing changed.
#[must_use = "a step is nothing until a scenario has it"]
pub struct Apply {
    config: Option<Config>,
    options: Vec<String>,
    plan_checks: Vec<PlanCheck>,
    state_checks: Vec<StateCheck>,
    warnings: Vec<Message>,
    settling: Settling,
}

impl Apply {
    /// Of a configuration, which takes the place of the one before.
    pub fn config(config: impl Into<Config>) -> Self {
        Self::new(Some(config.into()))
    }

    /// Of the configuration of the step before, after something changed outside.
    pub fn again() -> Self {
        Self::new(None)
    }

    fn new(config: Option<Config>) -> Self {
        Self {
            config,
            options: Vec::new(),
            plan_checks: Vec::new(),
            state_checks: Vec::new(),
            warnings: Vec::new(),
            settling: Settling::default(),
        }
    }

    /// With an option of `plan`, such as `-replace=example_text_file.it`.
    pub fn option(mut self, option: impl Into<String>) -> Self {
        self.options.push(option.into());
        self
    }

    /// Checks the plan before it is applied.
    pub fn plan_check(mut self, check: PlanCheck) -> Self {
        self.plan_checks.push(check);
        self
    }

    /// Checks the state afterwards.
    pub fn state_check(mut self, check: StateCheck) -> Self {
        self.state_checks.push(check);
        self
    }

    /// Checks that plan or apply warn of this.
    pub fn warning(mut self, message: impl Into<Message>) -> Self {
        self.warnings.push(message.into());
        self
    }

    /// Says why the second plan finds something to do, or something changed; it must then find it.
    pub fn unsettled(mut self, reason: impl Into<String>) -> Self {
        self.settling = Settling::Unsettled(reason.into());
        self
    }
}

impl Play for Apply {
    fn title(&self) -> String {
        "apply".to_owned()
    }

    fn play(self: Box<Self>, stage: &mut Stage) -> Result<(), Failure> {
        stage.configure(self.config.as_ref())?;
        let plan = stage.plan(&self.options, &[])?;
        stage.check_plan(self.plan_checks, &plan)?;
        let answer = stage.apply(&plan)?;
        let said: Vec<Diagnostic> = plan.diagnostics.into_iter().chain(answer.diagnostics).collect();
        check_messages(Severity::Warning, &self.warnings, &said, false)?;
        stage.check_state(self.state_checks)?;
        stage.settle(&self.settling)
    }
}

/// Plans, and applies nothing.
#[must_use = "a step is nothing until a scenario has it"]
pub struct PlanOnly {
    config: Option<Config>,
    options: Vec<String>,
    checks: Vec<PlanCheck>,
    warnings: Vec<Message>,
}

impl PlanOnly {
    /// A configuration, for this step alone.
    pub fn config(config: impl Into<Config>) -> Self {
        Self::new(Some(config.into()))
    }

    /// The configuration of the step before.
    pub fn again() -> Self {
        Self::new(None)
    }

    fn new(config: Option<Config>) -> Self {
        Self {
            config,
            options: Vec::new(),
            checks: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// With an option of `plan`, such as `-destroy`.
    pub fn option(mut self, option: impl Into<String>) -> Self {
        self.options.push(option.into());
        self
    }

    /// Checks the plan.
    pub fn plan_check(mut self, check: PlanCheck) -> Self {
        self.checks.push(check);
        self
    }

    /// Checks that the plan warns of this.
    pub fn warning(mut self, message: impl Into<Message>) -> Self {
        self.warnings.push(message.into());
        self
    }
}

impl Play for PlanOnly {
    fn title(&self) -> String {
        "plan only".to_owned()
    }

    fn play(self: Box<Self>, stage: &mut Stage) -> Result<(), Failure> {
        if self.checks.is_empty() && self.warnings.is_empty() {
            return Err(Failure::new(
                "a plan that nothing checks proves nothing; add a `plan_check`",
            ));
        }
        match &self.config {
            Some(config) => stage.configure_once(config)?,
            None => stage.restore()?,
        }
        let plan = stage.plan(&self.options, &[])?;
        stage.check_plan(self.checks, &plan)?;
        check_messages(Severity::Warning, &self.warnings, &plan.diagnostics, false)?;
        if stage.has_config() { stage.restore() } else { Ok(()) }
    }
}

/// Brings the state up to what is there, and changes nothing.
#[derive(Default)]
#[must_use = "a step is nothing until a scenario has it"]
pub struct Refresh {
    plan_checks: Vec<PlanCheck>,
    state_checks: Vec<StateCheck>,
}

impl Refresh {
    /// With the configuration of the step before.
    pub fn new() -> Self {
        Self::default()
    }

    /// Checks what has drifted.
    pub fn plan_check(mut self, check: PlanCheck) -> Self {
        self.plan_checks.push(check);
        self
    }

    /// Checks the state afterwards.
    pub fn state_check(mut self, check: StateCheck) -> Self {
        self.state_checks.push(check);
        self
    }
}

impl Play for Refresh {
    fn title(&self) -> String {
        "refresh".to_owned()
    }

    fn play(self: Box<Self>, stage: &mut Stage) -> Result<(), Failure> {
        stage.restore()?;
        let plan = stage.plan(&[], &["-refresh-only"])?;
        stage.check_plan(self.plan_checks, &plan)?;
        stage.apply(&plan)?;
        stage.check_state(self.state_checks)
    }
}

/// Destroys everything. Every scenario ends so; as a step of its own it can be looked at.
#[derive(Default)]
#[must_use = "a step is nothing until a scenario has it"]
pub struct Destroy {
    checks: Vec<PlanCheck>,
}

impl Destroy {
    /// With the configuration of the step before.
    pub fn new() -> Self {
        Self::default()
    }

    /// Checks the plan.
    pub fn plan_check(mut self, check: PlanCheck) -> Self {
        self.checks.push(check);
        self
    }
}

impl Play for Destroy {
    fn title(&self) -> String {
        "destroy".to_owned()
    }

    fn play(self: Box<Self>, stage: &mut Stage) -> Result<(), Failure> {
        stage.restore()?;
        let plan = stage.plan(&[], &["-destroy"])?;
        stage.check_plan(self.checks, &plan)?;
        stage.apply(&plan)?;
        let state = stage.workspace.state()?;
        match state.managed()[..] {
            [] => Ok(()),
            ref left => Err(Failure::new(format!(
                "after the destroy, the state still has `{}`",
                left.join("`, `")
            ))),
        }
    }
}

/// Something that happens outside of the host: somebody changes an object, or the test looks at it.
#[must_use = "a step is nothing until a scenario has it"]
pub struct Outside {
    title: String,
    work: Box<dyn FnOnce() -> Result<(), String>>,
}

impl Outside {
    /// Does it; `title` says what. Assertions in it fail the scenario.
    pub fn new<O: Outcome>(title: impl Into<String>, work: impl FnOnce() -> O + 'static) -> Self {
        Self {
            title: title.into(),
            work: Box::new(move || guarded(work)),
        }
    }
}

impl Play for Outside {
    fn title(&self) -> String {
        format!("outside, {}", self.title)
    }

    fn play(self: Box<Self>, _: &mut Stage) -> Result<(), Failure> {
        (self.work)().map_err(Failure::new)
    }
}

/// Any command of the host. It has to succeed.
#[must_use = "a step is nothing until a scenario has it"]
pub struct Run {
    arguments: Vec<String>,
    checks: Vec<FinishedCheck>,
}

type FinishedCheck = Box<dyn FnOnce(&Finished) -> Result<(), String>>;

impl Run {
    /// With arguments, such as `["state", "mv", "a.b", "a.c"]`.
    pub fn command<A: Into<String>>(arguments: impl IntoIterator<Item = A>) -> Self {
        Self {
            arguments: arguments.into_iter().map(Into::into).collect(),
            checks: Vec::new(),
        }
    }

    /// Checks what it printed.
    pub fn check<O: Outcome>(mut self, check: impl FnOnce(&Finished) -> O + 'static) -> Self {
        self.checks.push(Box::new(move |finished| check(finished).outcome()));
        self
    }
}

impl Play for Run {
    fn title(&self) -> String {
        self.arguments.join(" ")
    }

    fn play(self: Box<Self>, stage: &mut Stage) -> Result<(), Failure> {
        let finished = stage.workspace.run(&self.arguments)?;
        stage.say(&self.title(), &format!("{}\n{}", finished.stdout, finished.stderr));
        if !finished.status.success() {
            return Err(Failure::new(format!("the command ended with {}", finished.status)));
        }
        let results = self.checks.into_iter().map(|check| guarded(|| check(&finished)));
        summed(results, "the command did not print what was expected")
    }
}

/// Compares what was said with what was expected.
pub(super) fn check_messages(
    severity: Severity,
    expected: &[Message],
    found: &[Diagnostic],
    is_all: bool,
) -> Result<(), Failure> {
    let wrong = compare(severity, expected, found, is_all);
    summed(wrong.into_iter().map(Err), "the host did not say what was expected")
}
