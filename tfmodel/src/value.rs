//! Terraform's values: null, unknown or known.
//!
//! One tri-state type, [`Value`], serves both worlds: `Value<T>` is a field of a typed model, and `Value` without a parameter is a value
//! whose type a schema knows ([`Datum`]).

mod same;

use std::collections::BTreeMap;

pub(crate) use self::same::{fingerprint, same_but_for_refinements, same_elements};
use crate::attributes::Attributes;
use crate::number::Number;
use crate::path::{Path, Step};
use crate::ty::Type;

/// A value that may be absent or not yet known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value<T = Datum> {
    /// Absent.
    #[default]
    Null,
    /// Known only after apply; what is known of it already is in the refinement.
    Unknown(Refinement),
    /// Known.
    Known(T),
}

/// A known value, untyped as far as Rust goes.
///
/// Numbers, strings and bools stand for themselves. A collection holds values in order; for [`Datum::Set`] the order means nothing and
/// [`PartialEq`] ignores it.
#[derive(Clone, Debug)]
pub enum Datum {
    /// `bool`
    Bool(bool),
    /// `number`
    Number(Number),
    /// `string`
    String(String),
    /// `list(T)`
    List(Vec<Value>),
    /// `set(T)`, a multiset: no order, and nothing is merged here.
    Set(Vec<Value>),
    /// `tuple([…])`
    Tuple(Vec<Value>),
    /// `map(T)`
    Map(BTreeMap<String, Value>),
    /// `object({…})`; every attribute of the type is present.
    Object(Attributes<Value>),
    /// The value of a place whose type is `any`: it brings its own type along. A null or unknown value of such a place whose type is not
    /// known either is [`Value::Null`] or [`Value::Unknown`] without this wrapper; [`Value::holds_null`] sees through it.
    Dynamic(Box<Dynamic>),
}

/// A value with its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dynamic {
    /// Its type, in which `any` does not occur at the top.
    pub ty: Type,
    /// The value, of that type.
    pub value: Value,
}

/// What is known of an unknown value. The default says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refinement(Option<Box<Bounds>>);

/// The facts of a [`Refinement`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// It will not be null.
    pub not_null: bool,
    /// The string will start so.
    pub prefix: Option<String>,
    /// The number will be at least this; the flag includes the bound itself.
    pub lower: Option<(Number, bool)>,
    /// The number will be at most this; the flag includes the bound itself.
    pub upper: Option<(Number, bool)>,
    /// The collection will have at least so many elements.
    pub min_length: Option<u64>,
    /// The collection will have at most so many elements.
    pub max_length: Option<u64>,
}

impl Refinement {
    /// Says nothing.
    pub const NONE: Self = Self(None);

    /// The facts, if there are any.
    pub fn bounds(&self) -> Option<&Bounds> {
        self.0.as_deref()
    }

    /// Whether nothing is known.
    pub fn is_none(&self) -> bool {
        self.0.is_none()
    }
}

impl From<Bounds> for Refinement {
    fn from(bounds: Bounds) -> Self {
        if bounds == Bounds::default() {
            Self::NONE
        } else {
            Self(Some(Box::new(bounds)))
        }
    }
}

impl Datum {
    /// What a map or an object holds, in the order of keys or names.
    pub fn entries(&self) -> Option<Vec<(&str, &Value)>> {
        match self {
            Self::Map(entries) => Some(entries.iter().map(|(key, value)| (key.as_str(), value)).collect()),
            Self::Object(attributes) => Some(attributes.iter().map(|(name, value)| (name.as_str(), value)).collect()),
            Self::Bool(_)
            | Self::Number(_)
            | Self::String(_)
            | Self::List(_)
            | Self::Set(_)
            | Self::Tuple(_)
            | Self::Dynamic(_) => None,
        }
    }
}

impl<T> Value<T> {
    /// Unknown, with nothing known about it.
    pub const fn unknown() -> Self {
        Self::Unknown(Refinement::NONE)
    }

    /// Whether it is absent.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it is known only after apply. A known collection may still hold unknown elements: see [`Value::is_wholly_known`].
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// Whether it is known and not null.
    pub const fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }

    /// The known value.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown(_) => None,
        }
    }

    /// The known value, owned.
    pub fn into_known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown(_) => None,
        }
    }

    /// A view of it.
    pub fn as_ref(&self) -> Value<&T> {
        match self {
            Self::Null => Value::Null,
            Self::Unknown(refinement) => Value::Unknown(refinement.clone()),
            Self::Known(value) => Value::Known(value),
        }
    }

    /// Changes a known value; what was refined about an unknown one no longer holds and is dropped.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Value<U> {
        match self {
            Self::Null => Value::Null,
            Self::Unknown(_) => Value::unknown(),
            Self::Known(value) => Value::Known(change(value)),
        }
    }

    /// This value, or `other` where it is null.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        if self.is_null() { other } else { self }
    }
}

impl<T> From<T> for Value<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl From<&str> for Value<String> {
    fn from(value: &str) -> Self {
        Self::Known(value.to_owned())
    }
}

impl<T> From<Option<T>> for Value<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Known)
    }
}

impl Value {
    /// A known string.
    pub fn string(text: impl Into<String>) -> Self {
        Self::Known(Datum::String(text.into()))
    }

    /// A known bool.
    pub const fn bool(value: bool) -> Self {
        Self::Known(Datum::Bool(value))
    }

    /// A known number.
    pub fn number(value: impl Into<Number>) -> Self {
        Self::Known(Datum::Number(value.into()))
    }

    /// A known object.
    pub fn object<N: Into<String>>(attributes: impl IntoIterator<Item = (N, Self)>) -> Self {
        Self::Known(Datum::Object(attributes.into_iter().collect()))
    }

    /// The attribute of a known object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Known(Datum::Object(attributes)) => attributes.get(name),
            Self::Null | Self::Unknown(_) | Self::Known(_) => None,
        }
    }

    /// The text of a known string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Known(Datum::String(text)) => Some(text),
            Self::Null | Self::Unknown(_) | Self::Known(_) => None,
        }
    }

    /// The values directly inside a known collection, object, tuple or dynamic value.
    pub fn children(&self) -> Vec<&Self> {
        match self {
            Self::Null | Self::Unknown(_) | Self::Known(Datum::Bool(_) | Datum::Number(_) | Datum::String(_)) => {
                Vec::new()
            }
            Self::Known(Datum::List(elements) | Datum::Set(elements) | Datum::Tuple(elements)) => {
                elements.iter().collect()
            }
            Self::Known(Datum::Map(entries)) => entries.values().collect(),
            Self::Known(Datum::Object(attributes)) => attributes.values().collect(),
            Self::Known(Datum::Dynamic(dynamic)) => vec![&dynamic.value],
        }
    }

    /// Whether it is null, also as a dynamic value whose type is known.
    pub fn holds_null(&self) -> bool {
        match self {
            Self::Known(Datum::Dynamic(dynamic)) => dynamic.value.holds_null(),
            Self::Null | Self::Unknown(_) | Self::Known(_) => self.is_null(),
        }
    }

    /// Whether it is unknown, also as a dynamic value whose type is known.
    pub fn holds_unknown(&self) -> bool {
        match self {
            Self::Known(Datum::Dynamic(dynamic)) => dynamic.value.holds_unknown(),
            Self::Null | Self::Unknown(_) | Self::Known(_) => self.is_unknown(),
        }
    }

    /// The value at a place below this one; below an unknown value everything is unknown. `None` where the path leads nowhere.
    pub fn at(&self, path: &Path) -> Option<&Self> {
        path.steps().iter().try_fold(self, |value, step| match (step, value) {
            (_, Self::Unknown(_)) => Some(value),
            (Step::Attribute(name), Self::Known(Datum::Object(attributes))) => attributes.get(name),
            (Step::Key(key), Self::Known(Datum::Map(entries))) => entries.get(key),
            (Step::Index(index), Self::Known(Datum::List(elements) | Datum::Tuple(elements))) => elements.get(*index),
            (step, Self::Known(Datum::Dynamic(dynamic))) => dynamic.value.at(&Path::from(vec![step.clone()])),
            (Step::Attribute(_) | Step::Key(_) | Step::Index(_), Self::Null | Self::Known(_)) => None,
        })
    }

    /// What it is, in a word for messages: `a string`, `an unknown value`. Never its contents.
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Unknown(_) => "an unknown value",
            Self::Known(Datum::Bool(_)) => "a bool",
            Self::Known(Datum::Number(_)) => "a number",
            Self::Known(Datum::String(_)) => "a string",
            Self::Known(Datum::List(_)) => "a list",
            Self::Known(Datum::Set(_)) => "a set",
            Self::Known(Datum::Tuple(_)) => "a tuple",
            Self::Known(Datum::Map(_)) => "a map",
            Self::Known(Datum::Object(_)) => "an object",
            Self::Known(Datum::Dynamic(_)) => "a value with its type",
        }
    }

    /// Whether no part of it is unknown.
    pub fn is_wholly_known(&self) -> bool {
        !self.is_unknown() && self.children().into_iter().all(Self::is_wholly_known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_unknown_leaf_makes_a_value_partly_unknown() {
        let value = Value::object([
            ("a", Value::string("x")),
            ("b", Value::Known(Datum::List(vec![Value::unknown()]))),
        ]);
        assert!(value.is_known() && !value.is_wholly_known());
        assert!(Value::Known(Datum::Set(vec![Value::string("a")])).is_wholly_known());
    }

    #[test]
    fn a_refinement_that_says_nothing_is_none() {
        assert!(Refinement::from(Bounds::default()).is_none());
        assert!(
            !Refinement::from(Bounds {
                not_null: true,
                ..Bounds::default()
            })
            .is_none()
        );
    }
}
