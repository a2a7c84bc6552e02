use super::findings::{Answer, Findings};
use crate::diagnostics::Diagnostics;
use crate::path::Step;
use crate::schema::{Attribute, Members, Nesting, Schema, Usage};
use crate::value::{Datum, Value};

/// Checks a configuration that was generated for an object, which is `state`.
pub fn generated_config(schema: &Schema, state: &Value, config: &Value) -> Diagnostics {
    let mut findings = Findings::new(Answer::GeneratedConfig);
    findings.is_not_null(config);
    if findings.is_storable(schema, config) {
        object(&mut findings, schema.block.members(), state, config);
    }
    findings.found
}

fn object(findings: &mut Findings, members: Members<'_>, state: &Value, config: &Value) {
    if !config.is_known() {
        return;
    }
    for attribute in members.attributes {
        let (state, config) = (state.member(&attribute.name), config.member(&attribute.name));
        findings.inside(Step::Attribute(attribute.name.clone()), |f| {
            self::attribute(f, attribute, state, config);
        });
    }
    for block in members.blocks {
        let (state, config) = (state.member(&block.name), config.member(&block.name));
        findings.inside(Step::Attribute(block.name.clone()), |f| {
            elements(f, block.inside(), state, config);
        });
    }
}

fn attribute(findings: &mut Findings, attribute: &Attribute, state: &Value, config: &Value) {
    match attribute.usage {
        Usage::Computed if !config.holds_null() => {
            findings.report("is set by the provider only, so it must be null");
        }
        Usage::Required if config.holds_null() && !state.holds_null() => {
            findings.report("is required and the object has it, so it must not be null");
        }
        Usage::Computed | Usage::Required | Usage::Optional | Usage::OptionalComputed => {
            if let Some(inside) = attribute.inside() {
                elements(findings, inside, state, config);
            }
        }
    }
}

fn elements(findings: &mut Findings, (nesting, members): (Nesting, Members<'_>), state: &Value, config: &Value) {
    match (nesting, config) {
        (Nesting::Single, _) => object(findings, members, state, config),
        (Nesting::List, Value::Known(Datum::List(elements))) => {
            for (index, config) in elements.iter().enumerate() {
                findings.inside(Step::Index(index), |f| {
                    object(f, members, state.element(index), config);
                });
            }
        }
        (Nesting::Map, Value::Known(Datum::Map(entries))) => {
            for (key, config) in entries {
                findings.inside(Step::Key(key.clone()), |f| {
                    object(f, members, state.entry(key), config);
                });
            }
        }
        // Which element of the state one came from cannot be told.
        (Nesting::Set, Value::Known(Datum::Set(elements))) => {
            for config in elements {
                object(findings, members, &Value::Null, config);
            }
        }
        (Nesting::List | Nesting::Map | Nesting::Set, _) => {}
    }
}
