//! Values in stored state: `RawState.json`, and the JSON form that a host may send instead of msgpack.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::DecodeError;
use crate::attributes::Attributes;
use crate::conformance::{Mismatch, paired};
use crate::json::{self, Kind, Node, write_string};
use crate::number::Number;
use crate::path::Step;
use crate::ty::{ObjectType, Type};
use crate::value::{Datum, Dynamic, Value};

/// Reads a value of type `ty`.
///
/// An attribute that is missing is null: state of an older schema lacks attributes that were added since. One that the type does not have
/// is an error: hosts remove those that the current schema has lost, so what is left was written by a newer provider, and would be lost.
///
/// # Errors
/// The JSON is not of that type.
pub fn decode(node: &Node, ty: &Type) -> Result<Value, DecodeError> {
    decode_all(node, ty, Names::Stored)
}

/// Reads a value of type `ty` from an object that may have more attributes than the type names, at any depth: a state that another provider
/// wrote, of which only a part is of interest.
///
/// # Errors
/// What the type names is not of that type.
pub fn decode_named(node: &Node, ty: &Type) -> Result<Value, DecodeError> {
    decode_all(node, ty, Names::Part)
}

/// Which attributes an object has, compared with its type.
#[derive(Clone, Copy)]
enum Names {
    /// What is missing is null, what is too much is refused.
    Stored,
    /// What is missing is null, what is too much is left out.
    Part,
    /// Exactly those: a value that brings its type along was written with it, whole. A few bytes could else stand for any number of
    /// attributes.
    Whole,
}

fn decode_all(node: &Node, ty: &Type, names: Names) -> Result<Value, DecodeError> {
    let wrong = || DecodeError::from(Mismatch::expected(ty, node.describe()));
    let datum = match (ty, &node.kind) {
        (_, Kind::Null) => return Ok(Value::Null),
        (Type::Bool, Kind::Bool(value)) => Datum::Bool(*value),
        (Type::Number, Kind::Number(text)) => Datum::Number(
            text.parse::<Number>()
                .map_err(|_| DecodeError::new("the number is too large"))?,
        ),
        (Type::String, Kind::String(text)) => Datum::String(text.clone()),
        (Type::Dynamic, Kind::Object(_)) => Datum::Dynamic(Box::new(decode_dynamic(node)?)),
        (Type::List(element), Kind::Array(elements)) => Datum::List(decode_elements(elements, element, names)?),
        (Type::Set(element), Kind::Array(elements)) => {
            Datum::Set(decode_elements(elements, element, names).map_err(DecodeError::in_set)?)
        }
        (Type::Tuple(types), Kind::Array(elements)) => {
            if types.len() != elements.len() {
                return Err(Mismatch::length(types.len(), elements.len()).into());
            }
            let elements = types
                .iter()
                .zip(elements)
                .enumerate()
                .map(|(index, (ty, node))| decode_all(node, ty, names).map_err(|e| e.below(Step::Index(index))));
            Datum::Tuple(elements.collect::<Result<_, _>>()?)
        }
        (Type::Map(element), Kind::Object(_)) => Datum::Map(decode_members(node, |key, value| {
            decode_all(value, element, names).map_err(|e| e.below(Step::Key(key.to_owned())))
        })?),
        (Type::Object(object), Kind::Object(_)) => Datum::Object(decode_attributes(node, object, names)?),
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
        ) => return Err(wrong()),
    };
    Ok(Value::Known(datum))
}

/// Reads a value of type `ty` from JSON text.
///
/// # Errors
/// The bytes are not JSON, or not of that type.
pub fn decode_bytes(bytes: &[u8], ty: &Type) -> Result<Value, DecodeError> {
    let text = std::str::from_utf8(bytes).map_err(|_| DecodeError::new("the JSON text is not UTF-8"))?;
    let node = json::parse(text).map_err(|error| DecodeError::new(error.to_string()))?;
    decode(&node, ty)
}

fn decode_elements(elements: &[Node], element: &Type, names: Names) -> Result<Vec<Value>, DecodeError> {
    elements
        .iter()
        .enumerate()
        .map(|(index, node)| decode_all(node, element, names).map_err(|e| e.below(Step::Index(index))))
        .collect()
}

fn decode_members(
    node: &Node,
    mut decode_value: impl FnMut(&str, &Node) -> Result<Value, DecodeError>,
) -> Result<BTreeMap<String, Value>, DecodeError> {
    let mut entries = BTreeMap::new();
    for member in node.members() {
        let value = decode_value(&member.key, &member.value)?;
        if entries.insert(member.key.clone(), value).is_some() {
            return Err(DecodeError::new(format!("`{}` occurs twice", member.key)));
        }
    }
    Ok(entries)
}

fn decode_attributes(node: &Node, object: &ObjectType, names: Names) -> Result<Attributes<Value>, DecodeError> {
    let mut given = decode_members(node, |name, value| match (object.attributes.get(name), names) {
        (Some(ty), _) => decode_all(value, ty, names).map_err(|e| e.below(Step::Attribute(name.to_owned()))),
        (None, Names::Part) => Ok(Value::Null),
        (None, Names::Stored | Names::Whole) => Err(Mismatch::unexpected(name).into()),
    })?;
    let values = object.attributes.keys().map(|name| match (given.remove(name), names) {
        (Some(value), _) => Ok(value),
        (None, Names::Stored | Names::Part) => Ok(Value::Null),
        (None, Names::Whole) => Err(Mismatch::missing(name)),
    });
    Ok(Attributes::of(
        object.attributes.names(),
        values.collect::<Result<_, _>>()?,
    ))
}

fn decode_dynamic(node: &Node) -> Result<Dynamic, DecodeError> {
    let (Some(ty), Some(value), 2) = (node.get("type"), node.get("value"), node.members().len()) else {
        return Err(DecodeError::new(
            "expected a value with its type: `{\"type\": …, \"value\": …}`",
        ));
    };
    let ty = Type::from_node(ty).map_err(|error| DecodeError::new(error.to_string()))?;
    if ty == Type::Dynamic {
        return Err(Mismatch::untyped().into());
    }
    let value = decode_all(value, &ty, Names::Whole)?;
    Ok(Dynamic { ty, value })
}

/// Writes a value of type `ty` as state stores it, without spaces and with keys in order.
///
/// # Errors
/// The value is not of that type, or part of it is unknown or infinite: state holds neither.
pub fn encode(value: &Value, ty: &Type) -> Result<String, Mismatch> {
    let mut out = String::new();
    write(&mut out, value, ty)?;
    Ok(out)
}

fn write(out: &mut String, value: &Value, ty: &Type) -> Result<(), Mismatch> {
    let datum = match value {
        Value::Null => {
            out.push_str("null");
            return Ok(());
        }
        Value::Unknown(_) => return Err(Mismatch::here("an unknown value cannot be stored")),
        Value::Known(datum) => datum,
    };
    match (ty, datum) {
        (Type::Bool, Datum::Bool(value)) => out.push_str(if *value { "true" } else { "false" }),
        (Type::Number, Datum::Number(number)) if number.is_finite() => out.push_str(&number.to_string()),
        (Type::Number, Datum::Number(_)) => return Err(Mismatch::here("an infinite number cannot be stored")),
        (Type::String, Datum::String(text)) => write_string(out, text),
        (Type::Dynamic, Datum::Dynamic(dynamic)) => {
            if dynamic.ty == Type::Dynamic {
                return Err(Mismatch::untyped());
            }
            out.push_str("{\"type\":");
            out.push_str(&dynamic.ty.to_json());
            out.push_str(",\"value\":");
            write(out, &dynamic.value, &dynamic.ty)?;
            out.push('}');
        }
        (Type::List(element), Datum::List(elements)) => write_array(out, elements.iter().map(|e| (e, &**element)))?,
        (Type::Set(element), Datum::Set(elements)) => {
            write_array(out, elements.iter().map(|e| (e, &**element))).map_err(Mismatch::in_set)?;
        }
        (Type::Tuple(types), Datum::Tuple(elements)) => {
            if types.len() != elements.len() {
                return Err(Mismatch::length(types.len(), elements.len()));
            }
            write_array(out, elements.iter().zip(types))?;
        }
        (Type::Map(element), Datum::Map(entries)) => {
            let entries = entries.iter().map(|(key, value)| (key, &**element, value));
            write_object(out, entries, Step::Key)?;
        }
        (Type::Object(object), Datum::Object(attributes)) => {
            write_object(out, paired(&object.attributes, attributes)?, Step::Attribute)?;
        }
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
        ) => return Err(Mismatch::expected(ty, value.describe())),
    }
    Ok(())
}

fn write_array<'a>(out: &mut String, elements: impl Iterator<Item = (&'a Value, &'a Type)>) -> Result<(), Mismatch> {
    out.push('[');
    for (index, (value, ty)) in elements.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, value, ty).map_err(|m| m.below(Step::Index(index)))?;
    }
    out.push(']');
    Ok(())
}

fn write_object<'a>(
    out: &mut String,
    members: impl Iterator<Item = (&'a String, &'a Type, &'a Value)>,
    step: fn(String) -> Step,
) -> Result<(), Mismatch> {
    out.push('{');
    for (position, (key, ty, value)) in members.enumerate() {
        if position > 0 {
            out.push(',');
        }
        write_string(out, key);
        out.push(':');
        write(out, value, ty).map_err(|m| m.below(step(key.clone())))?;
    }
    out.push('}');
    Ok(())
}
