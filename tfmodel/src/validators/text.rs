use std::fmt::Display;
use std::ops::RangeBounds;
use std::str::FromStr;

use super::{Accepts, Check, Verdict, in_words, listed};
use crate::value::Datum;

/// The string has so many characters.
pub fn length(range: impl RangeBounds<usize> + Send + Sync + 'static) -> Check {
    let requirement = format!("It has to be {} characters long.", in_words(&range));
    text(requirement, move |text| range.contains(&text.chars().count()).into())
}

/// The string takes so many bytes as UTF-8, for services that count bytes.
pub fn length_in_bytes(range: impl RangeBounds<usize> + Send + Sync + 'static) -> Check {
    let requirement = format!("It has to be {} bytes long.", in_words(&range));
    text(requirement, move |text| range.contains(&text.len()).into())
}

/// The string passes `test`; `requirement` says in a sentence what it asks for. This is where a regular expression goes.
pub fn matches(requirement: impl Into<String>, test: impl Fn(&str) -> bool + Send + Sync + 'static) -> Check {
    text(requirement.into(), move |text| test(text).into())
}

/// The string is one of these, in capitals or not.
pub fn one_of_ignoring_case(allowed: impl IntoIterator<Item = &'static str>) -> Check {
    let allowed: Vec<&'static str> = allowed.into_iter().collect();
    text(
        format!("It has to be one of {}, in capitals or not.", texts(&allowed)),
        move |text| is_among(text, &allowed).into(),
    )
}

/// The string is none of these, neither in capitals nor not.
pub fn none_of_ignoring_case(refused: impl IntoIterator<Item = &'static str>) -> Check {
    let refused: Vec<&'static str> = refused.into_iter().collect();
    text(
        format!("It cannot be one of {}, in capitals or not.", texts(&refused)),
        move |text| (!is_among(text, &refused)).into(),
    )
}

fn texts(texts: &[&'static str]) -> String {
    listed(
        &texts
            .iter()
            .map(|text| Datum::String((*text).to_owned()))
            .collect::<Vec<_>>(),
    )
}

fn is_among(text: &str, texts: &[&str]) -> bool {
    let lower = text.to_lowercase();
    texts.iter().any(|other| other.to_lowercase() == lower)
}

/// The string parses as a `T`. The error of `T` says in a sentence what it asks for.
pub fn parses<T>() -> Check
where
    T: FromStr + 'static,
    T::Err: Display,
{
    text(String::new(), |text| match text.parse::<T>() {
        Ok(_) => Verdict::Fine,
        Err(error) => Verdict::Because(sentence(&error.to_string())),
    })
}

fn text(requirement: String, test: impl Fn(&str) -> Verdict + Send + Sync + 'static) -> Check {
    Check::new(Accepts::Text, requirement, move |datum| match datum {
        Datum::String(text) => test(text),
        Datum::Bool(_)
        | Datum::Number(_)
        | Datum::List(_)
        | Datum::Set(_)
        | Datum::Tuple(_)
        | Datum::Map(_)
        | Datum::Object(_)
        | Datum::Dynamic(_) => Verdict::Misplaced,
    })
}

/// Errors of Rust start small and end without a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let Some(first) = letters.next() else {
        return String::new();
    };
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), letters.as_str())
}
