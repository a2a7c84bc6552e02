//! The resource `pod_identity_binding`: its model, the facts that a plan of it needs, the plan, and the steps of an apply.

mod facts;
mod model;
mod steps;
pub mod trust;
mod trust_edit;

pub use facts::{Caller, ClusterFacts, Fact, FactRequest, Facts, RoleFacts, Settings, facts_needed};
pub use model::{Binding, BindingTimeouts, ConditionMechanism, Mode, PolicyJson, Role, Scope, Trust, TrustCondition};
pub use steps::{Action, Effect, Step, TagChange};
pub use trust_edit::TrustEdit;
