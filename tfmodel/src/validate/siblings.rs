//! Rules between the attributes and blocks of one object.

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostic;
use crate::path::Path;
use crate::schema::{NestedBlock, SiblingRule};
use crate::value::{Datum, Value};

/// One object of the configuration.
pub(super) struct Siblings<'c> {
    pub(super) values: &'c BTreeMap<String, Value>,
    pub(super) blocks: &'c [NestedBlock],
    pub(super) path: &'c Path,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Absent,
    Unknown,
    Set,
}

impl<'c> Siblings<'c> {
    pub(super) fn value(&self, name: &str) -> &'c Value {
        self.values.get(name).unwrap_or(&Value::Null)
    }

    /// How `rule`, which stands at `name`, is broken.
    pub(super) fn problem(&self, name: &str, rule: &SiblingRule) -> Option<Diagnostic> {
        match rule {
            SiblingRule::AtLeastOneOf(names) => self.none_set(names),
            SiblingRule::ExactlyOneOf(names) => {
                let set = self.in_state(names, State::Set);
                if set.len() > 1 {
                    Some(self.about(
                        "Only one of several values can be set",
                        format!(
                            "{} are set, and they exclude each other. Keep one of them.",
                            joined(&set)
                        ),
                    ))
                } else {
                    self.none_set(names)
                }
            }
            SiblingRule::ConflictsWith(names) => {
                let set = self.in_state(names, State::Set);
                (self.state(name) == State::Set && !set.is_empty()).then(|| {
                    self.at(
                        name,
                        "is set beside what it excludes",
                        format!("It cannot be set together with {}. Remove one of them.", joined(&set)),
                    )
                })
            }
            SiblingRule::Requires(names) => {
                let absent = self.in_state(names, State::Absent);
                (self.state(name) == State::Set && !absent.is_empty()).then(|| {
                    self.at(
                        name,
                        "is set without what it needs",
                        format!(
                            "It means something only together with {}. Set that too, or remove this.",
                            joined(&absent)
                        ),
                    )
                })
            }
        }
    }

    fn none_set(&self, names: &[&str]) -> Option<Diagnostic> {
        (self.in_state(names, State::Absent).len() == names.len()).then(|| {
            self.about(
                "One of several values has to be set",
                format!("None of {} is set. Set one of them.", joined(names)),
            )
        })
    }

    /// An error about the whole object.
    fn about(&self, summary: &str, detail: String) -> Diagnostic {
        let error = Diagnostic::error(summary, detail);
        if self.path.is_root() {
            error
        } else {
            error.at(self.path.clone())
        }
    }

    fn at(&self, name: &str, what: &str, detail: String) -> Diagnostic {
        let path = self.path.with_attribute(name);
        Diagnostic::error(format!("`{path}` {what}"), detail).at(path)
    }

    fn in_state<'n>(&self, names: &[&'n str], state: State) -> Vec<&'n str> {
        names.iter().copied().filter(|name| self.state(name) == state).collect()
    }

    fn state(&self, name: &str) -> State {
        match self.value(name) {
            Value::Null => State::Absent,
            Value::Unknown(_) => State::Unknown,
            Value::Known(datum) if self.blocks.iter().any(|block| block.name == name) && is_absent_block(datum) => {
                State::Absent
            }
            Value::Known(_) => State::Set,
        }
    }
}

/// A block that does not occur is an empty collection or, as a group, an object of nulls.
fn is_absent_block(datum: &Datum) -> bool {
    match datum {
        Datum::List(elements) | Datum::Set(elements) | Datum::Tuple(elements) => elements.is_empty(),
        Datum::Map(entries) => entries.is_empty(),
        Datum::Object(attributes) => attributes.values().all(Value::is_null),
        Datum::Bool(_) | Datum::Number(_) | Datum::String(_) | Datum::Dynamic(_) => false,
    }
}

fn joined(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
