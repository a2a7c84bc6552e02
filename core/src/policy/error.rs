use std::fmt;

use tfmodel::json::{self, Span, line_and_column};

/// Something about a document, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault} at line {line}, column {column}")]
pub struct Located {
    /// What is wrong.
    pub fault: Fault,
    /// Its bytes in the text.
    pub span: Span,
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
}

/// What can be wrong with the text of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not JSON.
    Json(json::Problem),
    /// A key stands twice in one object. The last one counts, which its author may not know.
    RepeatedKey(String),
    /// Something else stands where this should.
    Type {
        /// The element.
        element: String,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// An element that must be there is not.
    Missing(&'static str),
    /// IAM has no such element.
    UnknownElement {
        /// As written.
        name: String,
        /// What may be meant.
        near: Option<&'static str>,
    },
    /// Two elements that exclude each other.
    Both(&'static str, &'static str),
    /// An effect that is neither `Allow` nor `Deny`.
    Effect(String),
    /// A version that IAM does not have.
    Version(String),
    /// A principal that is a string other than `*`.
    BarePrincipal(String),
}

/// A text is not a policy document: everything that is wrong with it, in order of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    // INVARIANT: not empty.
    faults: Vec<Located>,
}

impl ParseError {
    /// `None` if nothing is wrong.
    pub(super) fn new(mut faults: Vec<Located>) -> Option<Self> {
        faults.sort_by_key(|fault| fault.span);
        (!faults.is_empty()).then_some(Self { faults })
    }

    /// What is wrong, in order of the text; at least one thing.
    pub fn faults(&self) -> &[Located] {
        &self.faults
    }
}

impl From<json::Error> for ParseError {
    fn from(error: json::Error) -> Self {
        Self {
            faults: vec![Located {
                fault: Fault::Json(error.problem),
                span: Span {
                    start: error.offset,
                    end: error.offset,
                },
                line: error.line,
                column: error.column,
            }],
        }
    }
}

impl std::error::Error for ParseError {}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, fault) in self.faults.iter().enumerate() {
            if position > 0 {
                f.write_str("; ")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl Located {
    pub(super) fn new(fault: Fault, span: Span, text: &str) -> Self {
        let (line, column) = line_and_column(text, span.start);
        Self {
            fault,
            span,
            line,
            column,
        }
    }
}

impl Fault {
    /// The fault of a whole text.
    pub(super) fn of_whole(self, text: &str) -> ParseError {
        ParseError {
            faults: vec![Located::new(self, Span::default(), text)],
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(problem) => write!(f, "not JSON: {problem}"),
            Self::RepeatedKey(key) => write!(f, "`{key}` is given twice; only the last one counts"),
            Self::Type {
                element,
                expected,
                found,
            } => write!(f, "`{element}` must be {expected}, found {found}"),
            Self::Missing(element) => write!(f, "`{element}` is missing"),
            Self::UnknownElement { name, near: Some(near) } => {
                write!(f, "`{name}` is not an element of a policy; `{near}` may be meant")
            }
            Self::UnknownElement { name, near: None } => write!(f, "`{name}` is not an element of a policy"),
            Self::Both(one, other) => write!(f, "`{one}` and `{other}` exclude each other"),
            Self::Effect(found) => write!(f, "`Effect` must be `Allow` or `Deny`, found `{found}`"),
            Self::Version(found) => write!(f, "`Version` must be `2012-10-17` or `2008-10-17`, found `{found}`"),
            Self::BarePrincipal(found) => {
                write!(
                    f,
                    "a principal must be `*` or an object such as `{{\"AWS\": …}}`, found `{found}`"
                )
            }
        }
    }
}
