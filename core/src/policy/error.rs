use std::fmt;

use tfmodel::json;

use crate::faults::{self, Faults};

/// Something about a document, and where it stands.
pub type Located = faults::Located<Fault>;

/// A text is not a policy document.
pub type ParseError = Faults<Fault>;

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

impl From<json::Problem> for Fault {
    fn from(problem: json::Problem) -> Self {
        Self::Json(problem)
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
