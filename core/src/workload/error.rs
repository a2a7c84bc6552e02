use std::fmt;

use tfmodel::json::{self, Span, line_and_column};

use crate::ids::IdError;

/// Something that is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem} at line {line}, column {column}")]
pub struct Fault {
    /// What is wrong.
    pub problem: Problem,
    /// Its bytes in the text.
    pub span: Span,
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
}

/// What can be wrong with what kubectl prints.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It is not JSON.
    #[error("not JSON: {0}")]
    Json(json::Problem),
    /// Something else stands where this should.
    #[error("`{field}` must be {expected}, found {found}")]
    Type {
        /// The field.
        field: &'static str,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A field that must be there is not.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A name that Kubernetes does not allow.
    #[error("`{0}`: {1}")]
    Name(String, IdError),
}

/// A text is not what kubectl prints: everything that is wrong with it, in order of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    // INVARIANT: not empty.
    faults: Vec<Fault>,
}

impl ReadError {
    /// `None` if nothing is wrong.
    pub(super) fn new(mut faults: Vec<Fault>) -> Option<Self> {
        faults.sort_by_key(|fault| fault.span);
        (!faults.is_empty()).then_some(Self { faults })
    }

    /// What is wrong, in order of the text; at least one thing.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

impl Fault {
    pub(super) fn new(problem: Problem, span: Span, text: &str) -> Self {
        let (line, column) = line_and_column(text, span.start);
        Self {
            problem,
            span,
            line,
            column,
        }
    }
}

impl From<json::Error> for ReadError {
    fn from(error: json::Error) -> Self {
        Self {
            faults: vec![Fault {
                problem: Problem::Json(error.problem),
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

impl std::error::Error for ReadError {}

impl fmt::Display for ReadError {
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
