//! The resource `pod_identity_binding`: its model, the facts that a plan of it needs, the plan, and the steps of an apply.

mod steps;
mod trust_edit;

pub use steps::{Action, Effect, Step, TagChange};
pub use trust_edit::TrustEdit;
