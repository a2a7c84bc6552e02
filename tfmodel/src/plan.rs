//! Planning a change, in two halves with the author's code between them.
//!
//! [`begin`] makes a [`Draft`] of what the host proposes: defaults filled in, write-only values removed, prior spellings kept, and what
//! the provider has yet to find out unknown if anything changes. The author refines it. [`Draft::finish`] says what the change replaces
//! and holds the result against the host's own rules.

mod generated;
mod matching;
mod proposed;
mod replacement;
mod spelling;
#[cfg(test)]
mod tests;
mod typed;
mod walk;

pub use generated::generate_config;
pub use proposed::{offer_computed_blocks, planned_data_source, proposed_new_state};
pub use spelling::keep_spelling;
pub use typed::TypedDraft;

use crate::conformance;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::host_checks;
use crate::order;
use crate::path::Path;
use crate::schema::{Attribute, BlockNesting, KeepPrior, NestedBlock, Schema};
use crate::value::Value;
use walk::{Member, Place, Sets, walk};

/// A plan that its author may still change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// The object as it is; null before it is created.
    pub prior: Value,
    /// What the configuration says; null when the object is to be destroyed.
    pub config: Value,
    /// The object as it will be.
    pub planned: Value,
    /// Places whose change needs a new object, beside those that the schema names.
    pub replace: Vec<Path>,
    /// What the user should know.
    pub warnings: Diagnostics,
}

/// A plan that the host accepts.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The object as it will be; null when it is to be destroyed.
    pub planned: Value,
    /// Places whose change needs a new object, in order. Empty where nothing was before.
    pub requires_replace: Vec<Path>,
    /// What the user should know.
    pub warnings: Diagnostics,
}

/// Prepares the plan of a change.
///
/// # Errors
/// One of the values is not of the schema's type.
pub fn begin(schema: &Schema, prior: Value, config: Value, proposed: Value) -> Result<Draft, Diagnostics> {
    for (name, value) in [
        ("prior state", &prior),
        ("configuration", &config),
        ("proposed state", &proposed),
    ] {
        conformance::check_object(value, schema).map_err(|mismatch| not_of_schema(name, &mismatch))?;
    }
    let mut planned = if config.is_null() { Value::Null } else { proposed };
    let members = schema.block.members();
    walk(members, &prior, &config, &mut planned, Sets::Anew, &mut settle);
    if planned != prior {
        walk(members, &prior, &config, &mut planned, Sets::Aligned, &mut fill);
    }
    Ok(Draft {
        prior,
        config,
        planned,
        replace: Vec::new(),
        warnings: Diagnostics::new(),
    })
}

/// A configuration with its defaults, for what is read or opened without a plan.
pub fn with_defaults(schema: &Schema, config: &Value) -> Value {
    let mut filled = config.clone();
    let fill = &mut |place: Place<'_>| {
        if let Member::Attribute(attribute) = place.member
            && let Some(default) = &attribute.behaviour.default
            && place.config.holds_null()
        {
            *place.planned = default.clone();
        }
    };
    walk(
        schema.block.members(),
        &Value::Null,
        config,
        &mut filled,
        Sets::Anew,
        fill,
    );
    filled
}

/// What does not depend on whether anything else changes.
fn settle(place: Place<'_>) {
    match place.member {
        Member::Attribute(attribute) => settle_attribute(attribute, place),
        Member::AbsentBlock(block) => *place.planned = as_it_was(block, place.prior),
    }
}

fn settle_attribute(attribute: &Attribute, place: Place<'_>) {
    let behaviour = &attribute.behaviour;
    if attribute.write_only {
        *place.planned = Value::Null;
        return;
    }
    if let Some(default) = behaviour.default.as_ref().filter(|_| place.config.holds_null()) {
        *place.planned = default.clone();
    }
    if place.planned != place.prior && matching::means_the_same(attribute, place.prior, place.planned) {
        *place.planned = place.prior.clone();
    }
}

/// What the provider has yet to find out once anything changes.
fn fill(place: Place<'_>) {
    let keep = match place.member {
        Member::Attribute(attribute) => {
            let behaviour = &attribute.behaviour;
            let left_to_provider =
                attribute.usage.is_computed() && place.config.holds_null() && behaviour.default.is_none();
            if !left_to_provider || attribute.write_only {
                return;
            }
            behaviour.keep_prior
        }
        Member::AbsentBlock(block) => block.computed.unwrap_or_default(),
    };
    let kept = match keep {
        KeepPrior::No => false,
        KeepPrior::Always => place.existed,
        KeepPrior::NonNull => !place.prior.holds_null(),
    };
    *place.planned = match place.member {
        Member::Attribute(_) if kept => place.prior.clone(),
        Member::AbsentBlock(block) if kept => as_it_was(block, place.prior),
        Member::Attribute(_) | Member::AbsentBlock(_) => Value::unknown(),
    };
}

/// The prior value of a block. Repeated blocks are never planned to be null, as they are where there was no object.
fn as_it_was(block: &NestedBlock, prior: &Value) -> Value {
    match block.nesting {
        BlockNesting::List { .. } | BlockNesting::Set { .. } | BlockNesting::Map if prior.is_null() => Value::unknown(),
        BlockNesting::Single { .. }
        | BlockNesting::Group
        | BlockNesting::List { .. }
        | BlockNesting::Set { .. }
        | BlockNesting::Map => prior.clone(),
    }
}

fn not_of_schema(name: &str, mismatch: &conformance::Mismatch) -> Diagnostics {
    Diagnostic::error(
        format!("The {name} does not fit the schema"),
        format!(
            "{mismatch}. The host and the provider disagree about the schema, which should not happen: if an upgrade of the provider \
             does not help, please report it."
        ),
    )
    .into()
}

impl Draft {
    /// Completes the plan.
    ///
    /// # Errors
    /// The host would refuse the plan; each diagnostic names the attribute and says that this is a bug in the provider.
    pub fn finish(mut self, schema: &Schema) -> Result<Plan, Diagnostics> {
        let mut no_write_only = |place: Place<'_>| {
            if matches!(place.member, Member::Attribute(attribute) if attribute.write_only) {
                *place.planned = Value::Null;
            }
        };
        let members = schema.block.members();
        let Self {
            prior, config, planned, ..
        } = &mut self;
        walk(members, prior, config, planned, Sets::Aligned, &mut no_write_only);

        let mut problems = host_checks::planned(schema, &self.prior, &self.config, &self.planned);
        let mut requires_replace = Vec::new();
        if !self.prior.is_null() && !self.planned.is_null() {
            requires_replace = replacement::by_rules(schema, &self);
            for path in std::mem::take(&mut self.replace) {
                match replacement::applies(schema, &self, &path) {
                    Ok(true) => requires_replace.push(path),
                    Ok(false) => {}
                    Err(nowhere) => problems.extend(nowhere),
                }
            }
            requires_replace = order::distinct(requires_replace);
        }
        if problems.has_errors() {
            return Err(problems);
        }
        Ok(Plan {
            planned: self.planned,
            requires_replace,
            warnings: self.warnings,
        })
    }
}
