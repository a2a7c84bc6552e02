//! What surrounds a trust policy: binding, session policy, association, cluster, other roles.

mod add_on_owns_association;
mod annotation_left;
mod annotation_mismatch;
mod annotation_of_other_role;
mod assumed_partition;
mod chained_without_tag_session;
mod chaining_without_tag_session;
mod examples;
mod fargate;
mod fargate_in_part;
mod impossible_name;
mod many_associations;
mod missing_agent;
mod node_permission;
mod old_platform;
mod second_writer;
mod session_policy_allows_nothing;
mod session_policy_refused;
mod session_policy_too_long;
mod source_role_direct;
mod source_role_in_irsa;
mod target_asks_for_tags;
mod target_does_not_trust;
mod target_outside_pod_identity;
mod target_without_external_id;
mod target_without_tag_session;
mod view;
mod wrong_external_id;

use crate::findings::rule::{Page, Rule};

pub(super) const SESSION_POLICY_TOO_LONG: &Rule = &session_policy_too_long::RULE;
pub(super) const SESSION_POLICY_REFUSED: &Rule = &session_policy_refused::RULE;
pub(super) const SESSION_POLICY_ALLOWS_NOTHING: &Rule = &session_policy_allows_nothing::RULE;
pub(super) const TARGET_OUTSIDE_POD_IDENTITY: &Rule = &target_outside_pod_identity::RULE;

pub(super) const RULES: &[&Rule] = &[
    &target_without_external_id::RULE,
    &wrong_external_id::RULE,
    &target_asks_for_tags::RULE,
    &target_without_tag_session::RULE,
    &target_does_not_trust::RULE,
    &source_role_in_irsa::RULE,
    &source_role_direct::RULE,
    &chained_without_tag_session::RULE,
    &chaining_without_tag_session::RULE,
    &impossible_name::RULE,
    &annotation_left::RULE,
    &annotation_of_other_role::RULE,
    &annotation_mismatch::RULE,
    &add_on_owns_association::RULE,
    &fargate::RULE,
    &fargate_in_part::RULE,
    &session_policy_too_long::RULE,
    &session_policy_refused::RULE,
    &session_policy_allows_nothing::RULE,
    &second_writer::RULE,
    &many_associations::RULE,
    &assumed_partition::RULE,
    &target_outside_pod_identity::RULE,
    &missing_agent::RULE,
    &node_permission::RULE,
    &old_platform::RULE,
];

/// What keeps pods of a cluster from getting credentials by an association.
pub(super) const PREFLIGHT: &[&Rule] = &[
    &fargate::RULE,
    &fargate_in_part::RULE,
    &missing_agent::RULE,
    &node_permission::RULE,
    &old_platform::RULE,
];

pub(super) const PAGES: &[&Page] = &[
    &target_without_external_id::PAGE,
    &wrong_external_id::PAGE,
    &target_asks_for_tags::PAGE,
    &target_without_tag_session::PAGE,
    &target_does_not_trust::PAGE,
    &source_role_in_irsa::PAGE,
    &source_role_direct::PAGE,
    &chained_without_tag_session::PAGE,
    &chaining_without_tag_session::PAGE,
    &impossible_name::PAGE,
    &annotation_left::PAGE,
    &annotation_of_other_role::PAGE,
    &annotation_mismatch::PAGE,
    &add_on_owns_association::PAGE,
    &fargate::PAGE,
    &fargate_in_part::PAGE,
    &session_policy_too_long::PAGE,
    &session_policy_refused::PAGE,
    &session_policy_allows_nothing::PAGE,
    &second_writer::PAGE,
    &many_associations::PAGE,
    &assumed_partition::PAGE,
    &target_outside_pod_identity::PAGE,
    &missing_agent::PAGE,
    &node_permission::PAGE,
    &old_platform::PAGE,
];
