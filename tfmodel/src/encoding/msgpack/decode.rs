use std::collections::BTreeMap;

use rmp::Marker;

use super::reader::Reader;
use super::{MAX_REFINEMENT_BYTES, REFINED, refined};
use crate::attributes::Attributes;
use crate::conformance::Mismatch;
use crate::encoding::DecodeError;
use crate::number::Number;
use crate::path::Step;
use crate::ty::Type;
use crate::value::{Bounds, Datum, Dynamic, Refinement, Value};

/// Dynamic values bring types along that nest as deeply as they like; this bounds the recursion here and in all that walks the value.
const MAX_DEPTH: usize = 128;

/// For how many elements there is room before the first is read. The length comes from the input, which may not hold as many.
const AHEAD: usize = 64;

/// Reads a value of type `ty`.
///
/// # Errors
/// The bytes are not one value of that type and nothing else.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value, DecodeError> {
    let mut reader = Reader::new(bytes);
    let value = read(&mut reader, ty, 0)?;
    if reader.is_empty() {
        Ok(value)
    } else {
        Err(DecodeError::new("more bytes follow the value"))
    }
}

fn read(reader: &mut Reader<'_>, ty: &Type, depth: usize) -> Result<Value, DecodeError> {
    if depth > MAX_DEPTH {
        return Err(DecodeError::new("the value is nested too deeply"));
    }
    let marker = reader.marker()?;
    if marker == Marker::Null {
        return Ok(Value::Null);
    }
    if let Some((code, body)) = reader.extension(marker)? {
        let refinement = (code == REFINED && body.len() <= MAX_REFINEMENT_BYTES)
            .then(|| read_refinement(body, ty))
            .flatten();
        return Ok(Value::Unknown(refinement.unwrap_or_default()));
    }
    let wrong = || DecodeError::from(Mismatch::expected(ty, describe(marker)));
    let datum = match ty {
        Type::Bool => match marker {
            Marker::True => Datum::Bool(true),
            Marker::False => Datum::Bool(false),
            _ => return Err(wrong()),
        },
        Type::Number => Datum::Number(read_number(reader, marker)?.ok_or_else(wrong)?),
        Type::String => Datum::String(reader.text(marker)?.ok_or_else(wrong)?.to_owned()),
        Type::Dynamic => match reader.array_length(marker)? {
            Some(2) => Datum::Dynamic(Box::new(read_dynamic(reader, depth)?)),
            Some(_) | None => return Err(wrong()),
        },
        Type::List(element) => {
            let length = reader.array_length(marker)?.ok_or_else(wrong)?;
            Datum::List(read_elements(reader, length, element, depth)?)
        }
        Type::Set(element) => {
            let length = reader.array_length(marker)?.ok_or_else(wrong)?;
            Datum::Set(read_elements(reader, length, element, depth).map_err(DecodeError::in_set)?)
        }
        Type::Tuple(types) => {
            let length = reader.array_length(marker)?.ok_or_else(wrong)?;
            if length != types.len() {
                return Err(Mismatch::length(types.len(), length).into());
            }
            let elements = types
                .iter()
                .enumerate()
                .map(|(index, ty)| read(reader, ty, depth + 1).map_err(|e| e.below(Step::Index(index))));
            Datum::Tuple(elements.collect::<Result<_, _>>()?)
        }
        Type::Map(element) => {
            let length = reader.map_length(marker)?.ok_or_else(wrong)?;
            Datum::Map(read_entries(reader, length, element, depth)?)
        }
        Type::Object(object) => {
            let length = reader.map_length(marker)?.ok_or_else(wrong)?;
            Datum::Object(read_attributes(reader, length, &object.attributes, depth)?)
        }
    };
    Ok(Value::Known(datum))
}

fn read_elements(
    reader: &mut Reader<'_>,
    length: usize,
    element: &Type,
    depth: usize,
) -> Result<Vec<Value>, DecodeError> {
    let mut elements = Vec::with_capacity(length.min(AHEAD));
    for index in 0..length {
        elements.push(read(reader, element, depth + 1).map_err(|e| e.below(Step::Index(index)))?);
    }
    Ok(elements)
}

fn read_key<'a>(reader: &mut Reader<'a>) -> Result<&'a str, DecodeError> {
    let marker = reader.marker()?;
    reader
        .text(marker)?
        .ok_or_else(|| DecodeError::new(format!("a key is {}, not a string", describe(marker))))
}

fn twice(key: &str) -> DecodeError {
    DecodeError::new(format!("`{key}` occurs twice"))
}

fn read_entries(
    reader: &mut Reader<'_>,
    length: usize,
    element: &Type,
    depth: usize,
) -> Result<BTreeMap<String, Value>, DecodeError> {
    // A map is built from many entries in order more cheaply than one by one.
    let mut entries = Vec::with_capacity(length.min(AHEAD));
    for _ in 0..length {
        let key = read_key(reader)?;
        let value = read(reader, element, depth + 1).map_err(|e| e.below(Step::Key(key.to_owned())))?;
        entries.push((key.to_owned(), value));
    }
    if !entries.is_sorted_by(|(a, _), (b, _)| a < b) {
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut neighbours = entries.iter().zip(entries.iter().skip(1));
        if let Some(((key, _), _)) = neighbours.find(|((a, _), (b, _))| a == b) {
            return Err(twice(key));
        }
    }
    Ok(entries.into_iter().collect())
}

fn read_attributes(
    reader: &mut Reader<'_>,
    length: usize,
    types: &Attributes<Type>,
    depth: usize,
) -> Result<Attributes<Value>, DecodeError> {
    let names = types.keys().as_slice();
    let mut values: Vec<Option<Value>> = names.iter().map(|_| None).collect();
    for sent in 0..length {
        let name = read_key(reader)?;
        // Hosts send attributes in the order of their names, so a search is the exception.
        let position = match names.get(sent) {
            Some(next) if next == name => Some(sent),
            Some(_) | None => types.names().position(name).ok(),
        };
        let (ty, place) = position
            .and_then(|position| Some((types.values().as_slice().get(position)?, values.get_mut(position)?)))
            .ok_or_else(|| Mismatch::unexpected(name))?;
        let value = read(reader, ty, depth + 1).map_err(|e| e.below(Step::Attribute(name.to_owned())))?;
        if place.replace(value).is_some() {
            return Err(twice(name));
        }
    }
    match names.iter().zip(&values).find(|(_, value)| value.is_none()) {
        Some((name, _)) => Err(Mismatch::missing(name).into()),
        None => Ok(Attributes::of(types.names(), values.into_iter().flatten().collect())),
    }
}

fn read_dynamic(reader: &mut Reader<'_>, depth: usize) -> Result<Dynamic, DecodeError> {
    let marker = reader.marker()?;
    let text = match reader.binary(marker)? {
        Some(bytes) => std::str::from_utf8(bytes).ok(),
        None => reader.text(marker)?,
    };
    let ty = text
        .ok_or_else(|| DecodeError::new("a value of type `any` does not say its own type"))
        .and_then(|text| Type::from_json(text).map_err(|error| DecodeError::new(error.to_string())))?;
    if ty == Type::Dynamic {
        return Err(Mismatch::untyped().into());
    }
    let value = read(reader, &ty, depth + 1)?;
    Ok(Dynamic { ty, value })
}

fn read_number(reader: &mut Reader<'_>, marker: Marker) -> Result<Option<Number>, DecodeError> {
    let not_a_number = || DecodeError::new("this is not a number");
    Ok(Some(match marker {
        Marker::FixPos(value) => Number::from(u64::from(value)),
        Marker::FixNeg(value) => Number::from(i64::from(value)),
        Marker::U8 => Number::from(u64::from(u8::from_be_bytes(reader.array()?))),
        Marker::U16 => Number::from(u64::from(u16::from_be_bytes(reader.array()?))),
        Marker::U32 => Number::from(u64::from(u32::from_be_bytes(reader.array()?))),
        Marker::U64 => Number::from(u64::from_be_bytes(reader.array()?)),
        Marker::I8 => Number::from(i64::from(i8::from_be_bytes(reader.array()?))),
        Marker::I16 => Number::from(i64::from(i16::from_be_bytes(reader.array()?))),
        Marker::I32 => Number::from(i64::from(i32::from_be_bytes(reader.array()?))),
        Marker::I64 => Number::from(i64::from_be_bytes(reader.array()?)),
        Marker::F32 => {
            Number::from_exact_f64(f64::from(f32::from_be_bytes(reader.array()?))).ok_or_else(not_a_number)?
        }
        Marker::F64 => Number::from_exact_f64(f64::from_be_bytes(reader.array()?)).ok_or_else(not_a_number)?,
        _ => match reader.text(marker)? {
            Some(text) => text.parse().map_err(|_| not_a_number())?,
            None => return Ok(None),
        },
    }))
}

/// What a refinement says, or nothing where it cannot be read: to know less is always safe.
fn read_refinement(body: &[u8], ty: &Type) -> Option<Refinement> {
    let mut reader = Reader::new(body);
    let marker = reader.marker().ok()?;
    let entries = reader.map_length(marker).ok()??;
    let mut bounds = Bounds::default();
    for _ in 0..entries {
        let key = unsigned(&mut reader)?;
        match (key, ty) {
            (_, Type::Dynamic) => return None,
            (refined::NULLNESS, _) => bounds.not_null = reader.marker().ok()? == Marker::False,
            (refined::PREFIX, Type::String) => {
                let marker = reader.marker().ok()?;
                bounds.prefix = Some(reader.text(marker).ok()??.to_owned());
            }
            (refined::LOWER, Type::Number) => bounds.lower = Some(bound(&mut reader)?),
            (refined::UPPER, Type::Number) => bounds.upper = Some(bound(&mut reader)?),
            (refined::MIN_LENGTH, Type::List(_) | Type::Set(_) | Type::Map(_)) => {
                bounds.min_length = Some(unsigned(&mut reader)?);
            }
            (refined::MAX_LENGTH, Type::List(_) | Type::Set(_) | Type::Map(_)) => {
                bounds.max_length = Some(unsigned(&mut reader)?);
            }
            // A later protocol may know more; what follows this key cannot be told apart without knowing it.
            _ => break,
        }
    }
    Some(Refinement::from(bounds))
}

fn unsigned(reader: &mut Reader<'_>) -> Option<u64> {
    let marker = reader.marker().ok()?;
    read_number(reader, marker).ok()??.to_u64()
}

fn bound(reader: &mut Reader<'_>) -> Option<(Number, bool)> {
    let marker = reader.marker().ok()?;
    if reader.array_length(marker).ok()? != Some(2) {
        return None;
    }
    let marker = reader.marker().ok()?;
    let number = read_number(reader, marker).ok()??;
    match reader.marker().ok()? {
        Marker::True => Some((number, true)),
        Marker::False => Some((number, false)),
        _ => None,
    }
}

const fn describe(marker: Marker) -> &'static str {
    match marker {
        Marker::Null => "null",
        Marker::True | Marker::False => "a bool",
        Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => "a string",
        Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => "an array",
        Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => "a map",
        Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => "binary data",
        Marker::FixExt1
        | Marker::FixExt2
        | Marker::FixExt4
        | Marker::FixExt8
        | Marker::FixExt16
        | Marker::Ext8
        | Marker::Ext16
        | Marker::Ext32 => "an unknown value",
        Marker::FixPos(_)
        | Marker::FixNeg(_)
        | Marker::U8
        | Marker::U16
        | Marker::U32
        | Marker::U64
        | Marker::I8
        | Marker::I16
        | Marker::I32
        | Marker::I64
        | Marker::F32
        | Marker::F64 => "a number",
        Marker::Reserved => "a reserved byte",
    }
}
