use super::problem::{error, known, mismatch, subject};
use super::{Facts, Field};
use crate::diagnostics::Diagnostics;
use crate::number::Number;
use crate::path::Path;
use crate::schema::Shape;
use crate::ty::Type;
use crate::value::{Datum, Dynamic, Value};

impl Field for bool {
    fn shape() -> Shape {
        Shape::Plain(Type::Bool)
    }

    fn from_value(value: &Value, at: &Path) -> Result<Self, Diagnostics> {
        match known(value, at)? {
            Datum::Bool(value) => Ok(*value),
            other => Err(mismatch(at, "a bool", other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::bool(*self)
    }
}

impl Field for String {
    fn shape() -> Shape {
        Shape::Plain(Type::String)
    }

    fn from_value(value: &Value, at: &Path) -> Result<Self, Diagnostics> {
        match known(value, at)? {
            Datum::String(text) => Ok(text.clone()),
            other => Err(mismatch(at, "a string", other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::string(self)
    }
}

impl Field for Number {
    const FACTS: Facts = Facts::NUMBER;

    fn shape() -> Shape {
        Shape::Plain(Type::Number)
    }

    fn from_value(value: &Value, at: &Path) -> Result<Self, Diagnostics> {
        number(value, at).cloned()
    }

    fn to_value(&self) -> Value {
        Value::number(self.clone())
    }
}

/// The nearest double. NaN, which Terraform does not have, becomes null.
impl Field for f64 {
    const FACTS: Facts = Facts::NUMBER;

    fn shape() -> Shape {
        Number::shape()
    }

    fn from_value(value: &Value, at: &Path) -> Result<Self, Diagnostics> {
        number(value, at).map(Number::to_f64)
    }

    fn to_value(&self) -> Value {
        Number::from_f64(*self).map_or(Value::Null, Value::number)
    }
}

/// The nearest float, and the shortest number that reads as it. NaN, which Terraform does not have, becomes null.
impl Field for f32 {
    const FACTS: Facts = Facts::NUMBER;

    fn shape() -> Shape {
        Number::shape()
    }

    fn from_value(value: &Value, at: &Path) -> Result<Self, Diagnostics> {
        number(value, at).map(|number| number.to_f64() as Self)
    }

    fn to_value(&self) -> Value {
        if self.is_finite() {
            let shortest = format!("{self:e}").parse::<Number>();
            shortest.map_or(Value::Null, Value::number)
        } else {
            f64::from(*self).to_value()
        }
    }
}

macro_rules! integer {
    ($($type:ident through $wide:ident by $convert:ident),+) => {$(
        impl Field for $type {
            const FACTS: Facts = Facts::NUMBER;

            fn shape() -> Shape {
                Number::shape()
            }

            fn from_value(value: &Value, at: &Path) -> Result<Self, Diagnostics> {
                let number = number(value, at)?;
                number
                    .$convert()
                    .and_then(|wide| Self::try_from(wide).ok())
                    .ok_or_else(|| not_in_range(at, &Self::MIN, &Self::MAX))
            }

            fn to_value(&self) -> Value {
                Value::number($wide::from(*self))
            }
        }
    )+};
}

integer!(i8 through i64 by to_i64, i16 through i64 by to_i64, i32 through i64 by to_i64, i64 through i64 by to_i64);
integer!(u8 through u64 by to_u64, u16 through u64 by to_u64, u32 through u64 by to_u64, u64 through u64 by to_u64);

fn number<'v>(value: &'v Value, at: &Path) -> Result<&'v Number, Diagnostics> {
    match known(value, at)? {
        Datum::Number(number) => Ok(number),
        other => Err(mismatch(at, "a number", other)),
    }
}

fn not_in_range(at: &Path, min: &dyn std::fmt::Display, max: &dyn std::fmt::Display) -> Diagnostics {
    error(
        at,
        "Number out of range",
        format!("{} has to be a whole number from {min} to {max}.", subject(at)),
    )
}

impl Field for Dynamic {
    const FACTS: Facts = Facts::DYNAMIC;

    fn shape() -> Shape {
        Shape::Plain(Type::Dynamic)
    }

    fn from_value(value: &Value, at: &Path) -> Result<Self, Diagnostics> {
        match known(value, at)? {
            Datum::Dynamic(dynamic) => Ok(Self::clone(dynamic)),
            other => Err(mismatch(at, "a value of any type", other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::Known(Datum::Dynamic(Box::new(self.clone())))
    }
}
