//! One file per rule. A family's list is in the order of its codes.

mod around;
mod clause;
mod document;
mod irsa;
mod pod_identity;

use super::rule::Rule;

/// What is told of a trust policy that is larger than any quota.
pub(super) const BEYOND_ANY_QUOTA: &[&[&Rule]] = &[document::BEYOND_ANY_QUOTA];

/// Every rule, by family.
pub static RULES: &[&[&Rule]] = &[irsa::RULES, pod_identity::RULES, document::RULES, around::RULES];
