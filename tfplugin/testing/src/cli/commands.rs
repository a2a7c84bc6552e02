//! The commands of a CLI, each with what it takes and how it answers.

use serde_json::Value;

use super::workspace::{Answer, COMMON, Workspace, command_line, failure};
use super::{Diagnostic, Plan, State, Version};
use crate::failure::{During, Failure};

const PLAN_FILE: &str = "plan.tfplan";
/// With `-detailed-exitcode`: succeeded, with changes.
const HAS_CHANGES: i32 = 2;

impl Workspace {
    /// `validate`: errors and warnings of the configuration.
    ///
    /// # Errors
    ///
    /// When the command does not answer.
    pub fn validate(&self) -> Result<Answer, Failure> {
        let arguments = ["validate", "-json", "-no-color"];
        let finished = self.run(arguments)?;
        let answer: Value = serde_json::from_str(&finished.stdout)
            .map_err(|_| Failure::new(failure(&command_line(&arguments), &finished)))?;
        let found = answer
            .get("diagnostics")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        Ok(Answer {
            command: command_line(&arguments),
            diagnostics: found.filter_map(Diagnostic::read).collect(),
            finished,
            lines: vec![answer],
        })
    }

    /// `plan`, saved and shown.
    ///
    /// # Errors
    ///
    /// When there is no plan, with the diagnostics.
    pub fn plan(&self, arguments: &[&str]) -> Result<Plan, Failure> {
        self.try_plan(arguments)?.map_err(|answer| answer.failure())
    }

    /// `plan`, or what was said in its place.
    ///
    /// # Errors
    ///
    /// When the command cannot be run.
    pub fn try_plan(&self, arguments: &[&str]) -> Result<Result<Plan, Answer>, Failure> {
        let mut all = vec!["plan", "-detailed-exitcode", "-out", PLAN_FILE];
        all.extend(arguments);
        let answer = self.answer(&all)?;
        let has_changes = match answer.finished.status.code() {
            Some(0) => false,
            Some(HAS_CHANGES) => true,
            _ => return Ok(Err(answer)),
        };
        let shown = self.succeed(&["show", "-no-color", "-json", PLAN_FILE])?;
        Ok(Ok(Plan {
            json: serde_json::from_str(&shown).during("`show -json` of the plan")?,
            output: answer.text(),
            diagnostics: answer.diagnostics,
            file: self.configuration().join(PLAN_FILE),
            has_changes,
        }))
    }

    /// The version of the CLI.
    ///
    /// # Errors
    ///
    /// When it does not say.
    pub fn version(&self) -> Result<Version, Failure> {
        let arguments = ["version", "-json"];
        let said = self.succeed(&arguments)?;
        serde_json::from_str::<Value>(&said)
            .ok()
            .and_then(|answer| Version::parse(answer.get("terraform_version")?.as_str()?))
            .ok_or_else(|| Failure::new(format!("`{}` says no version: {said}", command_line(&arguments))))
    }

    /// A saved plan, as its reader sees it.
    ///
    /// # Errors
    ///
    /// When the CLI does not show it.
    pub fn show(&self, plan: &Plan) -> Result<String, Failure> {
        self.succeed(&["show", "-no-color", &plan.file.to_string_lossy()])
    }

    /// Applies a saved plan.
    ///
    /// # Errors
    ///
    /// When that fails, with the diagnostics.
    pub fn apply_plan(&self, plan: &Plan) -> Result<Answer, Failure> {
        self.try_apply_plan(plan)?.or_failure()
    }

    /// Applies a saved plan, whatever becomes of it.
    ///
    /// # Errors
    ///
    /// When the command cannot be run.
    pub fn try_apply_plan(&self, plan: &Plan) -> Result<Answer, Failure> {
        self.answer(&["apply", &plan.file.to_string_lossy()])
    }

    /// Destroys everything.
    ///
    /// # Errors
    ///
    /// When that fails, with the diagnostics.
    pub fn destroy(&self, arguments: &[&str]) -> Result<Answer, Failure> {
        let mut all = vec!["destroy", "-auto-approve"];
        all.extend(arguments);
        self.answer(&all)?.or_failure()
    }

    /// Imports an object by the command of that name.
    ///
    /// # Errors
    ///
    /// When that fails, with the diagnostics.
    pub fn import(&self, address: &str, id: &str) -> Result<Answer, Failure> {
        self.try_import(address, id)?.or_failure()
    }

    /// Imports an object by the command of that name, whatever becomes of it.
    ///
    /// # Errors
    ///
    /// When the command cannot be run.
    pub fn try_import(&self, address: &str, id: &str) -> Result<Answer, Failure> {
        // This command knows no `-json`.
        let [no_color, no_input] = COMMON;
        let arguments = ["import", no_color, no_input, address, id];
        let finished = self.run(arguments)?;
        Ok(Answer {
            command: command_line(&arguments),
            diagnostics: Diagnostic::find(&format!("{}\n{}", finished.stdout, finished.stderr)),
            lines: Vec::new(),
            finished,
        })
    }

    /// Forgets a resource and leaves what it manages as it is.
    ///
    /// # Errors
    ///
    /// When it is not in the state.
    pub fn forget(&self, address: &str) -> Result<(), Failure> {
        self.succeed(&["state", "rm", address]).map(drop)
    }

    /// The state, as `show -json` has it.
    ///
    /// # Errors
    ///
    /// When the CLI does not show it.
    pub fn state(&self) -> Result<State, Failure> {
        let shown = self.succeed(&["show", "-no-color", "-json"])?;
        let json = serde_json::from_str(&shown).during("`show -json`")?;
        Ok(State { json })
    }

    /// The values of one resource in the state.
    ///
    /// # Errors
    ///
    /// When it is not there.
    pub fn resource(&self, address: &str) -> Result<Value, Failure> {
        let state = self.state()?;
        let values = state.values(address).cloned();
        values.ok_or_else(|| Failure::new(format!("`{address}` is not in the state")))
    }
}
