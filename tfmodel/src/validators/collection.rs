use std::ops::RangeBounds;
use std::sync::Arc;

use super::{Accepts, Check, Verdict, in_words};
use crate::diagnostics::Diagnostics;
use crate::path::Path;
use crate::schema::Validator;
use crate::ty::Type;
use crate::value::{Datum, Value};

/// The list, set or map has so many elements. A set is counted once all of it is known.
pub fn size(range: impl RangeBounds<usize> + Send + Sync + 'static) -> Check {
    let requirement = format!("It has to have {} elements.", in_words(&range));
    Check::new(Accepts::Collection, requirement, move |datum| match datum {
        Datum::Set(elements) if !elements.iter().all(Value::is_wholly_known) => Verdict::Fine,
        Datum::List(elements) | Datum::Set(elements) | Datum::Tuple(elements) => range.contains(&elements.len()).into(),
        Datum::Map(entries) => range.contains(&entries.len()).into(),
        Datum::Bool(_) | Datum::Number(_) | Datum::String(_) | Datum::Object(_) | Datum::Dynamic(_) => {
            Verdict::Misplaced
        }
    })
}

/// No element of the list occurs twice.
pub fn unique() -> Check {
    Check::new(
        Accepts::Collection,
        "No element can occur twice.",
        |datum| match datum {
            Datum::List(elements) => elements
                .iter()
                .enumerate()
                .all(|(position, element)| {
                    !element.is_wholly_known() || !elements.iter().take(position).any(|earlier| earlier == element)
                })
                .into(),
            Datum::Set(_) => Verdict::Fine,
            Datum::Bool(_)
            | Datum::Number(_)
            | Datum::String(_)
            | Datum::Tuple(_)
            | Datum::Map(_)
            | Datum::Object(_)
            | Datum::Dynamic(_) => Verdict::Misplaced,
        },
    )
}

/// No element of the list, set or map is null.
pub fn no_nulls() -> Check {
    Check::new(
        Accepts::Collection,
        "None of its elements can be null.",
        |datum| match datum {
            Datum::List(_) | Datum::Set(_) | Datum::Tuple(_) | Datum::Map(_) => {
                (!elements(datum, &Path::root()).any(|(element, _)| element.is_null())).into()
            }
            Datum::Bool(_) | Datum::Number(_) | Datum::String(_) | Datum::Object(_) | Datum::Dynamic(_) => {
                Verdict::Misplaced
            }
        },
    )
}

/// A check of the elements or of the keys of a collection.
#[derive(Debug)]
pub struct Each {
    check: Arc<dyn Validator>,
    part: Part,
}

#[derive(Clone, Copy, Debug)]
enum Part {
    Elements,
    Keys,
}

/// Each element of the list, set or map passes `check`.
pub fn each(check: impl Validator + 'static) -> Each {
    Each::element(Arc::new(check))
}

/// Each key of the map passes `check`.
pub fn keys(check: impl Validator + 'static) -> Each {
    Each {
        check: Arc::new(check),
        part: Part::Keys,
    }
}

impl Each {
    pub(crate) fn element(check: Arc<dyn Validator>) -> Self {
        Self {
            check,
            part: Part::Elements,
        }
    }
}

impl Validator for Each {
    fn description(&self) -> String {
        let part = match self.part {
            Part::Elements => "Each element",
            Part::Keys => "Each key",
        };
        match self.check.description() {
            nothing if nothing.is_empty() => nothing,
            requirement => format!("{part}: {requirement}"),
        }
    }

    fn accepts(&self, ty: &Type) -> bool {
        match (ty, self.part) {
            (Type::Map(_), Part::Keys) => self.check.accepts(&Type::String),
            (Type::List(element) | Type::Set(element) | Type::Map(element), Part::Elements) => {
                self.check.accepts(element)
            }
            (Type::List(_) | Type::Set(_), Part::Keys)
            | (
                Type::Bool | Type::Number | Type::String | Type::Dynamic | Type::Tuple(_) | Type::Object(_),
                Part::Keys | Part::Elements,
            ) => false,
        }
    }

    fn validate(&self, value: &Value, path: &Path) -> Diagnostics {
        let Value::Known(datum) = value else {
            return Diagnostics::new();
        };
        match (self.part, datum) {
            (Part::Keys, Datum::Map(entries)) => entries
                .keys()
                .flat_map(|key| self.check.validate(&Value::string(key), &path.with_key(key)))
                .collect(),
            (Part::Keys, _) => Diagnostics::new(),
            (Part::Elements, datum) => elements(datum, path)
                .filter(|(element, _)| element.is_known())
                .flat_map(|(element, at)| self.check.validate(element, &at))
                .collect(),
        }
    }
}

/// The elements with their paths. A path cannot lead into a set.
fn elements<'v>(datum: &'v Datum, path: &Path) -> Box<dyn Iterator<Item = (&'v Value, Path)> + 'v> {
    let path = path.clone();
    match datum {
        Datum::List(elements) | Datum::Tuple(elements) => Box::new(
            elements
                .iter()
                .enumerate()
                .map(move |(index, element)| (element, path.with_index(index))),
        ),
        Datum::Set(elements) => Box::new(elements.iter().map(move |element| (element, path.clone()))),
        Datum::Map(entries) => Box::new(entries.iter().map(move |(key, entry)| (entry, path.with_key(key)))),
        Datum::Bool(_) | Datum::Number(_) | Datum::String(_) | Datum::Object(_) | Datum::Dynamic(_) => {
            Box::new(std::iter::empty())
        }
    }
}
