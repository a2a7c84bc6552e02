//! IRSA: statements about a federated principal that is an OIDC provider.

#[macro_use]
mod example;
mod issuer;
mod view;

mod arn_as_key;
mod audience;
mod default_service_account;
mod dual_stack_issuer;
mod equals_and_like;
mod every_namespace;
mod everybody_but;
mod invalid_name;
mod issuer_host;
mod issuer_spelling;
mod key_without_claim;
mod missing_audience;
mod missing_provider;
mod missing_subject;
mod no_provider;
mod no_subject;
mod other_cluster_issuer;
mod other_issuer;
mod provider_account;
mod provider_partition;
mod several_issuers;
mod split_conditions;
mod subject_case;
mod swapped_claims;
mod system_namespace;
mod token_action;
mod wildcard_over_colon;
mod wildcard_under_equals;

pub use issuer::respelt;

use crate::findings::rule::{Page, Rule};

pub(super) const RULES: &[&Rule] = &[
    &missing_subject::RULE,
    &missing_audience::RULE,
    &wildcard_under_equals::RULE,
    &equals_and_like::RULE,
    &every_namespace::RULE,
    &wildcard_over_colon::RULE,
    &default_service_account::RULE,
    &system_namespace::RULE,
    &audience::RULE,
    &issuer_spelling::RULE,
    &issuer_host::RULE,
    &arn_as_key::RULE,
    &other_cluster_issuer::RULE,
    &provider_partition::RULE,
    &provider_account::RULE,
    &token_action::RULE,
    &key_without_claim::RULE,
    &other_issuer::RULE,
    &several_issuers::RULE,
    &split_conditions::RULE,
    &dual_stack_issuer::RULE,
    &swapped_claims::RULE,
    &no_provider::RULE,
    &invalid_name::RULE,
    &subject_case::RULE,
    &no_subject::RULE,
    &missing_provider::RULE,
    &everybody_but::RULE,
];

pub(super) const PAGES: &[&Page] = &[
    &missing_subject::PAGE,
    &missing_audience::PAGE,
    &wildcard_under_equals::PAGE,
    &equals_and_like::PAGE,
    &every_namespace::PAGE,
    &wildcard_over_colon::PAGE,
    &default_service_account::PAGE,
    &system_namespace::PAGE,
    &audience::PAGE,
    &issuer_spelling::PAGE,
    &issuer_host::PAGE,
    &arn_as_key::PAGE,
    &other_cluster_issuer::PAGE,
    &provider_partition::PAGE,
    &provider_account::PAGE,
    &token_action::PAGE,
    &key_without_claim::PAGE,
    &other_issuer::PAGE,
    &several_issuers::PAGE,
    &split_conditions::PAGE,
    &dual_stack_issuer::PAGE,
    &swapped_claims::PAGE,
    &no_provider::PAGE,
    &invalid_name::PAGE,
    &subject_case::PAGE,
    &no_subject::PAGE,
    &missing_provider::PAGE,
    &everybody_but::PAGE,
];
