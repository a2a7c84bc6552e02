use std::ops::RangeInclusive;

use super::literal::Numeric;
use super::{Accepts, Check, Verdict};
use crate::number::Number;
use crate::value::Datum;

/// The number is `least` or more.
pub fn at_least(least: impl Numeric) -> Check {
    let least = Limit(least.number());
    number(format!("It has to be at least {least}."), move |number| {
        least.0.as_ref().is_some_and(|least| number >= least)
    })
}

/// The number is `most` or less.
pub fn at_most(most: impl Numeric) -> Check {
    let most = Limit(most.number());
    number(format!("It has to be at most {most}."), move |number| {
        most.0.as_ref().is_some_and(|most| number <= most)
    })
}

/// The number is in `range`.
pub fn between<N: Numeric>(range: RangeInclusive<N>) -> Check {
    let (least, most) = range.into_inner();
    let (least, most) = (Limit(least.number()), Limit(most.number()));
    number(
        format!("It has to be from {least} to {most}."),
        move |number| matches!((&least.0, &most.0), (Some(least), Some(most)) if (least..=most).contains(&number)),
    )
}

/// What numbers are compared with; nothing compares with NaN.
struct Limit(Option<Number>);

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Some(number) => number.fmt(f),
            None => f.write_str("NaN"),
        }
    }
}

fn number(requirement: String, test: impl Fn(&Number) -> bool + Send + Sync + 'static) -> Check {
    Check::new(Accepts::Number, requirement, move |datum| match datum {
        Datum::Number(number) => test(number).into(),
        Datum::Bool(_)
        | Datum::String(_)
        | Datum::List(_)
        | Datum::Set(_)
        | Datum::Tuple(_)
        | Datum::Map(_)
        | Datum::Object(_)
        | Datum::Dynamic(_) => Verdict::Misplaced,
    })
}
