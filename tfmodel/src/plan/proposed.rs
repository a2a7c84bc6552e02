use std::collections::BTreeMap;

use super::matching::{Spelling, pair};
use crate::schema::{Attribute, Members, NestedBlock, Nesting, Schema, Usage};
use crate::value::{Datum, Value};

/// What the host proposes: the configuration, with the prior value wherever the provider sets the value and the configuration does not.
///
/// Write-only attributes keep their configured value here; [`begin`](super::begin) removes them.
pub fn proposed_new_state(schema: &Schema, prior: &Value, config: &Value) -> Value {
    block(schema.block.members(), prior, config)
}

/// What the host plans for a data source that it does not read yet: the configuration, with what the provider sets unknown. Where computed
/// attributes stand in a set they are null, since an element of a set is found by what it holds, and nothing is known to hold anything.
pub fn planned_data_source(schema: &Schema, config: &Value) -> Value {
    block(schema.block.members(), &Value::unknown(), config)
}

/// What the host makes of a configuration before it asks for a plan, since Terraform 1.16: computed blocks that are not there are null,
/// which says that the provider may fill them in.
#[must_use]
pub fn offer_computed_blocks(schema: &Schema, config: Value) -> Value {
    offer(schema.block.members(), config)
}

fn offer(members: Members<'_>, config: Value) -> Value {
    let Value::Known(Datum::Object(mut attributes)) = config else {
        return config;
    };
    for block in members.blocks {
        let Some(value) = attributes.get_mut(&block.name) else {
            continue;
        };
        let (nesting, members) = block.inside();
        *value = match (nesting, std::mem::take(value)) {
            (Nesting::Single, value) => offer(members, value),
            (_, value) if block.computed.is_some() && value.is_known() && value.children().is_empty() => Value::Null,
            (_, Value::Known(Datum::List(elements))) => {
                Value::Known(Datum::List(elements.into_iter().map(|e| offer(members, e)).collect()))
            }
            (_, Value::Known(Datum::Set(elements))) => {
                Value::Known(Datum::Set(elements.into_iter().map(|e| offer(members, e)).collect()))
            }
            (_, Value::Known(Datum::Map(entries))) => Value::Known(Datum::Map(
                entries.into_iter().map(|(key, e)| (key, offer(members, e))).collect(),
            )),
            (Nesting::List | Nesting::Set | Nesting::Map, value) => value,
        };
    }
    Value::Known(Datum::Object(attributes))
}

fn block(members: Members<'_>, prior: &Value, config: &Value) -> Value {
    match config {
        Value::Known(_) => object(members, prior, config),
        Value::Null | Value::Unknown(_) => prior.clone(),
    }
}

/// One object out of the prior and the configured one.
pub(super) fn object(members: Members<'_>, prior: &Value, config: &Value) -> Value {
    if config.is_null() {
        return Value::Null;
    }
    let attributes = members.attributes.iter().map(|a| {
        (
            a.name.clone(),
            attribute(a, prior.member(&a.name), config.member(&a.name)),
        )
    });
    let blocks = members.blocks.iter().map(|b| {
        (
            b.name.clone(),
            nested_block(b, prior.member(&b.name), config.member(&b.name)),
        )
    });
    Value::Known(Datum::Object(attributes.chain(blocks).collect()))
}

fn attribute(attribute: &Attribute, prior: &Value, config: &Value) -> Value {
    if attribute.usage.is_computed() && config.holds_null() {
        // What only a configuration can have set means that there was one, and that it is gone.
        let was_configured = attribute.usage == Usage::OptionalComputed && has_configured_part(attribute, prior);
        return if was_configured { config } else { prior }.clone();
    }
    match attribute.inside() {
        Some((nesting, members)) => nested(nesting, members, prior, config, object),
        None => config.clone(),
    }
}

fn nested_block(schema: &NestedBlock, prior: &Value, config: &Value) -> Value {
    let (nesting, members) = schema.inside();
    nested(nesting, members, prior, config, block)
}

fn nested(
    nesting: Nesting,
    members: Members<'_>,
    prior: &Value,
    config: &Value,
    merge: fn(Members<'_>, &Value, &Value) -> Value,
) -> Value {
    match (nesting, config) {
        (Nesting::Single, Value::Known(_)) => merge(members, prior, config),
        (Nesting::List, Value::Known(Datum::List(elements))) => Value::Known(Datum::List(
            elements
                .iter()
                .enumerate()
                .map(|(index, element)| match prior.elements().get(index) {
                    Some(prior) => merge(members, prior, element),
                    None if prior.is_unknown() => merge(members, prior, element),
                    None => element.clone(),
                })
                .collect(),
        )),
        (Nesting::Map, Value::Known(Datum::Map(entries))) => Value::Known(Datum::Map(
            entries
                .iter()
                .map(|(key, entry)| {
                    let prior = if prior.is_unknown() { prior } else { prior.entry(key) };
                    (key.clone(), merge(members, prior, entry))
                })
                .collect::<BTreeMap<_, _>>(),
        )),
        (Nesting::Set, Value::Known(Datum::Set(elements))) => Value::Known(Datum::Set(
            pair(members, prior, elements, Spelling::Exact)
                .into_iter()
                .zip(elements)
                .map(|(prior, element)| merge(members, prior.unwrap_or(&Value::Null), element))
                .collect(),
        )),
        (Nesting::Single | Nesting::List | Nesting::Map | Nesting::Set, _) => config.clone(),
    }
}

/// Whether nested attributes hold a value that only a configuration can have set.
fn has_configured_part(attribute: &Attribute, prior: &Value) -> bool {
    let Some((nesting, members)) = attribute.inside() else {
        return false;
    };
    let in_object = |object: &Value| {
        members.attributes.iter().any(|inner| {
            let value = object.member(&inner.name);
            !value.holds_null() && (!inner.usage.is_computed() || has_configured_part(inner, value))
        })
    };
    match nesting {
        Nesting::Single => in_object(prior),
        Nesting::List | Nesting::Set | Nesting::Map => prior.children().into_iter().any(in_object),
    }
}
