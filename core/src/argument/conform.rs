use std::collections::BTreeMap;

use tfmodel::{Datum, Path, Type, Value};

/// Why an argument cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", Place(path))]
pub struct Problem {
    /// Where in the argument.
    pub path: Path,
    /// What is wrong, in sentences.
    pub message: String,
}

struct Place<'p>(&'p Path);

impl std::fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_root() {
            Ok(())
        } else {
            write!(f, "`{}`: ", self.0)
        }
    }
}

impl Problem {
    pub(crate) fn new(path: &Path, message: impl Into<String>) -> Self {
        Self {
            path: path.clone(),
            message: message.into(),
        }
    }
}

/// A value of any type as one of the type that is asked for, as leniently as HCL is.
///
/// Attributes that are left out are null, a single value stands for a list of one, and texts, numbers and bools stand for each other where they
/// spell the same.
///
/// # Errors
/// It has an attribute that the type does not have, or is of another kind.
pub fn conform(value: &Value, ty: &Type, at: &Path) -> Result<Value, Problem> {
    let datum = match value {
        Value::Null => return Ok(Value::Null),
        Value::Unknown(_) => return Ok(Value::unknown()),
        Value::Known(Datum::Dynamic(dynamic)) => return conform(&dynamic.value, ty, at),
        Value::Known(datum) => datum,
    };
    let mismatch = |expected: &str| Problem::new(at, format!("It has to be {expected}."));
    let conformed = match ty {
        Type::Dynamic => datum.clone(),
        Type::String => Datum::String(match datum {
            Datum::String(text) => text.clone(),
            Datum::Number(number) => number.to_string(),
            Datum::Bool(value) => value.to_string(),
            _ => return Err(mismatch("a string")),
        }),
        Type::Bool => Datum::Bool(match datum {
            Datum::Bool(value) => *value,
            Datum::String(text) if text == "true" => true,
            Datum::String(text) if text == "false" => false,
            _ => return Err(mismatch("a bool")),
        }),
        Type::Number => Datum::Number(match datum {
            Datum::Number(number) => number.clone(),
            Datum::String(text) => text.parse().map_err(|_| mismatch("a number"))?,
            _ => return Err(mismatch("a number")),
        }),
        Type::List(element) => Datum::List(elements(datum, value, element, at)?),
        Type::Set(element) => Datum::Set(elements(datum, value, element, at)?),
        Type::Tuple(_) => return Err(mismatch("a value of a type that functions do not have")),
        Type::Map(element) => {
            let mut entries = BTreeMap::new();
            for (key, value) in datum.entries().ok_or_else(|| mismatch("a map"))? {
                entries.insert(key.to_owned(), conform(value, element, &at.with_key(key))?);
            }
            Datum::Map(entries)
        }
        Type::Object(object) => {
            let given = datum.entries().ok_or_else(|| mismatch("an object"))?;
            if let Some(&(name, _)) = given.iter().find(|(name, _)| !object.attributes.contains_key(name)) {
                return Err(Problem::new(
                    &at.with_attribute(name),
                    format!(
                        "There is no attribute `{name}` here.{}",
                        near(name, object.attributes.keys())
                    ),
                ));
            }
            Datum::Object(
                object
                    .attributes
                    .iter()
                    .map(|(name, ty)| {
                        let value = given.iter().find(|(one, _)| one == name);
                        let value = value.map_or(&Value::Null, |(_, value)| value);
                        Ok((name.clone(), conform(value, ty, &at.with_attribute(name))?))
                    })
                    .collect::<Result<_, Problem>>()?,
            )
        }
    };
    Ok(Value::Known(conformed))
}

fn elements(datum: &Datum, value: &Value, ty: &Type, at: &Path) -> Result<Vec<Value>, Problem> {
    match datum {
        Datum::List(elements) | Datum::Set(elements) | Datum::Tuple(elements) => elements
            .iter()
            .enumerate()
            .map(|(index, element)| conform(element, ty, &at.with_index(index)))
            .collect(),
        Datum::Bool(_) | Datum::Number(_) | Datum::String(_) | Datum::Map(_) | Datum::Object(_) | Datum::Dynamic(_) => {
            Ok(vec![conform(value, ty, at)?])
        }
    }
}

/// A name that may be meant: the same letters, or all but one.
fn near<'n>(name: &str, known: impl Iterator<Item = &'n String>) -> String {
    let plain = |name: &str| name.to_ascii_lowercase().replace(['_', '-'], "");
    let wanted = plain(name);
    known
        .into_iter()
        .find(|candidate| {
            let candidate = plain(candidate);
            candidate == wanted || candidate.trim_end_matches('s') == wanted.trim_end_matches('s')
        })
        .map_or_else(String::new, |candidate| format!(" `{candidate}` may be meant."))
}
