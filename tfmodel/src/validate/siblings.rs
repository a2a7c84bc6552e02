//! Rules between the attributes and blocks of one object.

use std::cmp::Ordering;

use crate::attributes::Attributes;
use crate::diagnostics::Diagnostic;
use crate::number::Number;
use crate::path::Path;
use crate::schema::{NestedBlock, SiblingRule};
use crate::value::{Datum, Value};

/// One object of the configuration.
pub(super) struct Siblings<'c> {
    pub(super) values: &'c Attributes<Value>,
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
            SiblingRule::ExactlyOneOf(names) => self.several_set(names).or_else(|| self.none_set(names)),
            SiblingRule::AtMostOneOf(names) => self.several_set(names),
            SiblingRule::RequiredTogether(names) => self.some_set(names),
            SiblingRule::ConflictsWith(names) => {
                let set = self.in_state(names, State::Set);
                (self.is_set(name) && !set.is_empty()).then(|| {
                    self.at(
                        name,
                        "is set beside what it excludes",
                        format!("It cannot be set together with {}. Remove one of them.", joined(&set)),
                    )
                })
            }
            SiblingRule::Requires(names) => {
                let absent = self.in_state(names, State::Absent);
                (self.is_set(name) && !absent.is_empty()).then(|| {
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
            SiblingRule::PreferWriteOnly(_) => None,
            SiblingRule::AtLeastSumOf(names) => {
                self.compared(name, names, Ordering::is_ge, Operation::Sum, "at least the sum")
            }
            SiblingRule::AtMostSumOf(names) => {
                self.compared(name, names, Ordering::is_le, Operation::Sum, "at most the sum")
            }
            SiblingRule::EqualToSumOf(names) => self.compared(name, names, Ordering::is_eq, Operation::Sum, "the sum"),
            SiblingRule::EqualToProductOf(names) => {
                self.compared(name, names, Ordering::is_eq, Operation::Product, "the product")
            }
        }
    }

    /// What `rule` advises where the host knows write-only attributes.
    pub(super) fn write_only_advice(&self, name: &str, rule: &SiblingRule) -> Option<Diagnostic> {
        let SiblingRule::PreferWriteOnly(names) = rule else {
            return None;
        };
        self.is_set(name).then(|| {
            let path = self.path.with_attribute(name);
            Diagnostic::warning(
                format!("`{path}` is kept in the state"),
                format!(
                    "Its value is stored, and everyone who can read the state can read it. {} is write-only: never in plan or state. Use \
                     that instead.",
                    joined(names)
                ),
            )
            .at(path)
        })
    }

    fn none_set(&self, names: &[&str]) -> Option<Diagnostic> {
        (self.in_state(names, State::Absent).len() == names.len()).then(|| {
            self.about(
                "One of several values has to be set",
                format!("None of {} is set. Set one of them.", joined(names)),
            )
        })
    }

    fn several_set(&self, names: &[&str]) -> Option<Diagnostic> {
        let set = self.in_state(names, State::Set);
        (set.len() > 1).then(|| {
            self.about(
                "Only one of several values can be set",
                format!(
                    "{} are set, and they exclude each other. Keep one of them.",
                    joined(&set)
                ),
            )
        })
    }

    fn some_set(&self, names: &[&str]) -> Option<Diagnostic> {
        let (set, absent) = (self.in_state(names, State::Set), self.in_state(names, State::Absent));
        (!set.is_empty() && !absent.is_empty()).then(|| {
            self.about(
                "Values have to be set together",
                format!(
                    "{} is set without {}. Set all of them, or none.",
                    joined(&set),
                    joined(&absent)
                ),
            )
        })
    }

    /// Compares the number at `name` with what the others make. What is unknown, or too large to tell, keeps the rule.
    fn compared(
        &self,
        name: &str,
        names: &[&str],
        keeps: fn(Ordering) -> bool,
        operation: Operation,
        wanted: &str,
    ) -> Option<Diagnostic> {
        let number = self.number(name)??;
        let mut total = operation.start();
        for other in names {
            total = match (self.number(other)?, operation) {
                (None, Operation::Sum) => total,
                (None, Operation::Product) => return None,
                (Some(other), Operation::Sum) => total.checked_add(other)?,
                (Some(other), Operation::Product) => total.checked_mul(other)?,
            };
        }
        (!keeps(number.cmp(&total))).then(|| {
            let path = self.path.with_attribute(name);
            Diagnostic::error(
                format!("Invalid value of `{path}`"),
                // Without the numbers: one of them may be sensitive.
                format!("It has to be {wanted} of {}. Change one of them.", joined(names)),
            )
            .at(path)
        })
    }

    /// The number of that name, `Some(None)` if it is null; `None` if it cannot be told.
    fn number(&self, name: &str) -> Option<Option<&'c Number>> {
        match self.value(name) {
            Value::Null => Some(None),
            Value::Known(Datum::Number(number)) => Some(Some(number)),
            Value::Unknown(_) | Value::Known(_) => None,
        }
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

    fn is_set(&self, name: &str) -> bool {
        self.state(name) == State::Set
    }

    fn state(&self, name: &str) -> State {
        let value = self.value(name);
        let block = self.blocks.iter().find(|block| block.name == name);
        if value.holds_null() || block.is_some_and(|block| block.is_absent(value)) {
            State::Absent
        } else if value.holds_unknown() {
            State::Unknown
        } else {
            State::Set
        }
    }
}

#[derive(Clone, Copy)]
enum Operation {
    Sum,
    Product,
}

impl Operation {
    fn start(self) -> Number {
        Number::from(match self {
            Self::Sum => 0_i64,
            Self::Product => 1,
        })
    }
}

fn joined(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
