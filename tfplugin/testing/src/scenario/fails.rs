//! What has to fail.

use super::config::Config;
use super::message::Message;
use super::stage::Stage;
use super::state::StateCheck;
use super::step::{Play, check_messages};
use crate::cli::{Answer, Diagnostic, Severity};
use crate::failure::Failure;

/// A step that has to fail: where, and with which errors. All errors are named; what happens before has to succeed.
#[must_use = "a step is nothing until a scenario has it"]
pub struct Fails {
    at: At,
    errors: Vec<Message>,
    warnings: Vec<Message>,
    state_checks: Vec<StateCheck>,
}

enum At {
    Validate(Config),
    Plan(Config),
    Apply(Config),
    Destroy,
    Import { address: String, id: String },
}

impl Fails {
    /// When a configuration is validated, before the provider is configured.
    pub fn validate(config: impl Into<Config>) -> Self {
        Self::new(At::Validate(config.into()))
    }

    /// When a valid configuration is planned.
    pub fn plan(config: impl Into<Config>) -> Self {
        Self::new(At::Plan(config.into()))
    }

    /// When a plan of a configuration is applied.
    pub fn apply(config: impl Into<Config>) -> Self {
        Self::new(At::Apply(config.into()))
    }

    /// When everything is destroyed.
    pub fn destroy() -> Self {
        Self::new(At::Destroy)
    }

    /// When an object is imported by the command of that name, into the configuration of the step before.
    pub fn import(address: impl Into<String>, id: impl Into<String>) -> Self {
        Self::new(At::Import {
            address: address.into(),
            id: id.into(),
        })
    }

    fn new(at: At) -> Self {
        Self {
            at,
            errors: Vec::new(),
            warnings: Vec::new(),
            state_checks: Vec::new(),
        }
    }

    /// With this error, and with no other that is not named.
    pub fn error(mut self, message: impl Into<Message>) -> Self {
        self.errors.push(message.into());
        self
    }

    /// With this warning, whatever others there are.
    pub fn warning(mut self, message: impl Into<Message>) -> Self {
        self.warnings.push(message.into());
        self
    }

    /// Checks what the failure has left in the state.
    pub fn state_check(mut self, check: StateCheck) -> Self {
        self.state_checks.push(check);
        self
    }
}

impl Play for Fails {
    fn title(&self) -> String {
        let at = match self.at {
            At::Validate(_) => "validate",
            At::Plan(_) => "plan",
            At::Apply(_) => "apply",
            At::Destroy => "destroy",
            At::Import { .. } => "import",
        };
        format!("{at} that fails")
    }

    fn play(self: Box<Self>, stage: &mut Stage) -> Result<(), Failure> {
        if self.errors.is_empty() {
            return Err(Failure::new("nothing says which error is expected; add an `error`"));
        }
        let said = match self.at {
            At::Validate(config) => {
                stage.configure_once(&config)?;
                validate(stage)?
            }
            At::Plan(config) => {
                stage.configure_once(&config)?;
                let found = validate(stage)?;
                if found.iter().any(|one| one.severity == Severity::Error) {
                    return Err(Failure::new(
                        "the configuration is not valid already; if that is meant, say `Fails::validate`",
                    ));
                }
                diagnostics(stage, &[])?
            }
            At::Apply(config) => {
                // What a failed apply leaves behind needs a configuration to be destroyed with.
                if stage.has_config() {
                    stage.configure_once(&config)?;
                } else {
                    stage.configure(Some(&config))?;
                }
                apply(stage, &[])?
            }
            At::Destroy => {
                stage.restore()?;
                apply(stage, &["-destroy"])?
            }
            At::Import { address, id } => {
                stage.restore()?;
                let answer = stage.workspace.try_import(&address, &id)?;
                refused(stage, answer)?
            }
        };
        check_messages(Severity::Error, &self.errors, &said, true)?;
        check_messages(Severity::Warning, &self.warnings, &said, false)?;
        stage.check_state(self.state_checks)?;
        if stage.has_config() { stage.restore() } else { Ok(()) }
    }
}

fn validate(stage: &mut Stage) -> Result<Vec<Diagnostic>, Failure> {
    let answer = stage.workspace.validate()?;
    let said: Vec<String> = answer.diagnostics.iter().map(ToString::to_string).collect();
    stage.say("validate", &said.join("\n"));
    Ok(answer.diagnostics)
}

fn diagnostics(stage: &mut Stage, more: &[&str]) -> Result<Vec<Diagnostic>, Failure> {
    match stage.try_plan(&[], more)? {
        Ok(_) => Err(Failure::new("the plan has not failed")),
        Err(answer) => Ok(answer.diagnostics),
    }
}

fn apply(stage: &mut Stage, more: &[&str]) -> Result<Vec<Diagnostic>, Failure> {
    let plan = stage.plan(&[], more)?;
    let answer = stage.workspace.try_apply_plan(&plan)?;
    refused(stage, answer)
}

fn refused(stage: &mut Stage, answer: Answer) -> Result<Vec<Diagnostic>, Failure> {
    stage.say(&answer.command, &answer.text());
    if answer.is_success() {
        return Err(Failure::new("it has not failed"));
    }
    Ok(answer.diagnostics)
}
