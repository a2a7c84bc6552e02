//! The rules that a host holds a provider's answers against, checked before the answer is sent.
//!
//! The host's own message names the provider but not what to do. These name the attribute, say that the provider is to blame, and never
//! print a value.

mod compatible;
mod plan_valid;
mod schema;
#[cfg(test)]
mod tests;

pub use schema::SchemaProblem;

use crate::conformance;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::path::{Path, Step};
use crate::schema::{Members, Nesting, Schema};
use crate::value::{Datum, Value};

/// What was asked of the provider.
#[derive(Clone, Copy)]
enum Answer {
    Plan,
    FinalPlan,
    Apply,
    Read,
    Upgrade,
    Import,
    DataSource,
}

impl Answer {
    const fn summary(self) -> &'static str {
        match self {
            Self::Plan => "The provider planned a change that is not allowed",
            Self::FinalPlan => "The provider planned something else the second time",
            Self::Apply => "The provider made something else than it planned",
            Self::Read => "The provider read an object that is not allowed",
            Self::Upgrade => "The provider upgraded a state to one that is not allowed",
            Self::Import => "The provider imported an object that is not allowed",
            Self::DataSource => "The data source returned an object that is not allowed",
        }
    }
}

/// What was found so far, and the place under inspection.
struct Findings {
    answer: Answer,
    found: Diagnostics,
    at: Vec<Step>,
}

impl Findings {
    const fn new(answer: Answer) -> Self {
        Self {
            answer,
            found: Diagnostics::new(),
            at: Vec::new(),
        }
    }

    /// Reports what is wrong with the value at the current place: `problem` follows its name.
    fn report(&mut self, problem: &str) {
        self.report_at(&Path::from(self.at.clone()), problem);
    }

    fn report_at(&mut self, path: &Path, problem: &str) {
        let subject = if path.is_root() {
            "The object".to_owned()
        } else {
            format!("`{path}`")
        };
        let detail = format!("{subject} {problem}. This is a bug in the provider: please report it.");
        let diagnostic = Diagnostic::error(self.answer.summary(), detail);
        self.found.push(if path.is_root() {
            diagnostic
        } else {
            diagnostic.at(path.clone())
        });
    }

    fn inside(&mut self, step: Step, check: impl FnOnce(&mut Self)) {
        self.at.push(step);
        check(self);
        self.at.pop();
    }

    fn conforms(&mut self, schema: &Schema, value: &Value) -> bool {
        match conformance::check(value, &schema.ty()) {
            Ok(()) => true,
            Err(mismatch) => {
                self.report_at(
                    &mismatch.path,
                    &format!("does not fit its schema: {}", mismatch.problem),
                );
                false
            }
        }
    }

    fn is_not_null(&mut self, value: &Value) {
        if value.is_null() {
            self.report("is null");
        }
    }

    fn is_wholly_known(&mut self, value: &Value) {
        if value.is_unknown() {
            self.report("is unknown, but only a plan may leave values open");
            return;
        }
        let Value::Known(datum) = value else { return };
        match datum {
            Datum::Bool(_) | Datum::Number(_) | Datum::String(_) => {}
            // No path leads into a set.
            Datum::Set(elements) => {
                if !elements.iter().all(Value::is_wholly_known) {
                    self.report("holds an unknown value, but only a plan may leave values open");
                }
            }
            Datum::List(elements) | Datum::Tuple(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    self.inside(Step::Index(index), |f| f.is_wholly_known(element));
                }
            }
            Datum::Map(entries) => {
                for (key, entry) in entries {
                    self.inside(Step::Key(key.clone()), |f| f.is_wholly_known(entry));
                }
            }
            Datum::Object(attributes) => {
                for (name, attribute) in attributes {
                    self.inside(Step::Attribute(name.clone()), |f| f.is_wholly_known(attribute));
                }
            }
            Datum::Dynamic(dynamic) => self.is_wholly_known(&dynamic.value),
        }
    }

    fn has_no_write_only(&mut self, members: Members<'_>, value: &Value) {
        for attribute in members.attributes {
            let value = value.member(&attribute.name);
            self.inside(Step::Attribute(attribute.name.clone()), |f| {
                if attribute.write_only {
                    if !value.is_null() {
                        f.report("is write-only and must be null: it exists in configuration only");
                    }
                } else if let Some((nesting, members)) = attribute.inside() {
                    f.elements_have_no_write_only(nesting, members, value);
                }
            });
        }
        for block in members.blocks {
            let (nesting, members) = block.inside();
            self.inside(Step::Attribute(block.name.clone()), |f| {
                f.elements_have_no_write_only(nesting, members, value.member(&block.name));
            });
        }
    }

    fn elements_have_no_write_only(&mut self, nesting: Nesting, members: Members<'_>, value: &Value) {
        match (nesting, value) {
            (Nesting::Single, Value::Known(_)) => self.has_no_write_only(members, value),
            (Nesting::List, Value::Known(Datum::List(elements))) => {
                for (index, element) in elements.iter().enumerate() {
                    self.inside(Step::Index(index), |f| f.has_no_write_only(members, element));
                }
            }
            (Nesting::Map, Value::Known(Datum::Map(entries))) => {
                for (key, entry) in entries {
                    self.inside(Step::Key(key.clone()), |f| f.has_no_write_only(members, entry));
                }
            }
            // A schema with write-only attributes inside sets is refused.
            (Nesting::Single | Nesting::List | Nesting::Map | Nesting::Set, _) => {}
        }
    }

    /// What holds for every object that is stored.
    fn is_storable(&mut self, schema: &Schema, value: &Value) -> bool {
        let conforms = self.conforms(schema, value);
        if conforms {
            self.is_wholly_known(value);
            self.has_no_write_only(schema.block.members(), value);
        }
        conforms
    }
}

/// Checks the answer to a plan request.
pub fn planned(schema: &Schema, prior: &Value, config: &Value, planned: &Value) -> Diagnostics {
    let mut findings = Findings::new(Answer::Plan);
    if findings.conforms(schema, planned) {
        findings.has_no_write_only(schema.block.members(), planned);
        plan_valid::object(&mut findings, schema.block.members(), prior, config, planned);
    }
    findings.found
}

/// Checks the plan made again at apply, when more is known, against the first one.
pub fn planned_again(schema: &Schema, first: &Value, second: &Value) -> Diagnostics {
    let mut findings = Findings::new(Answer::FinalPlan);
    if findings.conforms(schema, second) {
        findings.has_no_write_only(schema.block.members(), second);
        compatible::value(&mut findings, first, second);
    }
    findings.found
}

/// Checks the answer to an apply request.
pub fn applied(schema: &Schema, planned: &Value, new: &Value) -> Diagnostics {
    let mut findings = Findings::new(Answer::Apply);
    if findings.is_storable(schema, new) {
        compatible::value(&mut findings, planned, new);
    }
    findings.found
}

/// Checks the answer to a read request; null says that the object is gone.
pub fn read(schema: &Schema, new: &Value) -> Diagnostics {
    let mut findings = Findings::new(Answer::Read);
    findings.is_storable(schema, new);
    findings.found
}

/// Checks a state that was upgraded or moved from another type.
pub fn upgraded(schema: &Schema, state: &Value) -> Diagnostics {
    let mut findings = Findings::new(Answer::Upgrade);
    findings.is_storable(schema, state);
    findings.found
}

/// Checks one imported object.
pub fn imported(schema: &Schema, state: &Value) -> Diagnostics {
    let mut findings = Findings::new(Answer::Import);
    findings.is_not_null(state);
    findings.is_storable(schema, state);
    findings.found
}

/// Checks what a data source read.
pub fn data_source_read(schema: &Schema, state: &Value) -> Diagnostics {
    let mut findings = Findings::new(Answer::DataSource);
    findings.is_not_null(state);
    findings.is_storable(schema, state);
    findings.found
}

/// A place that the plan says needs a new object, but that is neither in the prior nor in the planned one.
pub(crate) fn no_such_place(path: &Path) -> Diagnostics {
    let mut findings = Findings::new(Answer::Plan);
    findings.report_at(
        path,
        "is said to need a new object when it changes, but there is no such attribute",
    );
    findings.found
}
