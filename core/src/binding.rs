//! The resource `pod_identity_binding`: its model, the facts that a plan of it needs, the plan, and the steps of an apply.
//!
//! A plan is [`facts_needed`], then [`plan()`]. An apply is [`settle`], then [`Desired::of`] and [`reconcile()`] against what was observed, the
//! steps, and [`complete`]. A refresh is [`read()`].

mod association;
mod checks;
mod defaults;
mod deletion;
mod derived;
mod desired;
mod existing;
mod facts;
mod identity;
mod import;
mod inverse;
mod left;
mod losses;
mod model;
mod observed;
mod plan;
mod read;
mod reconcile;
mod sequence;
mod steps;
pub(crate) mod target;
pub mod trust;
mod trust_edit;

pub use association::{AssociationChange, AssociationTerms};
pub use checks::{FindingSettings, KeyCase, configuration as check_configuration, tags as check_tags};
pub use defaults::{IgnoredTags, RoleDefaults};
pub use deletion::{delete, deletion_warning, may_serve_others};
pub(crate) use derived::Derived;
pub use derived::ROLE_ANNOTATION;
pub use desired::{Desired, OwnedRole, Previous, is_reserved_tag, owner};
pub use existing::{Found, Occupants, Start, is_given};
pub(crate) use facts::sends_tags;
pub use facts::{Caller, ClusterFacts, FactRequest, Facts, PreflightFacts, RoleRequest, Settings, facts_needed};
pub use identity::BindingIdentity;
pub use import::{Existing, imported, moved};
pub use inverse::Inverse;
pub use left::LeftRoles;
pub use model::{
    Binding, BindingTimeouts, ConditionMechanism, OnExisting, PolicyJson, Role, Scope, Trust, TrustCondition,
};
pub use observed::{FormerRole, Observed, ObservedAssociation, ObservedRole};
pub(crate) use plan::derive;
pub use plan::{complete, plan, refusals, settle, tell};
pub use read::read;
pub use reconcile::reconcile;
pub use steps::{Action, Effect, Step, TagChange};
pub use trust_edit::TrustEdit;

pub use crate::fact::Fact;
pub use crate::mode::Mode;
