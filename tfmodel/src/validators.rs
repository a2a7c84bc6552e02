//! Checks for `#[tf(validate(…))]`.
//!
//! A check says what it asks for, in one sentence, and that sentence is both documentation and the second half of the message.
//! Values that are null or not known yet pass, in whole and in part: they are checked once they are known.
//!
//! | about | checks |
//! |---|---|
//! | strings, numbers, bools | [`one_of`], [`none_of`] |
//! | strings | [`length`], [`length_in_bytes`], [`one_of_ignoring_case`], [`none_of_ignoring_case`], [`matches`], [`parses`] |
//! | numbers | [`at_least`], [`at_most`], [`between`] |
//! | lists, sets, maps | [`size`], [`non_empty`], [`no_nulls`], [`unique`], [`each`], [`keys`] |
//! | any type | [`custom`], [`satisfies`] |
//! | other checks | [`either`], [`both`], [`advice`] |
//!
//! Several checks in one `validate(…)` all have to pass. There is no regular expression in here, because one regex engine weighs more than
//! the rest of a page's code; a pattern is a function: `matches("It has to start with `vpc-`.", |text| text.starts_with("vpc-"))`, and a
//! provider that has a regex crate writes `matches("…", |text| PATTERN.is_match(text))`.

mod collection;
mod combined;
mod literal;
mod number;
mod text;

pub use collection::{Each, each, keys, no_nulls, size, unique};
pub use combined::{Advice, Both, Either, advice, both, either};
pub use literal::{Literal, Numeric};
pub use number::{at_least, at_most, between};
pub use text::{length, length_in_bytes, matches, none_of_ignoring_case, one_of_ignoring_case, parses};

use std::fmt;
use std::ops::{Bound, RangeBounds};

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::Field;
use crate::path::Path;
use crate::schema::Validator;
use crate::spelling::closest;
use crate::ty::Type;
use crate::value::{Datum, Value};

/// A check of one value.
pub struct Check {
    requirement: String,
    accepts: Accepts,
    test: Box<dyn Fn(&Datum) -> Verdict + Send + Sync>,
}

/// What a [`Check`] is for.
enum Accepts {
    Text,
    Number,
    Collection,
    TextOrCollection,
    Only(Vec<Type>),
    /// The type of a field, asked for late: the schema of a model holds checks of the model.
    Like(fn() -> Type),
}

impl Accepts {
    fn includes(&self, ty: &Type) -> bool {
        let is_collection = matches!(ty, Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Tuple(_));
        match self {
            Self::Text => *ty == Type::String,
            Self::Number => *ty == Type::Number,
            Self::Collection => is_collection,
            Self::TextOrCollection => is_collection || *ty == Type::String,
            Self::Only(types) => types.contains(ty),
            Self::Like(field) => field() == *ty,
        }
    }

    fn types_of(data: &[Datum]) -> Self {
        Self::Only(
            data.iter()
                .filter_map(|datum| match datum {
                    Datum::Bool(_) => Some(Type::Bool),
                    Datum::Number(_) => Some(Type::Number),
                    Datum::String(_) => Some(Type::String),
                    Datum::List(_)
                    | Datum::Set(_)
                    | Datum::Tuple(_)
                    | Datum::Map(_)
                    | Datum::Object(_)
                    | Datum::Dynamic(_) => None,
                })
                .collect(),
        )
    }
}

/// What a [`Check`] says of a value.
enum Verdict {
    /// It may pass.
    Fine,
    /// It breaks the requirement.
    Refused,
    /// It breaks the requirement, and this is why.
    Because(String),
    /// The check is for values of another type.
    Misplaced,
}

impl From<bool> for Verdict {
    fn from(fine: bool) -> Self {
        if fine { Self::Fine } else { Self::Refused }
    }
}

impl Check {
    fn new(
        accepts: Accepts,
        requirement: impl Into<String>,
        test: impl Fn(&Datum) -> Verdict + Send + Sync + 'static,
    ) -> Self {
        Self {
            requirement: requirement.into(),
            accepts,
            test: Box::new(test),
        }
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Check").field(&self.requirement).finish()
    }
}

impl Validator for Check {
    fn description(&self) -> String {
        self.requirement.clone()
    }

    fn accepts(&self, ty: &Type) -> bool {
        self.accepts.includes(ty)
    }

    fn validate(&self, value: &Value, path: &Path) -> Diagnostics {
        let Value::Known(datum) = value else {
            return Diagnostics::new();
        };
        let detail = match (self.test)(datum) {
            Verdict::Fine => return Diagnostics::new(),
            Verdict::Refused => format!("{} {}", found(datum), self.requirement),
            Verdict::Because(why) => format!("{} {why} {}", found(datum), self.requirement)
                .trim_end()
                .to_owned(),
            Verdict::Misplaced => format!(
                "{} The provider checks it for something that its type never has. This is a bug in the provider: please report it.",
                found(datum)
            ),
        };
        if path.is_root() {
            return Diagnostic::error("Invalid configuration", detail).into();
        }
        Diagnostic::error(format!("Invalid value of `{path}`"), detail)
            .at(path.clone())
            .into()
    }
}

/// The text of a string.
fn string_of(datum: &Datum) -> Option<&str> {
    match datum {
        Datum::String(text) => Some(text),
        Datum::Bool(_)
        | Datum::Number(_)
        | Datum::List(_)
        | Datum::Set(_)
        | Datum::Tuple(_)
        | Datum::Map(_)
        | Datum::Object(_)
        | Datum::Dynamic(_) => None,
    }
}

/// The value is one of these strings, numbers or bools.
pub fn one_of<L: Literal>(allowed: impl IntoIterator<Item = L>) -> Check {
    let allowed: Vec<Datum> = allowed.into_iter().filter_map(Literal::datum).collect();
    let requirement = format!("It has to be one of {}.", listed(&allowed));
    Check::new(Accepts::types_of(&allowed), requirement, move |datum| match datum {
        datum if allowed.contains(datum) => Verdict::Fine,
        Datum::String(text) => match closest(text, allowed.iter().filter_map(string_of)) {
            Some(meant) => Verdict::Because(format!("Did you mean `{meant}`?")),
            None => Verdict::Refused,
        },
        Datum::Bool(_)
        | Datum::Number(_)
        | Datum::List(_)
        | Datum::Set(_)
        | Datum::Tuple(_)
        | Datum::Map(_)
        | Datum::Object(_)
        | Datum::Dynamic(_) => Verdict::Refused,
    })
}

/// The value is none of these strings, numbers or bools.
pub fn none_of<L: Literal>(refused: impl IntoIterator<Item = L>) -> Check {
    let refused: Vec<Datum> = refused.into_iter().filter_map(Literal::datum).collect();
    let requirement = format!("It cannot be one of {}.", listed(&refused));
    Check::new(Accepts::types_of(&refused), requirement, move |datum| {
        (!refused.contains(datum)).into()
    })
}

/// The string, list, set or map is not empty.
pub fn non_empty() -> Check {
    Check::new(Accepts::TextOrCollection, "It cannot be empty.", |datum| match datum {
        Datum::String(text) => (!text.is_empty()).into(),
        Datum::List(elements) | Datum::Set(elements) | Datum::Tuple(elements) => (!elements.is_empty()).into(),
        Datum::Map(entries) => (!entries.is_empty()).into(),
        Datum::Bool(_) | Datum::Number(_) | Datum::Object(_) | Datum::Dynamic(_) => Verdict::Misplaced,
    })
}

/// The value passes `test`, which says in a sentence what is wrong otherwise.
///
/// A value with unknown parts that `T` cannot hold is not passed.
pub fn custom<T: Field>(test: impl Fn(T) -> Result<(), String> + Send + Sync + 'static) -> Check {
    Check::new(Accepts::Like(|| T::shape().ty()), "", move |datum| {
        decoded(datum, |value| {
            test(value).map_or_else(Verdict::Because, |()| Verdict::Fine)
        })
    })
}

/// The value passes `test`; `requirement` says in a sentence what it asks for.
///
/// A value with unknown parts that `T` cannot hold is not passed.
pub fn satisfies<T: Field>(requirement: impl Into<String>, test: impl Fn(T) -> bool + Send + Sync + 'static) -> Check {
    Check::new(Accepts::Like(|| T::shape().ty()), requirement, move |datum| {
        decoded(datum, |value| test(value).into())
    })
}

fn decoded<T: Field>(datum: &Datum, test: impl FnOnce(T) -> Verdict) -> Verdict {
    let value = Value::Known(datum.clone());
    match T::from_value(&value, &Path::root()) {
        Ok(value) => test(value),
        Err(_) if !value.is_wholly_known() => Verdict::Fine,
        Err(_) => Verdict::Misplaced,
    }
}

/// What was found, as a sentence.
fn found(datum: &Datum) -> String {
    match datum {
        Datum::String(text) if text.is_empty() => "It is empty.".to_owned(),
        Datum::Bool(_) | Datum::Number(_) | Datum::String(_) => format!("It is {}.", quoted(datum)),
        Datum::List(elements) | Datum::Set(elements) | Datum::Tuple(elements) => counted(elements.len()),
        Datum::Map(entries) => counted(entries.len()),
        Datum::Object(_) => "It is an object.".to_owned(),
        Datum::Dynamic(dynamic) => dynamic.value.known().map(found).unwrap_or_default(),
    }
}

fn counted(elements: usize) -> String {
    match elements {
        0 => "It is empty.".to_owned(),
        1 => "It has `1` element.".to_owned(),
        more => format!("It has `{more}` elements."),
    }
}

fn listed(data: &[Datum]) -> String {
    data.iter().map(quoted).collect::<Vec<_>>().join(", ")
}

/// The value in backticks, cut where it is long.
fn quoted(datum: &Datum) -> String {
    const LONGEST: usize = 80;
    match datum {
        Datum::Bool(value) => format!("`{value}`"),
        Datum::Number(number) => format!("`{number}`"),
        Datum::String(text) if text.chars().count() > LONGEST => {
            format!("`{}…`", text.chars().take(LONGEST).collect::<String>())
        }
        Datum::String(text) => format!("`{text}`"),
        Datum::List(_) | Datum::Set(_) | Datum::Tuple(_) | Datum::Map(_) | Datum::Object(_) | Datum::Dynamic(_) => {
            found(datum)
        }
    }
}

/// `1 to 5`, `at least 1`, `at most 5`, `exactly 5`.
fn in_words(range: &impl RangeBounds<usize>) -> String {
    let least = match range.start_bound() {
        Bound::Included(least) => *least,
        Bound::Excluded(before) => before.saturating_add(1),
        Bound::Unbounded => 0,
    };
    let most = match range.end_bound() {
        Bound::Included(most) => Some(*most),
        Bound::Excluded(after) => Some(after.saturating_sub(1)),
        Bound::Unbounded => None,
    };
    match (least, most) {
        (least, Some(most)) if least == most => format!("exactly {least}"),
        (0, Some(most)) => format!("at most {most}"),
        (least, Some(most)) => format!("{least} to {most}"),
        (least, None) => format!("at least {least}"),
    }
}
