//! Numbers of any size and precision, kept as decimals.

mod arithmetic;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A decimal number, or one of the two infinities. Equal numbers are equal however they were written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number(Repr);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Repr {
    NegativeInfinity,
    // INVARIANT: `digits` has neither leading nor trailing zeros; zero is no digits, not negative, exponent 0.
    Finite {
        negative: bool,
        digits: Box<str>,
        exponent: i32,
    },
    PositiveInfinity,
}

/// The text is not a decimal number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a number")]
pub struct ParseNumberError {
    text: String,
}

// Longer texts would let a few bytes of input ask for gigabytes of output.
const MAX_EXPONENT: i32 = 100_000;

impl Number {
    /// Positive infinity.
    pub const INFINITY: Self = Self(Repr::PositiveInfinity);
    /// Negative infinity.
    pub const NEGATIVE_INFINITY: Self = Self(Repr::NegativeInfinity);

    /// The number nearest to `value` as its shortest decimal; `None` for NaN.
    pub fn from_f64(value: f64) -> Option<Self> {
        if value.is_nan() {
            None
        } else if value == f64::INFINITY {
            Some(Self::INFINITY)
        } else if value == f64::NEG_INFINITY {
            Some(Self::NEGATIVE_INFINITY)
        } else {
            format!("{value:e}").parse().ok()
        }
    }

    /// The number as an integer, if it is one and fits.
    pub fn to_i64(&self) -> Option<i64> {
        let (negative, magnitude) = self.integer()?;
        if negative {
            0_i64.checked_sub_unsigned(magnitude)
        } else {
            i64::try_from(magnitude).ok()
        }
    }

    /// The number as an unsigned integer, if it is one and fits.
    pub fn to_u64(&self) -> Option<u64> {
        let (negative, magnitude) = self.integer()?;
        (!negative).then_some(magnitude)
    }

    /// The nearest double.
    pub fn to_f64(&self) -> f64 {
        match &self.0 {
            Repr::NegativeInfinity => f64::NEG_INFINITY,
            Repr::PositiveInfinity => f64::INFINITY,
            Repr::Finite {
                negative,
                digits,
                exponent,
            } => {
                let sign = if *negative { "-" } else { "" };
                format!("{sign}{}e{exponent}", if digits.is_empty() { "0" } else { digits })
                    .parse()
                    .unwrap_or(0.0)
            }
        }
    }

    /// Exactly this double, every digit of it: 0.1 becomes 0.1000000000000000055…; `None` for NaN. Values from the host are read so,
    /// because it compares them exactly.
    pub fn from_exact_f64(value: f64) -> Option<Self> {
        if value.is_finite() {
            format!("{value:.0$}", fraction_bits(value)).parse().ok()
        } else {
            Self::from_f64(value)
        }
    }

    /// The number as a double, if there is one that is exactly equal.
    pub fn to_exact_f64(&self) -> Option<f64> {
        let value = self.to_f64();
        let Repr::Finite { exponent, .. } = &self.0 else {
            return Some(value);
        };
        // A double with n binary digits after the point has n decimal ones, so most numbers need no digits written out.
        let decimals = usize::try_from(-i64::from(*exponent)).unwrap_or(0);
        let exact = value.is_finite()
            && fraction_bits(value) == decimals
            && Self::from_exact_f64(value).is_some_and(|written| written == *self);
        exact.then_some(value)
    }

    /// Whether it has no fraction and is finite.
    pub fn is_integer(&self) -> bool {
        matches!(&self.0, Repr::Finite { exponent, .. } if *exponent >= 0)
    }

    /// Whether it is not an infinity.
    pub fn is_finite(&self) -> bool {
        matches!(self.0, Repr::Finite { .. })
    }

    /// Whether it is negative, and its absolute value, if that is an integer and fits.
    fn integer(&self) -> Option<(bool, u64)> {
        let Repr::Finite {
            negative,
            digits,
            exponent,
        } = &self.0
        else {
            return None;
        };
        if digits.is_empty() {
            return Some((false, 0));
        }
        let power = 10_u64.checked_pow(u32::try_from(*exponent).ok()?)?;
        Some((*negative, digits.parse::<u64>().ok()?.checked_mul(power)?))
    }
}

/// How many binary digits a finite double has after the point.
fn fraction_bits(value: f64) -> usize {
    const MANTISSA: u32 = f64::MANTISSA_DIGITS - 1;
    let bits = value.abs().to_bits();
    let (biased, fraction) = (bits >> MANTISSA, bits & ((1 << MANTISSA) - 1));
    if biased == 0 && fraction == 0 {
        return 0;
    }
    // value = integer * 2^(exponent - 1075); doubles near zero have no hidden bit.
    let (integer, exponent) = if biased == 0 {
        (fraction, 1)
    } else {
        (fraction | 1 << MANTISSA, biased)
    };
    usize::try_from(1075_u64.saturating_sub(exponent + u64::from(integer.trailing_zeros()))).unwrap_or(0)
}

impl FromStr for Number {
    type Err = ParseNumberError;

    /// Reads JSON's number syntax, with an optional leading `+` and leading zeros allowed.
    fn from_str(text: &str) -> Result<Self, ParseNumberError> {
        let error = || ParseNumberError {
            text: text.chars().take(64).collect(),
        };
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| error())?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() || (mantissa.contains('.') && fraction.is_empty()) {
            return Err(error());
        }
        let mut digits = String::with_capacity(whole.len() + fraction.len());
        digits.push_str(whole);
        digits.push_str(fraction);
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(error());
        }
        let significant = digits.trim_start_matches('0');
        let trimmed = significant.trim_end_matches('0');
        if trimmed.is_empty() {
            return Ok(Self::from(0_i64));
        }
        let exponent = i64::from(exponent) - fraction.len() as i64 + (significant.len() - trimmed.len()) as i64;
        match i32::try_from(exponent) {
            Ok(exponent) if exponent.abs() <= MAX_EXPONENT => Ok(Self(Repr::Finite {
                negative,
                digits: trimmed.into(),
                exponent,
            })),
            _ => Err(error()),
        }
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::from_integer(value < 0, value.unsigned_abs())
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self::from_integer(false, value)
    }
}

impl From<i32> for Number {
    fn from(value: i32) -> Self {
        Self::from(i64::from(value))
    }
}

impl From<u32> for Number {
    fn from(value: u32) -> Self {
        Self::from(u64::from(value))
    }
}

impl Number {
    fn from_integer(negative: bool, mut magnitude: u64) -> Self {
        if magnitude == 0 {
            return Self(Repr::Finite {
                negative: false,
                digits: "".into(),
                exponent: 0,
            });
        }
        let mut exponent = 0;
        while magnitude.is_multiple_of(10) {
            magnitude /= 10;
            exponent += 1;
        }
        Self(Repr::Finite {
            negative,
            digits: magnitude.to_string().into(),
            exponent,
        })
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Finite { negative: a, .. }, Repr::Finite { negative: b, .. }) => match (a, b) {
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => magnitude(self, other),
                (true, true) => magnitude(other, self),
            },
            (a, b) => rank(a).cmp(&rank(b)),
        }
    }
}

fn rank(repr: &Repr) -> i8 {
    match repr {
        Repr::NegativeInfinity => -1,
        Repr::Finite { .. } => 0,
        Repr::PositiveInfinity => 1,
    }
}

fn magnitude(a: &Number, b: &Number) -> Ordering {
    let (
        Repr::Finite {
            digits: a, exponent: x, ..
        },
        Repr::Finite {
            digits: b, exponent: y, ..
        },
    ) = (&a.0, &b.0)
    else {
        return Ordering::Equal;
    };
    match (a.is_empty(), b.is_empty()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        // Both start with a digit that is not zero, so the place of that digit decides first.
        (false, false) => (a.len() as i64 + i64::from(*x))
            .cmp(&(b.len() as i64 + i64::from(*y)))
            .then_with(|| a.cmp(b)),
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Plain decimal notation without an exponent.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (negative, digits, exponent) = match &self.0 {
            Repr::NegativeInfinity => return f.write_str("-Inf"),
            Repr::PositiveInfinity => return f.write_str("Inf"),
            Repr::Finite {
                negative,
                digits,
                exponent,
            } => (*negative, digits, *exponent),
        };
        if digits.is_empty() {
            return f.write_str("0");
        }
        if negative {
            f.write_str("-")?;
        }
        let count = digits.len();
        let zeros = |f: &mut fmt::Formatter<'_>, n: usize| (0..n).try_for_each(|_| f.write_str("0"));
        if exponent >= 0 {
            f.write_str(digits)?;
            return zeros(f, exponent.unsigned_abs() as usize);
        }
        let fraction = exponent.unsigned_abs() as usize;
        match count.checked_sub(fraction) {
            Some(whole) if whole > 0 => {
                let (whole, rest) = digits.split_at(whole);
                write!(f, "{whole}.{rest}")
            }
            _ => {
                f.write_str("0.")?;
                zeros(f, fraction - count)?;
                f.write_str(digits)
            }
        }
    }
}
