//! EKS Pod Identity: statements about its service principal.

mod actions_apart;
mod association_as_source;
mod cluster_as_source;
mod cluster_by_name;
mod examples;
mod foreign_source_account;
mod impossible_tag_value;
mod missing_assume_role;
mod missing_cluster;
mod missing_namespace;
mod missing_tag_session;
mod misspelt_service;
mod one_pod;
mod only_tagging_guarded;
mod open_to_account;
mod other_cluster;
mod principal_tag;
mod role_in_other_account;
mod session_policy_with_tags;
mod tags_switched_off;
mod too_few_tag_keys;
mod unknown_request_tag;
mod unscoped_without_tags;
mod view;

use crate::findings::rule::{Page, Rule};

pub(super) const SESSION_POLICY_WITH_TAGS: &Rule = &session_policy_with_tags::RULE;

pub(super) const RULES: &[&Rule] = &[
    &missing_tag_session::RULE,
    &missing_assume_role::RULE,
    &open_to_account::RULE,
    &unscoped_without_tags::RULE,
    &missing_cluster::RULE,
    &missing_namespace::RULE,
    &cluster_by_name::RULE,
    &tags_switched_off::RULE,
    &principal_tag::RULE,
    &unknown_request_tag::RULE,
    &association_as_source::RULE,
    &cluster_as_source::RULE,
    &foreign_source_account::RULE,
    &misspelt_service::RULE,
    &impossible_tag_value::RULE,
    &one_pod::RULE,
    &actions_apart::RULE,
    &only_tagging_guarded::RULE,
    &too_few_tag_keys::RULE,
    &session_policy_with_tags::RULE,
    &role_in_other_account::RULE,
    &other_cluster::RULE,
];

pub(super) const PAGES: &[&Page] = &[
    &missing_tag_session::PAGE,
    &missing_assume_role::PAGE,
    &open_to_account::PAGE,
    &unscoped_without_tags::PAGE,
    &missing_cluster::PAGE,
    &missing_namespace::PAGE,
    &cluster_by_name::PAGE,
    &tags_switched_off::PAGE,
    &principal_tag::PAGE,
    &unknown_request_tag::PAGE,
    &association_as_source::PAGE,
    &cluster_as_source::PAGE,
    &foreign_source_account::PAGE,
    &misspelt_service::PAGE,
    &impossible_tag_value::PAGE,
    &one_pod::PAGE,
    &actions_apart::PAGE,
    &only_tagging_guarded::PAGE,
    &too_few_tag_keys::PAGE,
    &session_policy_with_tags::PAGE,
    &role_in_other_account::PAGE,
    &other_cluster::PAGE,
];
