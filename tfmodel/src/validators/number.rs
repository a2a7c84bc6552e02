use std::ops::RangeInclusive;

use super::{Accepts, Check, Verdict};
use crate::number::Number;
use crate::value::Datum;

/// The number is `least` or more.
pub fn at_least(least: impl Into<Number>) -> Check {
    let least = least.into();
    number(format!("It has to be at least {least}."), move |number| {
        *number >= least
    })
}

/// The number is `most` or less.
pub fn at_most(most: impl Into<Number>) -> Check {
    let most = most.into();
    number(format!("It has to be at most {most}."), move |number| *number <= most)
}

/// The number is in `range`.
pub fn between<N: Into<Number>>(range: RangeInclusive<N>) -> Check {
    let (least, most) = range.into_inner();
    let (least, most) = (least.into(), most.into());
    number(format!("It has to be from {least} to {most}."), move |number| {
        (&least..=&most).contains(&number)
    })
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
