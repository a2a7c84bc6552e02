//! What is wrong with a text that somebody hands in, and where.

use std::fmt;

use tfmodel::json::{self, Span, line_and_column};
use tfmodel::order;

/// Something about a text, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault} at line {line}, column {column}")]
pub struct Located<F> {
    /// What is wrong.
    pub fault: F,
    /// Its bytes in the text.
    pub span: Span,
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
}

/// A text is not what it should be: everything that is wrong with it, in order of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults<F> {
    // INVARIANT: not empty.
    all: Vec<Located<F>>,
}

impl<F> Located<F> {
    pub(crate) fn new(fault: F, span: Span, text: &str) -> Self {
        let (line, column) = line_and_column(text, span.start);
        Self {
            fault,
            span,
            line,
            column,
        }
    }
}

impl<F> Faults<F> {
    /// `None` if nothing is wrong.
    pub(crate) fn new(mut all: Vec<Located<F>>) -> Option<Self> {
        order::sort_by(&mut all, |a, b| a.span.cmp(&b.span));
        (!all.is_empty()).then_some(Self { all })
    }

    /// The fault of a whole text.
    pub(crate) fn of_whole(fault: F, text: &str) -> Self {
        Self {
            all: vec![Located::new(fault, Span::default(), text)],
        }
    }

    /// What is wrong, in order of the text; at least one thing.
    pub fn faults(&self) -> &[Located<F>] {
        &self.all
    }
}

impl<F: From<json::Problem>> From<json::Error> for Faults<F> {
    fn from(error: json::Error) -> Self {
        Self {
            all: vec![Located {
                fault: error.problem.into(),
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

impl<F: fmt::Debug + fmt::Display> std::error::Error for Faults<F> {}

impl<F: fmt::Display> fmt::Display for Faults<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, fault) in self.all.iter().enumerate() {
            if position > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{} at line {}, column {}", fault.fault, fault.line, fault.column)?;
        }
        Ok(())
    }
}
