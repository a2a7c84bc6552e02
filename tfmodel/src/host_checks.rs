//! The rules that a host holds a provider's answers against, checked before the answer is sent.
//!
//! The host's own message names the provider but not what to do. These name the attribute, say that the provider is to blame, and never
//! print a value.

mod compatible;
mod findings;
mod function;
mod generated;
mod identity;
mod listed;
mod plan_valid;
mod schema;
mod subject;
#[cfg(test)]
mod tests;

pub use function::{Parameter, function};
pub use generated::generated_config;
pub use identity::{identity, identity_kept, planned_identity};
pub use listed::{Listed, listed};
pub use schema::SchemaProblem;
pub use subject::Subject;

use crate::diagnostics::Diagnostics;
use crate::path::Path;
use crate::schema::Schema;
use crate::value::Value;
use findings::{Answer, Findings};

/// Checks the answer to a plan request.
pub fn planned(schema: &Schema, prior: &Value, config: &Value, planned: &Value) -> Diagnostics {
    let mut findings = Findings::new(Answer::Plan);
    if findings.conforms(schema, planned) {
        findings.has_no_write_only(schema.block.members(), planned);
        plan_valid::object(&mut findings, schema.block.members(), prior, config, planned);
    }
    findings.found
}

/// A plan that is made again at apply, when more is known.
#[derive(Clone, Copy, Debug)]
pub struct PlannedAgain<'v> {
    /// The object as it is; null where the plan makes one, also in place of one that was deleted before.
    pub prior: &'v Value,
    /// What the user agreed to.
    pub first: &'v Value,
    /// What is planned now.
    pub second: &'v Value,
    /// What is now said to need a new object.
    pub requires_replace: &'v [Path],
}

/// Checks the plan made again at apply against the first one. A change that turns out to be none is fine.
pub fn planned_again(schema: &Schema, plans: PlannedAgain<'_>) -> Diagnostics {
    let PlannedAgain {
        prior, first, second, ..
    } = plans;
    let mut findings = Findings::new(Answer::FinalPlan);
    if findings.conforms(schema, second) {
        // Where nothing was before, or nothing will be, there is nothing to replace.
        if prior.is_known() && second.is_known() {
            for path in plans.requires_replace {
                if prior.at(path) != second.at(path) {
                    findings.report_at(
                        path,
                        "needs a new object now, and the first plan changed the one that is there",
                    );
                }
            }
        }
        findings.has_no_write_only(schema.block.members(), second);
        compatible::value(&mut findings, first, second);
    }
    findings.found
}

/// Checks the answer to an apply request.
pub fn applied(schema: &Schema, planned: &Value, new: &Value) -> Diagnostics {
    let mut findings = Findings::new(Answer::Apply);
    if findings.is_storable(schema, new) {
        if !new.is_null() {
            findings.has_no_null_blocks(schema.block.members(), new);
        }
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

/// Checks a state that was upgraded.
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

/// Checks a state that was moved here from another resource type.
pub fn moved(schema: &Schema, state: &Value) -> Diagnostics {
    let mut findings = Findings::new(Answer::Moved);
    findings.is_not_null(state);
    findings.is_storable(schema, state);
    findings.found
}

/// Checks what opening an ephemeral resource returned. The host opens one only when its configuration is wholly known.
pub fn ephemeral_opened(schema: &Schema, config: &Value, result: &Value) -> Diagnostics {
    let mut findings = Findings::new(Answer::Opened);
    findings.is_not_null(result);
    if findings.is_storable(schema, result) && findings.found.is_empty() {
        plan_valid::object(&mut findings, schema.block.members(), &Value::Null, config, result);
    }
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
