use crate::conformance;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::path::{Path, Step};
use crate::schema::{Members, Nesting, Schema};
use crate::value::{Datum, Value};

/// What was asked of the provider.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Plan,
    FinalPlan,
    Apply,
    Read,
    Upgrade,
    Import,
    DataSource,
    Moved,
    Opened,
    Identity,
    Listed,
    GeneratedConfig,
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
            Self::Moved => "The provider moved a state to one that is not allowed",
            Self::Opened => "The ephemeral resource returned an object that is not allowed",
            Self::Identity => "The provider returned an identity that is not allowed",
            Self::Listed => "The provider listed an object that is not allowed",
            Self::GeneratedConfig => "The provider generated a configuration that is not allowed",
        }
    }

    /// What was returned, if it is something else than the object that the user's block is about: no path leads to it from there.
    const fn elsewhere(self) -> Option<&'static str> {
        match self {
            Self::Plan
            | Self::FinalPlan
            | Self::Apply
            | Self::Read
            | Self::Upgrade
            | Self::Import
            | Self::DataSource
            | Self::Moved
            | Self::Opened => None,
            Self::Identity => Some("identity"),
            Self::Listed => Some("listed object"),
            Self::GeneratedConfig => Some("generated configuration"),
        }
    }
}

/// What was found so far, and the place under inspection.
pub(super) struct Findings {
    answer: Answer,
    pub(super) found: Diagnostics,
    at: Vec<Step>,
}

impl Findings {
    pub(super) const fn new(answer: Answer) -> Self {
        Self {
            answer,
            found: Diagnostics::new(),
            at: Vec::new(),
        }
    }

    /// Reports what is wrong with the value at the current place: `problem` follows its name.
    pub(super) fn report(&mut self, problem: &str) {
        self.report_at(&Path::from(self.at.clone()), problem);
    }

    pub(super) fn report_at(&mut self, path: &Path, problem: &str) {
        let subject = match (self.answer.elsewhere(), path.is_root()) {
            (None, true) => "The object".to_owned(),
            (None, false) => format!("`{path}`"),
            (Some(whole), true) => format!("The {whole}"),
            (Some(whole), false) => format!("`{path}` of the {whole}"),
        };
        let detail = format!("{subject} {problem}. This is a bug in the provider: please report it.");
        let diagnostic = Diagnostic::error(self.answer.summary(), detail);
        self.found.push(if path.is_root() || self.answer.elsewhere().is_some() {
            diagnostic
        } else {
            diagnostic.at(path.clone())
        });
    }

    pub(super) fn inside(&mut self, step: Step, check: impl FnOnce(&mut Self)) {
        self.at.push(step);
        check(self);
        self.at.pop();
    }

    pub(super) fn conforms(&mut self, schema: &Schema, value: &Value) -> bool {
        match conformance::check_object(value, schema) {
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

    pub(super) fn is_not_null(&mut self, value: &Value) {
        if value.is_null() {
            self.report("is null");
        }
    }

    pub(super) fn is_wholly_known(&mut self, value: &Value) {
        if value.is_unknown() {
            self.report("is unknown, but only a plan may leave values open");
            return;
        }
        if value.is_wholly_known() {
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

    pub(super) fn has_no_write_only(&mut self, members: Members<'_>, value: &Value) {
        for attribute in members.attributes {
            let here = || Step::Attribute(attribute.name.clone());
            if attribute.write_only {
                if !value.member(&attribute.name).is_null() {
                    self.inside(here(), |f| {
                        f.report("is write-only, so the provider must return null for it");
                    });
                }
            } else if let Some((nesting, members)) = attribute.inside() {
                let value = value.member(&attribute.name);
                self.inside(here(), |f| f.elements_have_no_write_only(nesting, members, value));
            }
        }
        for block in members.blocks {
            let (nesting, members) = block.inside();
            self.inside(Step::Attribute(block.name.clone()), |f| {
                f.elements_have_no_write_only(nesting, members, value.member(&block.name));
            });
        }
    }

    pub(super) fn elements_have_no_write_only(&mut self, nesting: Nesting, members: Members<'_>, value: &Value) {
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

    /// A block that the plan left to the provider is checked by nothing else.
    pub(super) fn has_no_null_blocks(&mut self, members: Members<'_>, value: &Value) {
        for block in members.blocks {
            let (value, (nesting, members)) = (value.member(&block.name), block.inside());
            self.inside(Step::Attribute(block.name.clone()), |f| match (nesting, value) {
                (Nesting::Single, Value::Known(_)) => f.has_no_null_blocks(members, value),
                (Nesting::List, Value::Known(Datum::List(elements))) => {
                    for (index, element) in elements.iter().enumerate() {
                        f.inside(Step::Index(index), |f| f.has_no_null_blocks(members, element));
                    }
                }
                (Nesting::Map, Value::Known(Datum::Map(entries))) => {
                    for (key, entry) in entries {
                        f.inside(Step::Key(key.clone()), |f| f.has_no_null_blocks(members, entry));
                    }
                }
                (Nesting::Set, Value::Known(Datum::Set(elements))) => {
                    for element in elements {
                        f.has_no_null_blocks(members, element);
                    }
                }
                (Nesting::List | Nesting::Set | Nesting::Map, Value::Null) => {
                    f.report("is null; where there are no blocks it must be empty instead");
                }
                (Nesting::Single | Nesting::List | Nesting::Set | Nesting::Map, _) => {}
            });
        }
    }

    /// What holds for every object that is stored.
    pub(super) fn is_storable(&mut self, schema: &Schema, value: &Value) -> bool {
        let conforms = self.conforms(schema, value);
        if conforms {
            self.is_wholly_known(value);
            self.has_no_write_only(schema.block.members(), value);
        }
        conforms
    }
}
