use tfmodel::Number;
use tfmodel::equality::Timestamp;

use super::context::{Context, Presence};
use super::pattern::{Glyph, Pattern};
use super::range::Range;
use super::read;
use super::verdict::Truth;
use crate::policy::{KNOWN_KEYS, KnownKey, Piece, Test, Variable, pieces};

/// A value that a condition wants, read once for its test.
#[derive(Clone, Debug)]
pub(super) enum Wanted<'d> {
    Text(String),
    /// In lower case.
    Folded(String),
    Like(Pattern),
    Arn(Box<[Pattern; 6]>),
    /// With variables, which each request fills in.
    Template(Vec<Piece<'d>>),
    Number(Number),
    Moment(Timestamp),
    Bool(bool),
    Binary(&'d str),
    Range(Range),
    /// No value for its test; AWS does not say what IAM does with it.
    Unreadable,
}

impl<'d> Wanted<'d> {
    pub(super) fn new(text: &'d str, test: Test, has_variables: bool) -> Self {
        let found = match test {
            Test::StringEquals
            | Test::StringNotEquals
            | Test::StringEqualsIgnoreCase
            | Test::StringNotEqualsIgnoreCase
            | Test::StringLike
            | Test::StringNotLike
            | Test::ArnEquals
            | Test::ArnNotEquals
            | Test::ArnLike
            | Test::ArnNotLike => return Self::text(text, test, has_variables),
            Test::NumericEquals
            | Test::NumericNotEquals
            | Test::NumericLessThan
            | Test::NumericLessThanEquals
            | Test::NumericGreaterThan
            | Test::NumericGreaterThanEquals => read::number(text).map(Self::Number),
            Test::DateEquals
            | Test::DateNotEquals
            | Test::DateLessThan
            | Test::DateLessThanEquals
            | Test::DateGreaterThan
            | Test::DateGreaterThanEquals => read::moment(text).map(Self::Moment),
            Test::Bool | Test::Null => read::boolean(text).map(Self::Bool),
            Test::BinaryEquals => read::base64(text).map(Self::Binary),
            Test::IpAddress | Test::NotIpAddress => Range::parse(text).map(Self::Range),
        };
        found.unwrap_or(Self::Unreadable)
    }

    fn text(text: &'d str, test: Test, has_variables: bool) -> Self {
        if !has_variables || !text.contains("${") {
            return Self::of_glyphs(&text.chars().map(Glyph::of).collect::<Vec<_>>(), text, test);
        }
        match pieces(text) {
            Ok(pieces) if pieces.iter().any(|piece| matches!(piece, Piece::Variable(_))) => Self::Template(pieces),
            Ok(pieces) => match filled(&pieces, test, &Context::new()) {
                Filled::With(glyphs, text) => Self::of_glyphs(&glyphs, &text, test),
                Filled::Nothing | Filled::Unknown => Self::Unreadable,
            },
            Err(_) => Self::Unreadable,
        }
    }

    fn of_glyphs(glyphs: &[Glyph], text: &str, test: Test) -> Self {
        match test {
            Test::StringLike | Test::StringNotLike => Self::Like(Pattern::of(glyphs)),
            Test::ArnEquals | Test::ArnNotEquals | Test::ArnLike | Test::ArnNotLike => {
                arn(glyphs).map_or(Self::Unreadable, |fields| Self::Arn(Box::new(fields)))
            }
            Test::StringEqualsIgnoreCase | Test::StringNotEqualsIgnoreCase => Self::Folded(text.to_lowercase()),
            _ => Self::Text(text.to_owned()),
        }
    }

    /// Whether a value of the request is what is wanted; a negated test turns the answer round.
    pub(super) fn is_matched_by(&self, value: &str, test: Test, context: &Context) -> Truth {
        let known = match self {
            Self::Text(text) => Some(text == value),
            Self::Folded(text) => Some(*text == value.to_lowercase()),
            Self::Like(pattern) => Some(pattern.matches(value)),
            Self::Arn(fields) => is_like_arn(fields, value),
            Self::Template(pieces) => {
                return match filled(pieces, test, context) {
                    Filled::With(glyphs, text) => {
                        Self::of_glyphs(&glyphs, &text, test).is_matched_by(value, test, context)
                    }
                    Filled::Nothing => Truth::False,
                    Filled::Unknown => Truth::Unknown,
                };
            }
            Self::Number(number) => read::number(value).and_then(|found| compare(test, &found, number)),
            Self::Moment(moment) => read::moment(value).and_then(|found| compare(test, &found, moment)),
            Self::Bool(wanted) => read::boolean(value).map(|found| found == *wanted),
            Self::Binary(bytes) => read::base64(value).map(|found| found == *bytes),
            Self::Range(range) => range.contains(value),
            Self::Unreadable => None,
        };
        known.map_or(Truth::Unknown, Truth::from)
    }
}

/// Whether a value without variables is one for a test.
pub(crate) fn can_be_read(text: &str, test: Test) -> bool {
    !matches!(Wanted::new(text, test, false), Wanted::Unreadable)
}

fn compare<T: Ord>(test: Test, found: &T, wanted: &T) -> Option<bool> {
    Some(match test {
        Test::NumericEquals | Test::NumericNotEquals | Test::DateEquals | Test::DateNotEquals => found == wanted,
        Test::NumericLessThan | Test::DateLessThan => found < wanted,
        Test::NumericLessThanEquals | Test::DateLessThanEquals => found <= wanted,
        Test::NumericGreaterThan | Test::DateGreaterThan => found > wanted,
        Test::NumericGreaterThanEquals | Test::DateGreaterThanEquals => found >= wanted,
        _ => return None,
    })
}

/// Each part between colons is matched on its own; the last one holds the other colons (IAM User Guide, condition operators).
pub(super) fn arn(glyphs: &[Glyph]) -> Option<[Pattern; 6]> {
    let mut parts = glyphs.splitn(6, |glyph| *glyph == Glyph::Letter(':'));
    let mut part = || parts.next().map(Pattern::of);
    Some([part()?, part()?, part()?, part()?, part()?, part()?])
}

/// `None` if the value is no ARN.
pub(super) fn is_like_arn(fields: &[Pattern; 6], value: &str) -> Option<bool> {
    let parts: Vec<&str> = value.splitn(6, ':').collect();
    (parts.len() == 6).then(|| fields.iter().zip(&parts).all(|(field, part)| field.matches(part)))
}

/// A value once a request has filled in its variables.
pub(super) enum Filled {
    /// As a pattern and as a text.
    With(Vec<Glyph>, String),
    /// A variable has no value: nothing is equal to it or like it.
    Nothing,
    /// It depends on what nobody can know offline, or on what AWS does not say.
    Unknown,
}

/// Fills in the variables of a value.
pub(super) fn filled(pieces: &[Piece<'_>], test: Test, context: &Context) -> Filled {
    let is_literal = matches!(
        test,
        Test::StringEquals | Test::StringNotEquals | Test::StringEqualsIgnoreCase | Test::StringNotEqualsIgnoreCase
    );
    let mut glyphs = Vec::new();
    let mut text = String::new();
    let mut is_unknown = false;
    for piece in pieces {
        match piece {
            Piece::Text(plain) => {
                text.push_str(plain);
                glyphs.extend(plain.chars().map(Glyph::of));
            }
            Piece::Character(letter) => {
                text.push(*letter);
                glyphs.push(Glyph::Letter(*letter));
            }
            Piece::Variable(variable) => match value(variable, context) {
                Value::Text(found) => {
                    // AWS does not say whether a wildcard that a request brings is one.
                    is_unknown |= !is_literal && found.contains(['*', '?']);
                    text.push_str(found);
                    glyphs.extend(found.chars().map(Glyph::Letter));
                }
                Value::Nothing => return Filled::Nothing,
                Value::Unknown => is_unknown = true,
            },
        }
    }
    if is_unknown {
        Filled::Unknown
    } else {
        Filled::With(glyphs, text)
    }
}

enum Value<'a> {
    Text(&'a str),
    Nothing,
    Unknown,
}

fn value<'a>(variable: &Variable<'a>, context: &'a Context) -> Value<'a> {
    // These are no variables (IAM User Guide, single-valued and multivalued context keys).
    let is_multivalued = |known: &KnownKey| known.multivalued && known.name.eq_ignore_ascii_case(variable.key);
    if KNOWN_KEYS.iter().any(is_multivalued) {
        return Value::Unknown;
    }
    let values: &[String] = match context.get(variable.key) {
        Presence::Absent => &[],
        Presence::Values(values) => values,
        Presence::Present | Presence::Unknown => return Value::Unknown,
    };
    match (values, variable.default) {
        ([only], _) => Value::Text(only),
        ([], Some(default)) => Value::Text(default),
        ([], None) => Value::Nothing,
        ([_, _, ..], _) => Value::Unknown,
    }
}
