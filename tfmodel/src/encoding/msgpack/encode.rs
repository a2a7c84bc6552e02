use std::convert::Infallible;

use rmp::encode::{
    ByteBuf, ValueWriteError, write_array_len, write_bin, write_bool, write_ext_meta, write_f64, write_map_len,
    write_nil, write_sint, write_str, write_uint,
};

use super::{MAX_PREFIX_BYTES, MAX_REFINEMENT_BYTES, REFINED, refined};
use crate::conformance::{Mismatch, paired};
use crate::number::Number;
use crate::path::Step;
use crate::ty::Type;
use crate::value::{Bounds, Datum, Refinement, Value};

/// Writes a value of type `ty`. Refinements that do not fit the type or the wire are left out, which is always allowed.
///
/// # Errors
/// The value is not of that type, or is too long for the format.
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, Mismatch> {
    // Objects of a resource are seldom smaller, and what is small is soon sent.
    let mut out = ByteBuf::with_capacity(1024);
    write(&mut out, value, ty)?;
    Ok(out.into_vec())
}

/// Writing to memory does not fail.
fn written<T>(result: Result<T, ValueWriteError<Infallible>>) {
    let Ok(_) = result;
}

fn length(length: usize) -> Result<u32, Mismatch> {
    u32::try_from(length).map_err(|_| Mismatch::here("the value is too long to be sent"))
}

fn write(out: &mut ByteBuf, value: &Value, ty: &Type) -> Result<(), Mismatch> {
    let datum = match value {
        Value::Null => {
            let Ok(()) = write_nil(out);
            return Ok(());
        }
        Value::Unknown(refinement) => {
            write_unknown(out, refinement, ty);
            return Ok(());
        }
        Value::Known(datum) => datum,
    };
    match (ty, datum) {
        (Type::Bool, Datum::Bool(value)) => {
            let Ok(()) = write_bool(out, *value);
            Ok(())
        }
        (Type::Number, Datum::Number(number)) => {
            write_number(out, number);
            Ok(())
        }
        (Type::String, Datum::String(text)) => {
            length(text.len())?;
            written(write_str(out, text));
            Ok(())
        }
        (Type::Dynamic, Datum::Dynamic(dynamic)) => {
            if dynamic.ty == Type::Dynamic {
                return Err(Mismatch::untyped());
            }
            written(write_array_len(out, 2));
            written(write_bin(out, dynamic.ty.to_json().as_bytes()));
            write(out, &dynamic.value, &dynamic.ty)
        }
        (Type::List(element), Datum::List(elements)) => {
            written(write_array_len(out, length(elements.len())?));
            elements
                .iter()
                .enumerate()
                .try_for_each(|(index, value)| write(out, value, element).map_err(|m| m.below(Step::Index(index))))
        }
        (Type::Set(element), Datum::Set(elements)) => {
            written(write_array_len(out, length(elements.len())?));
            elements
                .iter()
                .try_for_each(|value| write(out, value, element).map_err(Mismatch::in_set))
        }
        (Type::Tuple(types), Datum::Tuple(elements)) => {
            if types.len() != elements.len() {
                return Err(Mismatch::length(types.len(), elements.len()));
            }
            written(write_array_len(out, length(elements.len())?));
            types
                .iter()
                .zip(elements)
                .enumerate()
                .try_for_each(|(index, (ty, value))| write(out, value, ty).map_err(|m| m.below(Step::Index(index))))
        }
        (Type::Map(element), Datum::Map(entries)) => {
            written(write_map_len(out, length(entries.len())?));
            entries.iter().try_for_each(|(key, value)| {
                written(write_str(out, key));
                write(out, value, element).map_err(|m| m.below(Step::Key(key.clone())))
            })
        }
        (Type::Object(object), Datum::Object(attributes)) => {
            let mut pairs = paired(&object.attributes, attributes)?;
            written(write_map_len(out, length(attributes.len())?));
            pairs.try_for_each(|(name, ty, value)| {
                written(write_str(out, name));
                write(out, value, ty).map_err(|m| m.below(Step::Attribute(name.clone())))
            })
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
        ) => Err(Mismatch::expected(ty, value.describe())),
    }
}

/// Integers of 64 bits as such; else a double, if that loses nothing and it is no integer; else decimal text.
fn write_number(out: &mut ByteBuf, number: &Number) {
    if let Some(integer) = number.to_i64() {
        written(write_sint(out, integer));
        return;
    }
    match number.to_exact_f64() {
        Some(double) if !number.is_integer() => written(write_f64(out, double)),
        Some(_) | None => written(write_str(out, &number.to_string())),
    }
}

fn write_unknown(out: &mut ByteBuf, refinement: &Refinement, ty: &Type) {
    let body = refinement.bounds().map(|bounds| refinement_body(bounds, ty));
    match body {
        Some((entries @ 1.., body)) if body.as_slice().len() < MAX_REFINEMENT_BYTES => {
            // The map's length takes one byte: there are at most six entries.
            written(write_ext_meta(out, body.as_slice().len() as u32 + 1, REFINED));
            written(write_map_len(out, entries));
            out.as_mut_vec().extend_from_slice(body.as_slice());
        }
        Some(_) | None => {
            written(write_ext_meta(out, 1, 0));
            out.as_mut_vec().push(0);
        }
    }
}

fn refinement_body(bounds: &Bounds, ty: &Type) -> (u32, ByteBuf) {
    let mut entries = 0;
    let mut out = ByteBuf::new();
    let mut key = |out: &mut ByteBuf, key: u64| {
        entries += 1;
        written(write_uint(out, key));
    };
    if *ty == Type::Dynamic {
        return (0, out);
    }
    if bounds.not_null {
        key(&mut out, refined::NULLNESS);
        let Ok(()) = write_bool(&mut out, false);
    }
    match ty {
        Type::String => {
            if let Some(prefix) = bounds.prefix.as_deref().filter(|prefix| !prefix.is_empty()) {
                key(&mut out, refined::PREFIX);
                let end = prefix.floor_char_boundary(MAX_PREFIX_BYTES);
                written(write_str(&mut out, prefix.get(..end).unwrap_or_default()));
            }
        }
        Type::Number => {
            for (name, bound) in [(refined::LOWER, &bounds.lower), (refined::UPPER, &bounds.upper)] {
                if let Some((number, inclusive)) = bound.as_ref().filter(|(number, _)| number.is_finite()) {
                    key(&mut out, name);
                    written(write_array_len(&mut out, 2));
                    write_number(&mut out, number);
                    let Ok(()) = write_bool(&mut out, *inclusive);
                }
            }
        }
        Type::List(_) | Type::Set(_) | Type::Map(_) => {
            for (name, bound) in [
                (refined::MIN_LENGTH, bounds.min_length.filter(|length| *length > 0)),
                (refined::MAX_LENGTH, bounds.max_length),
            ] {
                if let Some(length) = bound {
                    key(&mut out, name);
                    written(write_uint(&mut out, length));
                }
            }
        }
        Type::Bool | Type::Dynamic | Type::Tuple(_) | Type::Object(_) => {}
    }
    (entries, out)
}
