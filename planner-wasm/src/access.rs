use pod_identity_core::functions::{self, Admission};

use crate::answer::Failure;
use crate::argument::Argument;

/// Whether a trust policy lets somebody assume its role; `request` is JSON, with the keys of function `can_assume`.
///
/// # Errors
/// The request has something that it cannot have. A policy that cannot be read is an answer.
pub fn can_assume(policy: &str, request: &str) -> Result<Admission, Failure> {
    let request = Argument::read("request", request)?;
    functions::can_assume(policy, &request.value()).map_err(|problem| request.refused(&problem))
}
