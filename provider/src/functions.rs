//! Functions: the engine's, as the host calls them. They need neither credentials nor a cluster.

mod binding;
mod policy;

pub(crate) use binding::{
    ExternalId, RoleName, ServiceAccountAnnotations, TargetPermissionsPolicy, TargetTrustPolicy, TrustPolicy,
};
pub(crate) use policy::{CanAssume, MergeTrustPolicies, TrustPolicyFindings};

use pod_identity_core::argument::Problem;
use tfplugin::FunctionError;

/// What is wrong with an argument, and where in it.
fn of_argument(index: usize, problem: &Problem) -> FunctionError {
    // The host ends the sentence.
    let message = problem.message.trim_end_matches('.');
    if problem.path.is_root() {
        FunctionError::argument(index, message)
    } else {
        FunctionError::argument(index, format!("`{}`: {message}", problem.path))
    }
}
