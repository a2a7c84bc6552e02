//! A plan that was saved.

use std::fmt;
use std::path::PathBuf;

use serde_json::Value;

use super::Diagnostic;

/// What is done with one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Nothing.
    NoOp,
    /// It is made.
    Create,
    /// A data source is read during apply.
    Read,
    /// It is changed in place.
    Update,
    /// It goes.
    Delete,
    /// The old object goes before the new one comes.
    DeleteThenCreate,
    /// The new object comes before the old one goes.
    CreateThenDelete,
    /// The state forgets it.
    Forget,
}

impl Action {
    /// As plan JSON spells it.
    #[must_use]
    pub const fn spelling(self) -> &'static [&'static str] {
        match self {
            Self::NoOp => &["no-op"],
            Self::Create => &["create"],
            Self::Read => &["read"],
            Self::Update => &["update"],
            Self::Delete => &["delete"],
            Self::DeleteThenCreate => &["delete", "create"],
            Self::CreateThenDelete => &["create", "delete"],
            Self::Forget => &["forget"],
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spelling().join(", then "))
    }
}

/// A plan that was saved and shown.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What `show -json` says of it.
    pub json: Value,
    /// What `plan` said while it was made.
    pub output: String,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
    /// Where it is saved.
    pub file: PathBuf,
    pub(super) has_changes: bool,
}

impl Plan {
    /// Whether the CLI found nothing to do, outputs included.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.has_changes
    }

    /// The actions on one resource, such as `["update"]`.
    #[must_use]
    pub fn actions(&self, address: &str) -> Vec<&str> {
        let actions = self
            .resource(address)
            .and_then(|change| change.pointer("/change/actions"));
        let actions = actions.and_then(Value::as_array).into_iter().flatten();
        actions.filter_map(Value::as_str).collect()
    }

    /// All that the plan says of one resource.
    #[must_use]
    pub fn resource(&self, address: &str) -> Option<&Value> {
        self.resources().find(|change| named(change, address))
    }

    /// What changed outside, for one resource.
    #[must_use]
    pub fn drift(&self, address: &str) -> Option<&Value> {
        self.drifted().find(|change| named(change, address))
    }

    /// Every resource.
    pub fn resources(&self) -> impl Iterator<Item = &Value> {
        self.list("/resource_changes")
    }

    /// Every resource that changed outside.
    pub fn drifted(&self) -> impl Iterator<Item = &Value> {
        self.list("/resource_drift")
    }

    /// Every resource whose change waits for something.
    pub fn deferred(&self) -> impl Iterator<Item = &Value> {
        self.list("/deferred_changes")
    }

    fn list(&self, pointer: &str) -> impl Iterator<Item = &Value> {
        self.json
            .pointer(pointer)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    }
}

fn named(change: &Value, address: &str) -> bool {
    change.get("address").and_then(Value::as_str) == Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_those_of_the_named_resource() {
        let plan = Plan {
            json: serde_json::json!({ "resource_changes": [
                { "address": "a.b", "change": { "actions": ["update"] } },
                { "address": "a.c", "change": { "actions": ["delete", "create"] } },
            ]}),
            output: String::new(),
            diagnostics: Vec::new(),
            file: PathBuf::new(),
            has_changes: true,
        };
        assert_eq!(plan.actions("a.c"), Action::DeleteThenCreate.spelling());
        assert!(plan.actions("a.d").is_empty());
    }
}
