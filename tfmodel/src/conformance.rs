//! Whether a value is of a type, with the place where it is not.
//!
//! Messages name places and kinds of values, never values: they may be sensitive.

use crate::attributes::Attributes;
use crate::path::{Path, Step};
use crate::schema::{Attribute, Members, NestedBlock, Nesting, Schema, Shape};
use crate::ty::Type;
use crate::value::{Datum, Value};

/// A part of a value is not of the type that its place asks for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", prefix(path))]
pub struct Mismatch {
    /// The place; inside a set it stops at the set.
    pub path: Path,
    /// What was found and what should be there.
    pub problem: String,
}

pub(crate) fn prefix(path: &Path) -> String {
    if path.is_root() {
        String::new()
    } else {
        format!("{path}: ")
    }
}

impl Mismatch {
    pub(crate) fn here(problem: impl Into<String>) -> Self {
        Self {
            path: Path::root(),
            problem: problem.into(),
        }
    }

    pub(crate) fn expected(ty: &Type, found: &str) -> Self {
        Self::here(format!("expected {}, found {found}", noun(ty)))
    }

    pub(crate) fn missing(name: &str) -> Self {
        Self::here(format!("attribute `{name}` is missing"))
    }

    pub(crate) fn unexpected(name: &str) -> Self {
        Self::here(format!("there is no attribute `{name}`"))
    }

    pub(crate) fn length(expected: usize, found: usize) -> Self {
        Self::here(format!("expected a tuple of {expected} elements, found {found}"))
    }

    pub(crate) fn untyped() -> Self {
        Self::here("a value of type `any` does not say its own type")
    }

    pub(crate) fn below(self, step: Step) -> Self {
        Self {
            path: self.path.below(step),
            ..self
        }
    }

    pub(crate) fn in_set(self) -> Self {
        Self {
            path: Path::root(),
            ..self
        }
    }
}

/// The kind of a type, in a word for messages.
pub(crate) const fn noun(ty: &Type) -> &'static str {
    match ty {
        Type::Bool => "a bool",
        Type::Number => "a number",
        Type::String => "a string",
        Type::Dynamic => "a value with its type",
        Type::List(_) => "a list",
        Type::Set(_) => "a set",
        Type::Map(_) => "a map",
        Type::Tuple(_) => "a tuple",
        Type::Object(_) => "an object",
    }
}

/// Checks that `value` is of type `ty`. Null and unknown are of every type; every attribute of an object must be present, and no other.
///
/// # Errors
/// The first place that does not conform.
pub fn check(value: &Value, ty: &Type) -> Result<(), Mismatch> {
    let Value::Known(datum) = value else {
        return Ok(());
    };
    match (ty, datum) {
        (Type::Bool, Datum::Bool(_)) | (Type::Number, Datum::Number(_)) | (Type::String, Datum::String(_)) => Ok(()),
        (Type::Dynamic, Datum::Dynamic(dynamic)) => {
            if dynamic.ty == Type::Dynamic {
                return Err(Mismatch::untyped());
            }
            check(&dynamic.value, &dynamic.ty)
        }
        (Type::List(element), Datum::List(elements)) => elements
            .iter()
            .enumerate()
            .try_for_each(|(index, value)| check(value, element).map_err(|m| m.below(Step::Index(index)))),
        (Type::Set(element), Datum::Set(elements)) => elements
            .iter()
            .try_for_each(|value| check(value, element).map_err(Mismatch::in_set)),
        (Type::Map(element), Datum::Map(entries)) => entries
            .iter()
            .try_for_each(|(key, value)| check(value, element).map_err(|m| m.below(Step::Key(key.clone())))),
        (Type::Tuple(types), Datum::Tuple(elements)) => {
            if types.len() != elements.len() {
                return Err(Mismatch::length(types.len(), elements.len()));
            }
            types
                .iter()
                .zip(elements)
                .enumerate()
                .try_for_each(|(index, (ty, value))| check(value, ty).map_err(|m| m.below(Step::Index(index))))
        }
        (Type::Object(object), Datum::Object(attributes)) => paired(&object.attributes, attributes)?
            .try_for_each(|(name, ty, value)| check(value, ty).map_err(|m| m.below(Step::Attribute(name.clone())))),
        (
            Type::Bool
            | Type::Number
            | Type::String
            | Type::Dynamic
            | Type::List(_)
            | Type::Set(_)
            | Type::Map(_)
            | Type::Tuple(_)
            | Type::Object(_),
            _,
        ) => Err(Mismatch::expected(ty, value.describe())),
    }
}

/// Checks that `value` is of the schema's type, as [`check`] does, and makes that type only to say what is wrong.
///
/// # Errors
/// The first place that does not conform.
pub fn check_object(value: &Value, schema: &Schema) -> Result<(), Mismatch> {
    if fits((Nesting::Single, schema.block.members()), value) {
        Ok(())
    } else {
        check(value, &schema.ty())
    }
}

fn fits((nesting, members): (Nesting, Members<'_>), value: &Value) -> bool {
    let one = |element| fits((Nesting::Single, members), element);
    match (nesting, value) {
        (_, Value::Null | Value::Unknown(_)) => true,
        (Nesting::Single, Value::Known(Datum::Object(values))) => has_members(values, members),
        (Nesting::List, Value::Known(Datum::List(elements))) | (Nesting::Set, Value::Known(Datum::Set(elements))) => {
            elements.iter().all(one)
        }
        (Nesting::Map, Value::Known(Datum::Map(entries))) => entries.values().all(one),
        (Nesting::Single | Nesting::List | Nesting::Set | Nesting::Map, Value::Known(_)) => false,
    }
}

fn has_members(values: &Attributes<Value>, members: Members<'_>) -> bool {
    let Members { attributes, blocks } = members;
    let attribute = |(near, attribute): (usize, &Attribute)| {
        values
            .get_near(near, &attribute.name)
            .is_some_and(|value| match &attribute.shape {
                Shape::Plain(ty) => check(value, ty).is_ok(),
                Shape::Nested(nesting, attributes) => {
                    let inside = Members {
                        attributes,
                        blocks: &[],
                    };
                    fits((*nesting, inside), value)
                }
            })
    };
    let block = |block: &NestedBlock| values.get(&block.name).is_some_and(|value| fits(block.inside(), value));
    values.len() == attributes.len() + blocks.len()
        && attributes.iter().enumerate().all(attribute)
        && blocks.iter().all(block)
}

/// The attributes of an object with their types, once both sides are known to have the same names.
pub(crate) fn paired<'a>(
    types: &'a Attributes<Type>,
    values: &'a Attributes<Value>,
) -> Result<impl Iterator<Item = (&'a String, &'a Type, &'a Value)>, Mismatch> {
    if !types.has_names_of(values) {
        if let Some(name) = types.keys().find(|name| !values.contains_key(name)) {
            return Err(Mismatch::missing(name));
        }
        if let Some(name) = values.keys().find(|name| !types.contains_key(name)) {
            return Err(Mismatch::unexpected(name));
        }
    }
    Ok(types
        .iter()
        .zip(values.values())
        .map(|((name, ty), value)| (name, ty, value)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::value::Dynamic;

    fn problem(value: &Value, ty: &Type) -> String {
        check(value, ty).unwrap_err().to_string()
    }

    fn list(values: Vec<Value>) -> Value {
        Value::Known(Datum::List(values))
    }

    #[test]
    fn null_and_unknown_are_of_every_type() {
        for ty in [
            Type::Bool,
            Type::Dynamic,
            Type::list(Type::String),
            Type::object([("a", Type::Bool)]),
        ] {
            assert_eq!(check(&Value::Null, &ty), Ok(()));
            assert_eq!(check(&Value::unknown(), &ty), Ok(()));
        }
    }

    #[test]
    fn a_mismatch_names_its_place() {
        let ty = Type::object([("a", Type::list(Type::map(Type::String)))]);
        let entry = Value::Known(Datum::Map(BTreeMap::from([("k".to_owned(), Value::bool(true))])));
        let value = Value::object([("a", list(vec![Value::Null, entry]))]);
        assert_eq!(problem(&value, &ty), r#"a[1]["k"]: expected a string, found a bool"#);
    }

    #[test]
    fn inside_a_set_the_place_stops_at_the_set() {
        let ty = Type::object([("s", Type::set(Type::list(Type::String)))]);
        let value = Value::object([("s", Value::Known(Datum::Set(vec![list(vec![Value::bool(true)])])))]);
        assert_eq!(problem(&value, &ty), "s: expected a string, found a bool");
    }

    #[test]
    fn an_object_has_every_attribute_and_no_other() {
        let ty = Type::object([("a", Type::Bool), ("b", Type::Bool)]);
        assert_eq!(
            problem(&Value::object([("a", Value::Null)]), &ty),
            "attribute `b` is missing"
        );
        let more = Value::object([("a", Value::Null), ("b", Value::Null), ("c", Value::Null)]);
        assert_eq!(problem(&more, &ty), "there is no attribute `c`");
    }

    #[test]
    fn a_tuple_has_as_many_elements_as_its_type() {
        let ty = Type::Tuple(vec![Type::Bool, Type::String]);
        let value = Value::Known(Datum::Tuple(vec![Value::bool(true)]));
        assert_eq!(problem(&value, &ty), "expected a tuple of 2 elements, found 1");
    }

    #[test]
    fn a_value_of_type_any_brings_its_type_along() {
        let dynamic = |ty, value| Value::Known(Datum::Dynamic(Box::new(Dynamic { ty, value })));
        assert_eq!(
            check(&dynamic(Type::String, Value::string("x")), &Type::Dynamic),
            Ok(())
        );
        assert!(check(&dynamic(Type::String, Value::bool(true)), &Type::Dynamic).is_err());
        assert!(check(&dynamic(Type::Dynamic, Value::Null), &Type::Dynamic).is_err());
        assert!(check(&Value::string("x"), &Type::Dynamic).is_err());
    }

    #[test]
    fn lists_sets_and_tuples_are_not_the_same() {
        assert!(check(&list(vec![]), &Type::set(Type::Bool)).is_err());
        assert!(check(&list(vec![]), &Type::Tuple(vec![])).is_err());
    }
}
