//! IAM policy documents: parsing, comparing by meaning, rendering, measuring, editing and explaining.
//!
//! A [`Document`] keeps what its author wrote (order, string or list) and knows no places in the text; [`parse`] returns the places
//! beside it. Two documents that IAM treats alike are [`Document::same_meaning`], however they are spelt.

mod canonical;
mod diff;
mod document;
mod edit;
mod error;
mod explain;
mod keys;
mod leaves;
mod merge;
mod operator;
mod parse;
mod refusal;
mod render;
mod variables;

pub use diff::{DocumentDiff, LeafChange, Mark, Row, StatementChange, StatementDiff, diff};
pub use document::{
    Actions, Condition, Document, Effect, Principal, PrincipalKind, Principals, Resources, Statement, Strings, Who,
};
pub use error::{Fault, Located, ParseError};
pub(crate) use explain::POD_IDENTITY_SERVICE;
pub use explain::sentence;
pub use keys::{Callers, KNOWN_KEYS, KnownKey};
pub use merge::MergeError;
pub use operator::{NoOperator, Operator, Quantifier, Test, TestKind};
pub use parse::{Parsed, decode, parse, parse_statement};
pub(crate) use refusal::can_hold;
pub use refusal::{DocumentUse, Refusal, RefusalKind};
pub use render::size;
pub use variables::{Piece, Variable, VariableFault, pieces};
