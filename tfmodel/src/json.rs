//! The project's one JSON reader: keeps places, duplicate keys and the text of numbers, and can be run in slices.
//!
//! Plans, states, policies and everything the page is given are read through it. [`Limits`] bound its
//! depth and size, so that code which walks a [`Node`] may recurse.

mod parser;
mod writer;

pub use parser::{Limits, Parser, Progress};
pub use writer::write_string;

use std::fmt;

use crate::order;

/// Bytes of the input, end exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// First byte after it.
    pub end: u32,
}

impl Span {
    /// The text that stands there; nothing, if `text` is not what the span was made from.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A JSON value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its bytes in the input.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What a [`Node`] is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, in the text of the input.
    Number(String),
    /// A string, unescaped.
    String(String),
    /// An array.
    Array(Vec<Node>),
    /// An object: every member in order, repeated keys included.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The key, unescaped.
    pub key: String,
    /// Where the key stands, with its quotes.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

/// The input is not JSON, or goes past a limit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem} at line {line}, column {column}")]
pub struct Error {
    /// What is wrong.
    pub problem: Problem,
    /// Where, in bytes from the start.
    pub offset: u32,
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
}

/// What is wrong with an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The input ended in the middle of a value.
    Truncated,
    /// There is no value.
    Empty,
    /// Something else stands where this should.
    Expected(&'static str),
    /// Text follows the value.
    Trailing,
    /// A string holds a control character that must be escaped.
    ControlCharacter,
    /// A backslash is followed by something that is no escape.
    Escape,
    /// A `\u` escape is half of a surrogate pair.
    LoneSurrogate,
    /// A number is not written as JSON asks.
    Number,
    /// Arrays and objects are nested too deeply.
    TooDeep,
    /// The input is too long.
    TooLong,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => f.write_str("the text ends in the middle of a value"),
            Self::Empty => f.write_str("there is no value"),
            Self::Expected(what) => write!(f, "expected {what}"),
            Self::Trailing => f.write_str("unexpected text after the value"),
            Self::ControlCharacter => f.write_str("a control character in a string must be escaped"),
            Self::Escape => f.write_str("this is not an escape sequence of JSON"),
            Self::LoneSurrogate => f.write_str("half of a surrogate pair stands alone"),
            Self::Number => f.write_str("this is not a number of JSON"),
            Self::TooDeep => f.write_str("nested too deeply"),
            Self::TooLong => f.write_str("the text is too long"),
        }
    }
}

/// Reads one value at once, with the default [`Limits`].
///
/// # Errors
/// See [`Problem`].
pub fn parse(text: &str) -> Result<Node, Error> {
    let mut parser = Parser::new(text, Limits::default())?;
    loop {
        match parser.step(usize::MAX)? {
            Progress::Working => {}
            Progress::Done(node) => return Ok(node),
        }
    }
}

/// The line and the column, both counted from 1, of a place in `text`; the column counts characters.
pub fn line_and_column(text: &str, offset: u32) -> (u32, u32) {
    let before = text.as_bytes().get(..offset as usize).unwrap_or(text.as_bytes());
    let line_start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |newline| newline + 1);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    // Continuation bytes of UTF-8 start no character.
    let column = before
        .iter()
        .skip(line_start)
        .filter(|byte| **byte & 0xC0 != 0x80)
        .count()
        + 1;
    (
        u32::try_from(line).unwrap_or(u32::MAX),
        u32::try_from(column).unwrap_or(u32::MAX),
    )
}

impl Node {
    /// The value of a member; of a repeated key, the last one.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.members()
            .iter()
            .rev()
            .find(|member| member.key == key)
            .map(|member| &member.value)
    }

    /// The members of an object, none of anything else.
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            Kind::Object(members) => members,
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Array(_) => &[],
        }
    }

    /// The elements of an array, none of anything else.
    pub fn elements(&self) -> &[Node] {
        match &self.kind {
            Kind::Array(elements) => elements,
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Object(_) => &[],
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Array(_) | Kind::Object(_) => None,
        }
    }

    /// The value of a bool.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(value) => Some(value),
            Kind::Null | Kind::Number(_) | Kind::String(_) | Kind::Array(_) | Kind::Object(_) => None,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        self.kind == Kind::Null
    }

    /// What it is, in a word for messages: `an object`, `a string`.
    pub fn describe(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a bool",
            Kind::Number(_) => "a number",
            Kind::String(_) => "a string",
            Kind::Array(_) => "an array",
            Kind::Object(_) => "an object",
        }
    }

    /// Members whose key occurred before in the same object, at any depth, in order of the input.
    pub fn repeated_keys(&self) -> Vec<&Member> {
        let mut found = Vec::new();
        let mut todo = vec![self];
        while let Some(node) = todo.pop() {
            let mut seen = std::collections::BTreeSet::new();
            for member in node.members() {
                if !seen.insert(member.key.as_str()) {
                    found.push(member);
                }
                todo.push(&member.value);
            }
            todo.extend(node.elements());
        }
        order::sort_by(&mut found, |a, b| a.key_span.cmp(&b.key_span));
        found
    }
}
