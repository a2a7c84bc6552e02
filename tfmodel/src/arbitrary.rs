//! Generated types and values for property tests.

pub(crate) mod schemas;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use crate::number::Number;
use crate::ty::Type;
use crate::value::{Bounds, Datum, Dynamic, Refinement, Value};

/// What generated values may contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Only what can be stored.
    Stored,
    /// Unknown values and infinities as well.
    Planned,
}

fn name() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9_]{0,6}"
}

pub(crate) fn types() -> BoxedStrategy<Type> {
    let leaf = prop_oneof![
        Just(Type::Bool),
        Just(Type::Number),
        Just(Type::String),
        Just(Type::Dynamic)
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::set),
            inner.clone().prop_map(Type::map),
            vec(inner.clone(), 0..3).prop_map(Type::Tuple),
            btree_map(name(), inner, 0..4).prop_map(Type::object),
        ]
    })
    .boxed()
}

pub(crate) fn typed_values(content: Content) -> impl Strategy<Value = (Type, Value)> {
    types().prop_flat_map(move |ty| {
        let value = values(&ty, content);
        (Just(ty), value)
    })
}

pub(crate) fn values(ty: &Type, content: Content) -> BoxedStrategy<Value> {
    let known = known(ty, content).prop_map(Value::Known);
    match content {
        Content::Stored => prop_oneof![1 => Just(Value::Null), 6 => known].boxed(),
        Content::Planned => prop_oneof![
            1 => Just(Value::Null),
            1 => refinements(ty).prop_map(Value::Unknown),
            5 => known,
        ]
        .boxed(),
    }
}

fn known(ty: &Type, content: Content) -> BoxedStrategy<Datum> {
    match ty {
        Type::Bool => any::<bool>().prop_map(Datum::Bool).boxed(),
        Type::Number => match content {
            Content::Stored => finite_numbers().prop_map(Datum::Number).boxed(),
            Content::Planned => prop_oneof![
                8 => finite_numbers(),
                1 => Just(Number::INFINITY),
                1 => Just(Number::NEGATIVE_INFINITY),
            ]
            .prop_map(Datum::Number)
            .boxed(),
        },
        Type::String => any::<String>().prop_map(Datum::String).boxed(),
        // Types of dynamic values stay flat, so that generation ends.
        Type::Dynamic => prop_oneof![Just(Type::Bool), Just(Type::String), Just(Type::list(Type::Number))]
            .prop_flat_map(move |ty| {
                values(&ty, content).prop_map(move |value| Datum::Dynamic(Box::new(Dynamic { ty: ty.clone(), value })))
            })
            .boxed(),
        Type::List(element) => vec(values(element, content), 0..4).prop_map(Datum::List).boxed(),
        Type::Set(element) => vec(values(element, content), 0..4).prop_map(Datum::Set).boxed(),
        Type::Map(element) => btree_map(any::<String>(), values(element, content), 0..4)
            .prop_map(Datum::Map)
            .boxed(),
        Type::Tuple(types) => types
            .iter()
            .map(|ty| values(ty, content))
            .collect::<Vec<_>>()
            .prop_map(Datum::Tuple)
            .boxed(),
        Type::Object(object) => {
            let names: Vec<String> = object.attributes.keys().cloned().collect();
            object
                .attributes
                .values()
                .map(|ty| values(ty, content))
                .collect::<Vec<_>>()
                .prop_map(move |values| Datum::Object(names.iter().cloned().zip(values).collect()))
                .boxed()
        }
    }
}

fn finite_numbers() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        (-300_i64..300).prop_map(Number::from),
        any::<f64>().prop_filter_map("NaN", |value| Number::from_exact_f64(if value.is_finite() {
            value
        } else {
            0.5
        })),
        "-?[0-9]{1,30}(\\.[0-9]{1,30})?".prop_map(|text| text.parse().unwrap()),
    ]
}

fn refinements(ty: &Type) -> BoxedStrategy<Refinement> {
    let bounds: BoxedStrategy<Bounds> = match ty {
        Type::String => proptest::option::of("[a-zé]{1,8}")
            .prop_map(|prefix| Bounds {
                prefix,
                ..Bounds::default()
            })
            .boxed(),
        Type::Number => {
            let bound = || proptest::option::of((finite_numbers(), any::<bool>()));
            (bound(), bound())
                .prop_map(|(lower, upper)| Bounds {
                    lower,
                    upper,
                    ..Bounds::default()
                })
                .boxed()
        }
        Type::List(_) | Type::Set(_) | Type::Map(_) => {
            (proptest::option::of(1_u64..9), proptest::option::of(9_u64..99))
                .prop_map(|(min_length, max_length)| Bounds {
                    min_length,
                    max_length,
                    ..Bounds::default()
                })
                .boxed()
        }
        Type::Dynamic => return Just(Refinement::NONE).boxed(),
        Type::Bool | Type::Tuple(_) | Type::Object(_) => Just(Bounds::default()).boxed(),
    };
    (bounds, any::<bool>())
        .prop_map(|(bounds, not_null)| Refinement::from(Bounds { not_null, ..bounds }))
        .boxed()
}
