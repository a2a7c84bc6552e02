//! One file per rule. A family's list is in the order of its codes.

mod around;
mod clause;
mod document;
mod irsa;
mod pod_identity;

use super::rule::Rule;

/// Every rule, by family.
pub static RULES: &[&[&Rule]] = &[irsa::RULES, pod_identity::RULES, document::RULES, around::RULES];
