//! How values travel: msgpack over the wire, JSON in stored state.

pub mod json;
#[cfg(feature = "msgpack")]
pub mod msgpack;

use crate::conformance::{Mismatch, prefix};
use crate::path::{Path, Step};

/// Bytes do not hold a value of the type that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", prefix(path))]
pub struct DecodeError {
    /// The place in the value; inside a set it stops at the set.
    pub path: Path,
    /// What was found there. Never a value.
    pub problem: String,
}

impl DecodeError {
    fn new(problem: impl Into<String>) -> Self {
        Self {
            path: Path::root(),
            problem: problem.into(),
        }
    }

    fn below(self, step: Step) -> Self {
        Self {
            path: self.path.below(step),
            ..self
        }
    }

    fn in_set(self) -> Self {
        Self {
            path: Path::root(),
            ..self
        }
    }
}

impl From<Mismatch> for DecodeError {
    fn from(mismatch: Mismatch) -> Self {
        Self {
            path: mismatch.path,
            problem: mismatch.problem,
        }
    }
}

/// Reads a value that came in either form: msgpack if there is any, else JSON, else null.
///
/// # Errors
/// The bytes do not hold a value of type `ty`.
#[cfg(feature = "msgpack")]
pub fn decode_either(msgpack: &[u8], json: &[u8], ty: &crate::ty::Type) -> Result<crate::value::Value, DecodeError> {
    if !msgpack.is_empty() {
        msgpack::decode(msgpack, ty)
    } else if !json.is_empty() {
        json::decode_bytes(json, ty)
    } else {
        Ok(crate::value::Value::Null)
    }
}
