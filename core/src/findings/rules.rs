//! One file per rule. A family's list is in the order of its codes.

mod around;
mod clause;
mod document;
mod irsa;
mod pod_identity;

pub use irsa::respelt;

use super::rule::{Page, Rule};

/// What can be told of an association by what is asked of it.
pub(super) const OF_ASSOCIATION: &[&Rule] = &[
    pod_identity::SESSION_POLICY_WITH_TAGS,
    around::TARGET_OUTSIDE_POD_IDENTITY,
    around::SESSION_POLICY_TOO_LONG,
    around::SESSION_POLICY_REFUSED,
    around::SESSION_POLICY_ALLOWS_NOTHING,
];

/// What is told of a trust policy that is larger than any quota.
pub(super) const BEYOND_ANY_QUOTA: &[&[&Rule]] = &[document::BEYOND_ANY_QUOTA];

/// What is looked for before an association is made.
pub static PREFLIGHT: &[&Rule] = around::PREFLIGHT;

/// Every rule, by family.
pub static RULES: &[&[&Rule]] = &[irsa::RULES, pod_identity::RULES, document::RULES, around::RULES];

/// The page of every rule, by family, in the order of [`RULES`].
pub static PAGES: &[&[&Page]] = &[irsa::PAGES, pod_identity::PAGES, document::PAGES, around::PAGES];
