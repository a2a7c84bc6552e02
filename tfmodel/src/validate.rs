//! Validation of a configuration against its schema: what must be set, checks of values, and rules between siblings.

mod siblings;
mod unsupported;

pub use unsupported::computed_blocks_unsupported;

use std::sync::Arc;

use siblings::Siblings;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::problem::in_set;
use crate::path::Path;
use crate::schema::{Attribute, Block, Schema, Shape, SiblingRule, Usage, Validator};
use crate::value::{Datum, Value};

/// What is wrong with a configuration, and what of it is deprecated. What is not known yet is right.
pub fn config(schema: &Schema, config: &Value) -> Diagnostics {
    Walk::of(Task::Check, schema, config)
}

/// The write-only attributes that a configuration sets, each as an error, for a host that cannot keep them out of plan and state.
pub fn write_only_unsupported(schema: &Schema, config: &Value) -> Diagnostics {
    Walk::of(Task::RefuseWriteOnly, schema, config)
}

/// The attributes that a configuration sets although [write-only ones](SiblingRule::PreferWriteOnly) would do, each as a warning, for a
/// host that knows such attributes.
pub fn write_only_preferred(schema: &Schema, config: &Value) -> Diagnostics {
    Walk::of(Task::AdviseWriteOnly, schema, config)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Task {
    Check,
    RefuseWriteOnly,
    AdviseWriteOnly,
}

struct Walk {
    task: Task,
    found: Diagnostics,
    /// Whether this is inside of something sensitive.
    sensitive: bool,
}

impl Walk {
    fn of(task: Task, schema: &Schema, config: &Value) -> Diagnostics {
        let mut walk = Self {
            task,
            found: Diagnostics::new(),
            sensitive: false,
        };
        walk.block(&schema.block, config, &Path::root());
        if let (Task::Check, Some(instead)) = (task, &schema.block.deprecation) {
            walk.found
                .push(Diagnostic::warning("This is deprecated", instead.clone()));
        }
        walk.found
    }

    fn block(&mut self, block: &Block, value: &Value, path: &Path) {
        let Value::Known(Datum::Object(values)) = value else {
            return;
        };
        let siblings = Siblings {
            values,
            blocks: &block.blocks,
            path,
        };
        self.attributes(&block.attributes, &siblings);
        for nested in &block.blocks {
            let value = siblings.value(&nested.name);
            let at = path.with_attribute(&nested.name);
            if self.task == Task::Check && !nested.is_absent(value) {
                self.deprecation(nested.block.deprecation.as_deref(), value, &at);
            }
            self.each(value, &at, |walk, element, at| {
                walk.block(&nested.block, element, at);
            });
            self.validators(&nested.validators, value, &at);
            self.rules(&nested.name, &nested.rules, &siblings);
        }
        self.validators(&block.validators, value, path);
    }

    fn attributes(&mut self, attributes: &[Attribute], siblings: &Siblings<'_>) {
        for attribute in attributes {
            let value = siblings.value(&attribute.name);
            let at = siblings.path.with_attribute(&attribute.name);
            let outside = self.sensitive;
            self.sensitive |= attribute.sensitive;
            match self.task {
                Task::Check => {
                    self.usage(attribute, value, &at);
                    self.deprecation(attribute.deprecation.as_deref(), value, &at);
                    self.validators(&attribute.behaviour.validators, value, &at);
                }
                Task::RefuseWriteOnly if attribute.write_only && !value.holds_null() => {
                    self.found.push(not_supported(&at));
                }
                Task::RefuseWriteOnly | Task::AdviseWriteOnly => {}
            }
            self.rules(&attribute.name, &attribute.behaviour.rules, siblings);
            if let Shape::Nested(_, nested) = &attribute.shape {
                self.each(value, &at, |walk, element, at| {
                    if let Value::Known(Datum::Object(values)) = element {
                        let siblings = Siblings {
                            values,
                            blocks: &[],
                            path: at,
                        };
                        walk.attributes(nested, &siblings);
                    }
                });
            }
            self.sensitive = outside;
        }
    }

    /// Walks the objects in a nested attribute or block.
    fn each(&mut self, value: &Value, path: &Path, mut walk: impl FnMut(&mut Self, &Value, &Path)) {
        let Value::Known(datum) = value else {
            return;
        };
        match datum {
            Datum::Object(_) => walk(self, value, path),
            Datum::List(elements) | Datum::Tuple(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    walk(self, element, &path.with_index(index));
                }
            }
            Datum::Map(entries) => {
                for (key, entry) in entries {
                    walk(self, entry, &path.with_key(key));
                }
            }
            Datum::Set(elements) => {
                let outside = std::mem::take(&mut self.found);
                for element in elements {
                    walk(self, element, path);
                }
                let inside = std::mem::replace(&mut self.found, outside);
                self.found.extend(in_set(inside, path));
            }
            Datum::Bool(_) | Datum::Number(_) | Datum::String(_) | Datum::Dynamic(_) => {}
        }
    }

    fn usage(&mut self, attribute: &Attribute, value: &Value, at: &Path) {
        match attribute.usage {
            Usage::Required if value.holds_null() => self.found.push(
                Diagnostic::error(
                    format!("Missing value of `{at}`"),
                    "It is required, and it is null here. Set it.",
                )
                .at(at.clone()),
            ),
            Usage::Computed if !value.holds_null() => self.found.push(
                Diagnostic::error(
                    format!("`{at}` cannot be set"),
                    "Only the provider sets it. Remove it from the configuration.",
                )
                .at(at.clone()),
            ),
            Usage::Required | Usage::Optional | Usage::Computed | Usage::OptionalComputed => {}
        }
    }

    fn deprecation(&mut self, instead: Option<&str>, value: &Value, at: &Path) {
        if let Some(instead) = instead.filter(|_| !value.holds_null() && !value.holds_unknown()) {
            self.found
                .push(Diagnostic::warning(format!("`{at}` is deprecated"), instead).at(at.clone()));
        }
    }

    fn validators(&mut self, validators: &[Arc<dyn Validator>], value: &Value, at: &Path) {
        if self.task != Task::Check || value.holds_null() || value.holds_unknown() {
            return;
        }
        for validator in validators {
            for mut problem in validator.validate(value, at) {
                if self.sensitive {
                    problem.detail = format!("Its value is sensitive and not shown. {}", validator.description())
                        .trim_end()
                        .to_owned();
                }
                self.found.push(problem);
            }
        }
    }

    fn rules(&mut self, name: &str, rules: &[SiblingRule], siblings: &Siblings<'_>) {
        let broken = |rule| match self.task {
            Task::Check => siblings.problem(name, rule),
            Task::AdviseWriteOnly => siblings.write_only_advice(name, rule),
            Task::RefuseWriteOnly => None,
        };
        self.found.extend(rules.iter().filter_map(broken));
    }
}

fn not_supported(at: &Path) -> Diagnostic {
    Diagnostic::error(
        format!("`{at}` needs a newer version of Terraform"),
        "It is write-only: never kept in plan or state. This version of Terraform or OpenTofu cannot do that; both can from version 1.11 on. \
         Upgrade, or remove it from the configuration.",
    )
    .at(at.clone())
}
