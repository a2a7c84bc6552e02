//! What a user reads when a value does not fit its field.

use super::Field;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::path::{Path, Step};
use crate::value::{Datum, Value};

/// The known value at `at`, or why there is none.
pub(crate) fn known<'v>(value: &'v Value, at: &Path) -> Result<&'v Datum, Diagnostics> {
    match value {
        Value::Known(datum) => Ok(datum),
        Value::Null => Err(null(at)),
        Value::Unknown(_) => Err(unknown(at)),
    }
}

/// Reads what stands one step below `at`. Places are made for what is wrong only: most values are right.
pub(crate) fn below<F: Field>(value: &Value, at: &Path, step: impl FnOnce() -> Step) -> Result<F, Diagnostics> {
    F::from_value(value, &Path::root()).or_else(|_| F::from_value(value, &at.with(step())))
}

pub(crate) fn null(at: &Path) -> Diagnostics {
    error(
        at,
        "Missing value",
        format!(
            "{} is null, and a value is needed here. Set it; if only the provider can set it, this is a bug in the provider: please report it.",
            subject(at)
        ),
    )
}

pub(crate) fn unknown(at: &Path) -> Diagnostics {
    error(
        at,
        "Value not known yet",
        format!(
            "{} depends on something that is known only after apply, and it is needed now. Use a value that is known when planning, or \
             apply what it depends on first.",
            subject(at)
        ),
    )
}

/// The value has another type. The host converts configuration to the schema's types, so users never cause this.
pub(crate) fn mismatch(at: &Path, expected: &str, found: &Datum) -> Diagnostics {
    error(
        at,
        "Value of another type",
        format!(
            "{} is {} where {expected} is expected. This is a bug in the provider: please report it.",
            subject(at),
            name(found)
        ),
    )
}

pub(crate) fn error(at: &Path, summary: &str, detail: String) -> Diagnostics {
    let diagnostic = Diagnostic::error(summary, detail);
    if at.is_root() {
        diagnostic.into()
    } else {
        diagnostic.at(at.clone()).into()
    }
}

pub(crate) fn subject(at: &Path) -> String {
    if at.is_root() {
        "This object".to_owned()
    } else {
        format!("`{at}`")
    }
}

/// The same problems, at the set in which they were found: no path leads into one.
pub(crate) fn in_set(found: Diagnostics, set: &Path) -> impl Iterator<Item = Diagnostic> {
    found.into_iter().map(|problem| match &problem.path {
        Some(path) if path.starts_with(set) => problem.at(set.clone()),
        Some(_) | None => problem,
    })
}

fn name(datum: &Datum) -> &'static str {
    match datum {
        Datum::Bool(_) => "a bool",
        Datum::Number(_) => "a number",
        Datum::String(_) => "a string",
        Datum::List(_) => "a list",
        Datum::Set(_) => "a set",
        Datum::Tuple(_) => "a tuple",
        Datum::Map(_) => "a map",
        Datum::Object(_) => "an object",
        Datum::Dynamic(_) => "a value of any type",
    }
}
