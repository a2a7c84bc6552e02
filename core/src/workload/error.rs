use tfmodel::json;

use crate::faults::Faults;
use crate::ids::IdError;

/// What can be wrong with what kubectl prints.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
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

impl From<json::Problem> for Fault {
    fn from(problem: json::Problem) -> Self {
        Self::Json(problem)
    }
}

/// A text is not what kubectl prints.
pub type ReadError = Faults<Fault>;
