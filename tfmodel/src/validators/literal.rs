use crate::number::Number;
use crate::value::Datum;

/// A number as it is written in Rust.
pub trait Numeric: Literal {
    /// The number; `None` for NaN, which is neither more nor less than any other.
    fn number(self) -> Option<Number>;
}

/// A string, number or bool as it is written in Rust.
pub trait Literal {
    /// The value; `None` for NaN, which no value is.
    fn datum(self) -> Option<Datum>;
}

impl Literal for &str {
    fn datum(self) -> Option<Datum> {
        Some(Datum::String(self.to_owned()))
    }
}

impl Literal for Datum {
    fn datum(self) -> Option<Datum> {
        Some(self)
    }
}

impl Literal for String {
    fn datum(self) -> Option<Datum> {
        Some(Datum::String(self))
    }
}

impl Literal for bool {
    fn datum(self) -> Option<Datum> {
        Some(Datum::Bool(self))
    }
}

macro_rules! numeric {
    ($($type:ty: $number:expr),+) => {$(
        impl Numeric for $type {
            fn number(self) -> Option<Number> {
                $number(self)
            }
        }

        impl Literal for $type {
            fn datum(self) -> Option<Datum> {
                self.number().map(Datum::Number)
            }
        }
    )+};
}

numeric!(
    Number: Some,
    i32: |value| Some(Number::from(value)),
    i64: |value| Some(Number::from(value)),
    u32: |value| Some(Number::from(value)),
    u64: |value| Some(Number::from(value)),
    f64: Number::from_f64
);
