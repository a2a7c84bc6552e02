use std::fmt;

use super::input::Kind;
use crate::json;

const MAKE_PLAN: &str = "terraform plan -out=plan.tfplan";
const SHOW_PLAN: &str = "terraform show -json plan.tfplan > plan.json";

/// Why a file is not taken, and what to do instead. It never quotes the file, which may hold secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What the file was recognised as.
    pub kind: Kind,
    /// What is wrong, in one line.
    pub summary: String,
    /// What was found, what it means and what to do.
    pub detail: String,
    /// Commands that make the right file, in order.
    pub commands: Vec<&'static str>,
    /// Where reading stopped.
    pub place: Option<Place>,
}

/// A place in a text, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. {}", self.summary, self.detail)
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    fn new(kind: Kind, summary: &str, detail: impl Into<String>, commands: &[&'static str]) -> Self {
        Self {
            kind,
            summary: summary.to_owned(),
            detail: detail.into(),
            commands: commands.to_vec(),
            place: None,
        }
    }

    /// The refusal of a whole kind of files; plans are the one kind that is taken.
    pub(super) fn of_kind(kind: Kind) -> Self {
        let plan_first = &[MAKE_PLAN, SHOW_PLAN];
        let (summary, detail, commands): (_, _, &[_]) = match kind {
            Kind::Plan => (
                "This plan cannot be read",
                "It looks like a plan in JSON, but its parts are not where they should be. Write it again.",
                &[SHOW_PLAN],
            ),
            Kind::SavedPlan => (
                "This is a saved plan file, not JSON",
                "A file made with `-out` is binary, and only the Terraform or OpenTofu that wrote it can read it. Let it write the same plan \
                 as JSON; in the command, put the name of your file in place of `plan.tfplan`.",
                &[SHOW_PLAN],
            ),
            Kind::PlanText => (
                "This is a plan as text for people, not JSON",
                "The text that `terraform plan` prints leaves out and shortens values, so it cannot be read back. Save the plan and write it \
                 as JSON.",
                plan_first,
            ),
            Kind::UiStream => (
                "This is the event log of a run, not a plan",
                "`terraform plan -json` prints one event per line and does not contain the planned values. Save the plan and write it as \
                 JSON with `show`.",
                plan_first,
            ),
            Kind::StateFile => (
                "This is a state file, not a plan",
                "A state says what exists, not what is going to change. Make a plan against this state and write it as JSON.",
                plan_first,
            ),
            Kind::StateJson => (
                "This is a state as JSON, not a plan",
                "`terraform show -json` without the name of a saved plan writes the state. Name the plan in the command.",
                plan_first,
            ),
            Kind::Policy => (
                "This is an IAM policy, not a plan",
                "Trust policies are shown here as part of a plan, before and after. Give the plan that changes the role.",
                plan_first,
            ),
            Kind::Kubernetes => (
                "This is a Kubernetes object, not a plan",
                "Give the plan that binds the service account to a role.",
                plan_first,
            ),
            Kind::ProviderSchemas => (
                "These are provider schemas, not a plan",
                "`terraform providers schema -json` describes resource types. Give a plan as JSON.",
                plan_first,
            ),
            Kind::Configuration => (
                "This is configuration, not a plan",
                "What a configuration changes is known only together with the state. Make a plan and write it as JSON.",
                plan_first,
            ),
            Kind::Encrypted => (
                "This file is encrypted",
                "OpenTofu encrypted this state or plan. Run `tofu show` where its key is configured.",
                &["tofu show -json plan.tfplan > plan.json"],
            ),
            Kind::Compressed => (
                "This file is compressed",
                "Unpack it first; what is wanted is the JSON inside.",
                &["gunzip plan.json.gz", SHOW_PLAN],
            ),
            Kind::Empty => (
                "This file is empty",
                "A redirect such as `> plan.json` leaves an empty file when the command before it fails: look at what it printed.",
                plan_first,
            ),
            Kind::OtherJson => (
                "This JSON is not a plan",
                "A plan is an object with `format_version` and `resource_changes`; neither a plan nor anything related to one was \
                 recognised.",
                plan_first,
            ),
            Kind::Binary => (
                "This is a binary file, not JSON",
                "It is no saved plan either. Give a plan as JSON.",
                plan_first,
            ),
            Kind::Text => ("This is not JSON", "Give a plan as JSON.", plan_first),
        };
        Self::new(kind, summary, detail, commands)
    }

    /// JSON that breaks off or breaks the rules.
    pub(super) fn of_error(kind: Kind, error: &json::Error) -> Self {
        let at = format!("line {}, column {}", error.line, error.column);
        let mut refusal = match error.problem {
            json::Problem::Truncated => Self::new(
                kind,
                "This JSON breaks off in the middle",
                format!(
                    "The text ends at {at}, inside a value: the file was cut short while it was written, copied or downloaded. Write it again."
                ),
                &[SHOW_PLAN],
            ),
            json::Problem::Empty => return Self::of_kind(Kind::Empty),
            json::Problem::TooLong => Self::new(
                kind,
                "This file is too large",
                "More than 256 MB cannot be shown here. Plan fewer resources at once, for example with `-target`.",
                &[],
            ),
            json::Problem::TooDeep => Self::new(
                kind,
                "This JSON is nested too deeply",
                format!("More than 128 levels at {at}; no plan is written like this."),
                &[SHOW_PLAN],
            ),
            json::Problem::Expected(_)
            | json::Problem::Trailing
            | json::Problem::ControlCharacter
            | json::Problem::Escape
            | json::Problem::LoneSurrogate
            | json::Problem::Number => Self::new(
                kind,
                "This is not valid JSON",
                format!(
                    "Reading stopped at {at}: {}. A message of the command, or of a wrapper around it, may have got into the file.",
                    error.problem
                ),
                &[SHOW_PLAN],
            ),
        };
        refusal.place = Some(Place {
            line: error.line,
            column: error.column,
        });
        refusal
    }

    pub(super) fn of_encoding(problem: &str) -> Self {
        Self::new(
            Kind::Text,
            "The characters of this file cannot be read",
            format!("{problem} Write the file again as UTF-8."),
            &[SHOW_PLAN],
        )
    }

    pub(super) fn of_version(found: &str, reason: &str) -> Self {
        Self::new(
            Kind::Plan,
            "This version of the plan format is not known",
            format!("`format_version` is `{found}`, and 1.x is understood. {reason}"),
            &[SHOW_PLAN],
        )
    }

    pub(super) fn of_shape(problem: &str) -> Self {
        let mut refusal = Self::of_kind(Kind::Plan);
        refusal.detail =
            format!("It looks like a plan in JSON, but {problem}. Write it again with Terraform or OpenTofu.");
        refusal
    }
}
