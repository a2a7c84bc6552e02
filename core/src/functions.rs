//! Provider functions as pure functions of values: they take a binding as a user writes it, or a whole resource.

mod bound;
mod can_assume;
mod policies;
mod target;
mod trust_policy;

pub use can_assume::{Admission, Asked, can_assume, pods};
pub use policies::{Problems, merge_trust_policies, policy_text, trust_policy_findings};
pub use target::{external_id, target_permissions_policy, target_trust_policy};
pub use trust_policy::{role_name, service_account_annotations, trust_policy};
