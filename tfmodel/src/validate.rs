//! Validation of a configuration against its schema: what must be set, checks of values, and rules between siblings.

mod siblings;
mod unsupported;

pub use unsupported::computed_blocks_unsupported;

use siblings::Siblings;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::problem::in_set;
use crate::path::Path;
use crate::schema::{Attribute, Block, Schema, Shape, SiblingRule, Usage};
use crate::value::{Datum, Value};

/// What is wrong with a configuration. What is not known yet is right.
pub fn config(schema: &Schema, config: &Value) -> Diagnostics {
    let mut walk = Walk::default();
    walk.block(&schema.block, config, &Path::root());
    walk.found
}

/// The write-only attributes that a configuration sets, each as an error, for a host that cannot keep them out of plan and state.
pub fn write_only_unsupported(schema: &Schema, config: &Value) -> Diagnostics {
    let mut walk = Walk {
        only_write_only: true,
        ..Walk::default()
    };
    walk.block(&schema.block, config, &Path::root());
    walk.found
}

#[derive(Default)]
struct Walk {
    found: Diagnostics,
    only_write_only: bool,
}

impl Walk {
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
            self.each(
                siblings.value(&nested.name),
                &path.with_attribute(&nested.name),
                |walk, element, at| {
                    walk.block(&nested.block, element, at);
                },
            );
            self.rules(&nested.name, &nested.rules, &siblings);
        }
    }

    fn attributes(&mut self, attributes: &[Attribute], siblings: &Siblings<'_>) {
        for attribute in attributes {
            let value = siblings.value(&attribute.name);
            let at = siblings.path.with_attribute(&attribute.name);
            if self.only_write_only {
                if attribute.write_only && !value.is_null() {
                    self.found.push(not_supported(&at));
                }
            } else {
                self.usage(attribute, value, &at);
                self.validators(attribute, value, &at);
                self.rules(&attribute.name, &attribute.behaviour.rules, siblings);
            }
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
            Usage::Required if value.is_null() => self.found.push(
                Diagnostic::error(
                    format!("Missing value of `{at}`"),
                    "It is required, and it is null here. Set it.",
                )
                .at(at.clone()),
            ),
            Usage::Computed if !value.is_null() => self.found.push(
                Diagnostic::error(
                    format!("`{at}` cannot be set"),
                    "Only the provider sets it. Remove it from the configuration.",
                )
                .at(at.clone()),
            ),
            Usage::Required | Usage::Optional | Usage::Computed | Usage::OptionalComputed => {}
        }
    }

    fn validators(&mut self, attribute: &Attribute, value: &Value, at: &Path) {
        if !value.is_known() {
            return;
        }
        for validator in &attribute.behaviour.validators {
            for mut problem in validator.validate(value, at) {
                if attribute.sensitive {
                    problem.detail = format!("Its value is sensitive and not shown. {}", validator.description())
                        .trim_end()
                        .to_owned();
                }
                self.found.push(problem);
            }
        }
    }

    fn rules(&mut self, name: &str, rules: &[SiblingRule], siblings: &Siblings<'_>) {
        if !self.only_write_only {
            self.found
                .extend(rules.iter().filter_map(|rule| siblings.problem(name, rule)));
        }
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
