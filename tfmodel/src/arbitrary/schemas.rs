//! Generated schemas, and configurations that users could write for them.

use std::sync::Arc;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::{Content, values};
use crate::schema::build::{Folded, attribute, nested, nested_block, schema};
use crate::schema::{Attribute, BlockNesting, KeepPrior, Members, NestedBlock, Nesting, Replace, Schema, Shape, Usage};
use crate::ty::Type;
use crate::value::{Datum, Value};

/// Whether an object stands in a set, where the host allows less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Root,
    Nested,
    InSet,
}

pub(crate) fn schemas() -> impl Strategy<Value = Schema> {
    (attributes(Place::Root, 2), blocks(Place::Root, 2)).prop_map(|(attributes, blocks)| schema(attributes, blocks))
}

fn attributes(place: Place, depth: u32) -> BoxedStrategy<Vec<Attribute>> {
    let one = if depth == 0 {
        plain(place)
    } else {
        prop_oneof![3 => plain(place), 1 => nesting().prop_flat_map(move |nesting| {
            let inside = if nesting == Nesting::Set || place == Place::InSet { Place::InSet } else { Place::Nested };
            (usages(), attributes(inside, depth - 1), keeps())
                .prop_map(move |(usage, mut attributes, keep)| {
                    if usage == Usage::OptionalComputed {
                        let_provider_fill(&mut attributes);
                    }
                    let mut attribute = nested("x", nesting, usage, attributes);
                    attribute.behaviour.keep_prior = keep;
                    attribute
                })
        })]
        .boxed()
    };
    vec(one, 1..4)
        .prop_map(|mut attributes| {
            for (position, attribute) in attributes.iter_mut().enumerate() {
                attribute.name = format!("a{position}");
            }
            attributes
        })
        .boxed()
}

/// The host takes any other attribute that has a value for one that a configuration has set.
fn let_provider_fill(attributes: &mut [Attribute]) {
    for attribute in attributes {
        if !attribute.usage.is_computed() {
            attribute.usage = Usage::OptionalComputed;
            attribute.write_only = false;
        }
        if let Shape::Nested(_, inner) = &mut attribute.shape {
            let_provider_fill(inner);
        }
    }
}

/// Everything in a computed block is computed, and it may be left out.
fn let_provider_fill_block(block: &mut NestedBlock, keep: KeepPrior) {
    block.nesting = match block.nesting {
        BlockNesting::Group | BlockNesting::Single { .. } => BlockNesting::Single { required: false },
        repeated @ (BlockNesting::List { .. } | BlockNesting::Set { .. } | BlockNesting::Map) => repeated,
    };
    block.computed = Some(keep);
    let_provider_fill(&mut block.block.attributes);
    for inner in &mut block.block.blocks {
        let_provider_fill_block(inner, keep);
    }
}

fn blocks(place: Place, depth: u32) -> BoxedStrategy<Vec<NestedBlock>> {
    if depth == 0 {
        return Just(Vec::new()).boxed();
    }
    let nesting = prop_oneof![
        any::<bool>().prop_map(|required| BlockNesting::Single { required }),
        Just(BlockNesting::Group),
        Just(BlockNesting::List { min: 0, max: 0 }),
        Just(BlockNesting::Set { min: 0, max: 0 }),
        Just(BlockNesting::Map),
    ];
    let one = nesting.prop_flat_map(move |nesting| {
        let in_set = matches!(nesting, BlockNesting::Set { .. }) || place == Place::InSet;
        let inside = if in_set { Place::InSet } else { Place::Nested };
        (
            attributes(inside, depth - 1),
            blocks(inside, depth - 1),
            proptest::option::weighted(0.3, keeps()),
        )
            .prop_map(move |(attributes, blocks, computed)| {
                let mut block = nested_block("x", nesting, attributes, blocks);
                if let Some(keep) = computed {
                    let_provider_fill_block(&mut block, keep);
                }
                block
            })
    });
    vec(one, 0..3)
        .prop_map(|mut blocks| {
            for (position, block) in blocks.iter_mut().enumerate() {
                block.name = format!("b{position}");
            }
            blocks
        })
        .boxed()
}

fn plain(place: Place) -> BoxedStrategy<Attribute> {
    let ty = prop_oneof![
        4 => Just(Type::String),
        1 => Just(Type::Bool),
        1 => Just(Type::Number),
        1 => Just(Type::list(Type::String)),
        1 => Just(Type::set(Type::String)),
        1 => Just(Type::map(Type::Number)),
        1 => Just(if place == Place::Root { Type::Dynamic } else { Type::object([("k", Type::String)]) }),
    ];
    let replaces = prop_oneof![
        2 => Just(Replace::Never),
        1 => Just(Replace::Changed),
        1 => Just(Replace::Configured),
    ];
    (ty, usages(), keeps(), replaces, any::<[bool; 3]>())
        .prop_flat_map(move |(ty, usage, keep, replace, [special, folded, sensitive])| {
            let default = if usage == Usage::OptionalComputed && special {
                values(&ty, Content::Stored)
                    .prop_map(|value| (!value.holds_null()).then_some(value))
                    .boxed()
            } else {
                Just(None).boxed()
            };
            default.prop_map(move |default| {
                let mut attribute = attribute("x", ty.clone(), usage);
                attribute.sensitive = sensitive;
                attribute.write_only = special && !usage.is_computed() && place == Place::Root;
                attribute.behaviour.default = default;
                attribute.behaviour.keep_prior = keep;
                attribute.behaviour.replace = replace;
                if folded && ty == Type::String {
                    attribute.behaviour.equality = Some(Arc::new(Folded));
                }
                attribute
            })
        })
        .boxed()
}

fn usages() -> impl Strategy<Value = Usage> {
    prop_oneof![
        Just(Usage::Required),
        Just(Usage::Optional),
        Just(Usage::Computed),
        Just(Usage::OptionalComputed),
    ]
}

fn keeps() -> impl Strategy<Value = KeepPrior> {
    prop_oneof![Just(KeepPrior::No), Just(KeepPrior::Always), Just(KeepPrior::NonNull)]
}

fn nesting() -> impl Strategy<Value = Nesting> {
    prop_oneof![
        Just(Nesting::Single),
        Just(Nesting::List),
        Just(Nesting::Set),
        Just(Nesting::Map),
    ]
}

/// A configuration as the host sends it.
pub(crate) fn configs(schema: &Schema, content: Content) -> BoxedStrategy<Value> {
    object(schema.block.members(), content)
}

fn object(members: Members<'_>, content: Content) -> BoxedStrategy<Value> {
    let names: Vec<String> = members
        .attributes
        .iter()
        .map(|a| a.name.clone())
        .chain(members.blocks.iter().map(|b| b.name.clone()))
        .collect();
    let values: Vec<BoxedStrategy<Value>> = members
        .attributes
        .iter()
        .map(|a| configured(a, content))
        .chain(members.blocks.iter().map(|b| configured_block(b, content)))
        .collect();
    values
        .prop_map(move |values| Value::object(names.iter().cloned().zip(values)))
        .boxed()
}

fn configured(attribute: &Attribute, content: Content) -> BoxedStrategy<Value> {
    if attribute.usage == Usage::Computed {
        return Just(Value::Null).boxed();
    }
    let value = match &attribute.shape {
        // What is refined may not be filled in freely, and that is not what these tests are about.
        Shape::Plain(ty) => values(ty, content)
            .prop_map(|value| without_refinements(&value))
            .boxed(),
        Shape::Nested(nesting, _) => {
            let (_, inside) = attribute.inside().unwrap();
            arranged(*nesting, object(inside, content))
        }
    };
    let required = attribute.usage == Usage::Required;
    match content {
        Content::Stored if required => value.prop_filter("required", |value| !value.holds_null()).boxed(),
        Content::Stored => prop_oneof![1 => Just(Value::Null), 2 => value].boxed(),
        Content::Planned if required => {
            let value = value.prop_filter("required", |value| !value.holds_null());
            prop_oneof![1 => Just(Value::unknown()), 4 => value].boxed()
        }
        Content::Planned => prop_oneof![1 => Just(Value::Null), 1 => Just(Value::unknown()), 3 => value].boxed(),
    }
}

fn configured_block(block: &NestedBlock, content: Content) -> BoxedStrategy<Value> {
    let (nesting, inside) = block.inside();
    let value = arranged(nesting, object(inside, content));
    if block.computed.is_some() {
        // As the host offers it.
        let offered = value.prop_map(|value| match value {
            Value::Known(Datum::List(elements) | Datum::Set(elements)) if elements.is_empty() => Value::Null,
            Value::Known(Datum::Map(entries)) if entries.is_empty() => Value::Null,
            value => value,
        });
        return prop_oneof![1 => Just(Value::Null), 2 => offered].boxed();
    }
    match (block.nesting, content) {
        (BlockNesting::Single { required: false }, _) => prop_oneof![1 => Just(Value::Null), 2 => value].boxed(),
        (BlockNesting::Single { .. } | BlockNesting::Group, _) => value,
        (_, Content::Stored) => value,
        (_, Content::Planned) => prop_oneof![1 => Just(Value::unknown()), 6 => value].boxed(),
    }
}

fn arranged(nesting: Nesting, element: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    match nesting {
        Nesting::Single => element,
        Nesting::List => vec(element, 0..3).prop_map(|e| Value::Known(Datum::List(e))).boxed(),
        Nesting::Set => vec(element, 0..3).prop_map(|e| Value::Known(Datum::Set(e))).boxed(),
        Nesting::Map => btree_map("[a-c]", element, 0..3)
            .prop_map(|e| Value::Known(Datum::Map(e)))
            .boxed(),
    }
}

fn without_refinements(value: &Value) -> Value {
    completed(value, &|| Value::unknown())
}

/// The value with `fill` wherever it is unknown.
fn completed(value: &Value, fill: &dyn Fn() -> Value) -> Value {
    let all = |elements: &[Value]| elements.iter().map(|element| completed(element, fill)).collect();
    match value {
        Value::Unknown(_) => fill(),
        Value::Null => Value::Null,
        Value::Known(Datum::List(elements)) => Value::Known(Datum::List(all(elements))),
        Value::Known(Datum::Set(elements)) => Value::Known(Datum::Set(all(elements))),
        Value::Known(Datum::Tuple(elements)) => Value::Known(Datum::Tuple(all(elements))),
        Value::Known(Datum::Map(entries)) => {
            let entries = entries.iter();
            Value::Known(Datum::Map(
                entries.map(|(key, e)| (key.clone(), completed(e, fill))).collect(),
            ))
        }
        Value::Known(Datum::Object(attributes)) => {
            let attributes = attributes.iter();
            Value::object(attributes.map(|(name, value)| (name, completed(value, fill))))
        }
        Value::Known(Datum::Dynamic(dynamic)) => {
            let mut dynamic = dynamic.clone();
            dynamic.value = completed(&dynamic.value, fill);
            Value::Known(Datum::Dynamic(dynamic))
        }
        Value::Known(known @ (Datum::Bool(_) | Datum::Number(_) | Datum::String(_))) => Value::Known(known.clone()),
    }
}

/// What a provider could make of a plan: everything known.
pub(crate) fn apply(schema: &Schema, planned: &Value) -> Value {
    filled(planned, &schema.ty())
}

fn filled(value: &Value, ty: &Type) -> Value {
    match (value, ty) {
        (Value::Null, _) => Value::Null,
        (Value::Unknown(_), Type::String) => Value::string("Made"),
        (Value::Unknown(_), Type::Bool) => Value::bool(true),
        (Value::Unknown(_), Type::Number) => Value::number(7_i64),
        (Value::Unknown(_), Type::List(element)) => Value::Known(Datum::List(vec![filled(&Value::unknown(), element)])),
        (Value::Unknown(_), Type::Set(_)) => Value::Known(Datum::Set(Vec::new())),
        (Value::Unknown(_), Type::Map(element)) => {
            let entries = [("k".to_owned(), filled(&Value::unknown(), element))];
            Value::Known(Datum::Map(entries.into_iter().collect()))
        }
        (Value::Unknown(_), Type::Object(object)) => {
            let attributes = object.attributes.iter();
            Value::object(attributes.map(|(name, ty)| (name, filled(&Value::unknown(), ty))))
        }
        (Value::Unknown(_), Type::Tuple(_) | Type::Dynamic) => Value::Null,
        (Value::Known(Datum::List(elements)), Type::List(element)) => {
            Value::Known(Datum::List(elements.iter().map(|e| filled(e, element)).collect()))
        }
        (Value::Known(Datum::Set(elements)), Type::Set(element)) => {
            Value::Known(Datum::Set(elements.iter().map(|e| filled(e, element)).collect()))
        }
        (Value::Known(Datum::Map(entries)), Type::Map(element)) => {
            let entries = entries.iter();
            Value::Known(Datum::Map(
                entries.map(|(k, e)| (k.clone(), filled(e, element))).collect(),
            ))
        }
        (Value::Known(Datum::Object(attributes)), Type::Object(object)) => Value::object(
            attributes
                .iter()
                .zip(object.attributes.values())
                .map(|((name, value), ty)| (name, filled(value, ty))),
        ),
        (Value::Known(Datum::Dynamic(dynamic)), _) => {
            let mut dynamic = dynamic.clone();
            dynamic.value = filled(&dynamic.value, &dynamic.ty);
            Value::Known(Datum::Dynamic(dynamic))
        }
        (Value::Known(_), _) => value.clone(),
    }
}
