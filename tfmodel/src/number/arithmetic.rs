//! Exact sums and products.

use super::{Number, Repr};

/// Results with more digits than this are nobody's configuration, and would take long to find.
const MOST_DIGITS: usize = 4096;

/// A finite number as the sum of its digits times powers of ten; the first digit counts 10 to the power of `exponent`.
struct Places {
    digits: Vec<i64>,
    exponent: i32,
}

impl Number {
    /// The exact sum; `None` if a number is infinite or the sum has thousands of digits.
    pub fn checked_add(&self, other: &Self) -> Option<Self> {
        let (a, b) = (self.places()?, other.places()?);
        if a.digits.is_empty() {
            return Some(other.clone());
        }
        if b.digits.is_empty() {
            return Some(self.clone());
        }
        let exponent = a.exponent.min(b.exponent);
        let (mut sum, other) = (a.down_to(exponent)?, b.down_to(exponent)?);
        if sum.len() < other.len() {
            sum.resize(other.len(), 0);
        }
        for (place, digit) in sum.iter_mut().zip(other) {
            *place += digit;
        }
        written(sum, exponent)
    }

    /// The exact product; `None` if a number is infinite or the product has thousands of digits.
    pub fn checked_mul(&self, other: &Self) -> Option<Self> {
        let (a, b) = (self.places()?, other.places()?);
        let most = a.digits.len() + b.digits.len();
        if most > MOST_DIGITS {
            return None;
        }
        let mut product = vec![0; most];
        for (position, digit) in a.digits.iter().enumerate() {
            for (place, other) in product.iter_mut().skip(position).zip(&b.digits) {
                *place += digit * other;
            }
        }
        written(product, a.exponent.checked_add(b.exponent)?)
    }

    fn places(&self) -> Option<Places> {
        match &self.0 {
            Repr::Finite {
                negative,
                digits,
                exponent,
            } => {
                let sign = if *negative { -1 } else { 1 };
                Some(Places {
                    digits: digits
                        .bytes()
                        .rev()
                        .map(|digit| sign * i64::from(digit - b'0'))
                        .collect(),
                    exponent: *exponent,
                })
            }
            Repr::NegativeInfinity | Repr::PositiveInfinity => None,
        }
    }
}

impl Places {
    /// The digits from a lower power of ten on.
    fn down_to(self, exponent: i32) -> Option<Vec<i64>> {
        let zeros = usize::try_from(i64::from(self.exponent) - i64::from(exponent)).ok()?;
        if zeros.saturating_add(self.digits.len()) > MOST_DIGITS {
            return None;
        }
        let mut digits = vec![0; zeros];
        digits.extend(self.digits);
        Some(digits)
    }
}

/// The number out of places that may hold more than one digit, and digits of both signs.
fn written(mut places: Vec<i64>, exponent: i32) -> Option<Number> {
    // INVARIANT: the places below one cannot outweigh it, so the highest one that is not zero has the sign of the number.
    let negative = places
        .iter()
        .rev()
        .find(|place| **place != 0)
        .is_some_and(|place| *place < 0);
    let mut carry = 0;
    for place in &mut places {
        let whole = carry + if negative { -*place } else { *place };
        carry = whole.div_euclid(10);
        *place = whole.rem_euclid(10);
    }
    let sign = if negative { "-" } else { "" };
    let digits: String = places.iter().rev().map(ToString::to_string).collect();
    format!("{sign}{carry}{digits}e{exponent}").parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn sums_and_products_are_exact() {
        for (a, b, sum, product) in [
            ("0.1", "0.2", "0.3", "0.02"),
            ("1e30", "1", "1000000000000000000000000000001", "1e30"),
            ("-1.5", "1.5", "0", "-2.25"),
            ("-1000", "1", "-999", "-1000"),
            ("0", "-7", "-7", "0"),
            (
                "99999999999999999999",
                "99999999999999999999",
                "199999999999999999998",
                "9999999999999999999800000000000000000001",
            ),
        ] {
            let (a, b) = (number(a), number(b));
            assert_eq!(a.checked_add(&b), Some(number(sum)), "{a} + {b}");
            assert_eq!(a.checked_mul(&b), Some(number(product)), "{a} * {b}");
        }
    }

    #[test]
    fn infinities_and_endless_results_have_none() {
        assert_eq!(Number::INFINITY.checked_add(&number("1")), None);
        assert_eq!(number("0").checked_mul(&Number::NEGATIVE_INFINITY), None);
        assert_eq!(number("1e90000").checked_add(&number("1")), None);
        assert_eq!(number("1e90000").checked_mul(&number("1e90000")), None);
        assert_eq!(number("1e90000").checked_add(&number("0")), Some(number("1e90000")));
    }

    proptest! {
        #[test]
        fn integers_agree_with_the_machine(a: i32, b: i32) {
            let (a, b) = (i64::from(a), i64::from(b));
            let (left, right) = (Number::from(a), Number::from(b));
            prop_assert_eq!(left.checked_add(&right), Some(Number::from(a + b)));
            prop_assert_eq!(left.checked_mul(&right), Some(Number::from(a * b)));
        }
    }
}
