use super::redact::{Redactor, Shown};
use crate::json::Node;
use crate::path::Path;

/// A plan: what is going to change, and how complete that picture is.
#[derive(Debug)]
pub struct Plan {
    /// Version of the format.
    pub format_version: Version,
    /// Version of the Terraform or OpenTofu that made the plan.
    pub terraform_version: Option<String>,
    /// When it was made, as it is written there.
    pub timestamp: Option<String>,
    /// Planning failed: the changes are those found until then.
    pub errored: bool,
    /// Whether nothing would be left to do after this plan; unknown before format 1.2.
    pub complete: Option<bool>,
    /// Whether it can be applied; unknown before format 1.2.
    pub applyable: Option<bool>,
    /// Resources, in the order of the plan, those without change included.
    pub changes: Vec<ResourceChange>,
    /// What changed outside of Terraform.
    pub drift: Vec<ResourceChange>,
    /// What could not be planned yet.
    pub deferred: Vec<Deferred>,
    /// Outputs of the root module.
    pub outputs: Vec<OutputChange>,
    /// Remarks about the file, for the reader.
    pub notes: Vec<String>,
    pub(super) configuration: Option<Node>,
    pub(super) redactor: Redactor,
}

/// A `format_version`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Changes when old readers would misread.
    pub major: u32,
    /// Changes when something is added.
    pub minor: u32,
}

/// What happens to a resource or an output.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Nothing.
    NoOp,
    /// It is made.
    Create,
    /// A data source is read during apply.
    Read,
    /// It is changed in place.
    Update,
    /// It is deleted, then made anew.
    DeleteThenCreate,
    /// It is made anew, then the old one is deleted.
    CreateThenDelete,
    /// It is made anew, and the old one is left alone.
    CreateThenForget,
    /// It is deleted.
    Delete,
    /// It leaves the state and stays where it is.
    Forget,
    /// Something this reader does not know, in the words of the plan.
    Other(String),
}

/// What happens to one resource instance.
#[derive(Debug)]
pub struct ResourceChange {
    /// Its full address.
    pub address: String,
    /// The address it had before, when it is moved.
    pub previous_address: Option<String>,
    /// Address of its module; `None` in the root module.
    pub module: Option<String>,
    /// `managed`, `data` or `ephemeral`.
    pub mode: String,
    /// Resource type.
    pub type_name: String,
    /// Address of its provider.
    pub provider: String,
    /// Key of the deposed object that this is about, when it is not the current one.
    pub deposed: Option<String>,
    /// What happens.
    pub action: Action,
    /// Why, in the plan's word.
    pub reason: Option<String>,
    /// Attributes that cannot be changed in place.
    pub replace_paths: Vec<Path>,
    /// Set when it is imported.
    pub import: Option<Import>,
    pub(super) values: Values,
}

/// An import that the plan does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The id, unless unknown, sensitive or given as identity.
    pub id: Option<String>,
}

/// A change that waits for a later plan.
#[derive(Debug)]
pub struct Deferred {
    /// Why, in the plan's word.
    pub reason: String,
    /// The change as far as it is known.
    pub change: ResourceChange,
}

/// What happens to one output.
#[derive(Debug)]
pub struct OutputChange {
    /// Its name.
    pub name: String,
    /// What happens.
    pub action: Action,
    pub(super) values: Values,
}

/// The two sides of a change as the file holds them. They leave this module only through the redactor.
#[derive(Debug)]
pub(super) struct Values {
    pub(super) before: Option<Node>,
    pub(super) before_sensitive: Option<Node>,
    pub(super) after: Option<Node>,
    pub(super) after_sensitive: Option<Node>,
    pub(super) after_unknown: Option<Node>,
}

impl Plan {
    /// What was there before and what will be there after, with sensitive values masked.
    pub fn sides(&self, change: &ResourceChange) -> (Shown, Shown) {
        self.redactor.sides(&change.values)
    }

    /// The same of an output.
    pub fn output_sides(&self, change: &OutputChange) -> (Shown, Shown) {
        self.redactor.sides(&change.values)
    }
}

impl Action {
    pub(super) fn from_words(words: &[&str]) -> Self {
        match words {
            ["no-op"] => Self::NoOp,
            ["create"] => Self::Create,
            ["read"] => Self::Read,
            ["update"] => Self::Update,
            ["delete", "create"] => Self::DeleteThenCreate,
            ["create", "delete"] => Self::CreateThenDelete,
            ["create", "forget"] => Self::CreateThenForget,
            ["delete"] => Self::Delete,
            ["forget"] => Self::Forget,
            other => Self::Other(other.join(", ")),
        }
    }

    /// Whether an object is made in place of another.
    pub fn is_replacement(&self) -> bool {
        matches!(
            self,
            Self::DeleteThenCreate | Self::CreateThenDelete | Self::CreateThenForget
        )
    }
}

/// A sentence for a reason, without a final period; a reason that is not known is quoted.
fn reason_in_words(reason: &str) -> String {
    let known = match reason {
        "replace_because_tainted" => "an earlier apply failed half-way, or it was tainted by hand",
        "replace_because_cannot_update" => "it cannot be changed in place",
        "replace_by_request" => "asked for with `-replace`",
        "replace_by_triggers" => "`replace_triggered_by` names something that changes",
        "delete_because_no_resource_config" => "it is no longer in the configuration",
        "delete_because_no_module" => "its module is no longer in the configuration",
        "delete_because_wrong_repetition" => "`count` or `for_each` was added or removed",
        "delete_because_count_index" => "its index is out of the range of `count`",
        "delete_because_each_key" => "its key is no longer in `for_each`",
        "delete_because_no_move_target" => "it was moved to an address that is not in the configuration",
        "read_because_config_unknown" => "its arguments are known only after apply",
        "read_because_dependency_pending" => "something it depends on changes first",
        "read_because_check_nested" => "it belongs to a `check` block",
        "instance_count_unknown" => "`count` or `for_each` is not known yet",
        "resource_config_unknown" => "its arguments are not known yet",
        "provider_config_unknown" => "the configuration of its provider is not known yet",
        "deferred_prereq" => "something it depends on is deferred",
        "absent_prereq" => "something it depends on does not exist yet",
        other => return format!("the plan says `{other}`"),
    };
    known.to_owned()
}

impl ResourceChange {
    /// Why it happens, in words; for a replacement, with the attributes that force it.
    pub fn reason_in_words(&self) -> Option<String> {
        if self.action.is_replacement() && !self.replace_paths.is_empty() {
            let names: Vec<_> = self.replace_paths.iter().map(|path| format!("`{path}`")).collect();
            let verb = if names.len() == 1 { "changes and" } else { "change and" };
            return Some(format!("{} {verb} cannot be changed in place", names.join(", ")));
        }
        self.reason.as_deref().map(reason_in_words)
    }
}

impl Deferred {
    /// Why it waits, in words.
    pub fn reason_in_words(&self) -> String {
        reason_in_words(&self.reason)
    }
}
