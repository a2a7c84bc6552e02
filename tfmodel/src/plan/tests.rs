mod computed_blocks;
mod drafts;
mod pairing;
mod properties;
mod proposals;
mod replacements;
mod spellings;
mod typed;

use crate::diagnostics::Diagnostics;
use crate::plan::{Draft, Plan, begin, proposed_new_state};
use crate::schema::Schema;
use crate::value::Value;

fn draft(schema: &Schema, prior: &Value, config: &Value) -> Draft {
    let proposed = proposed_new_state(schema, prior, config);
    begin(schema, prior.clone(), config.clone(), proposed).unwrap()
}

fn planned(schema: &Schema, prior: &Value, config: &Value) -> Value {
    draft(schema, prior, config).planned
}

fn plan(schema: &Schema, prior: &Value, config: &Value) -> Result<Plan, Diagnostics> {
    draft(schema, prior, config).finish(schema)
}
