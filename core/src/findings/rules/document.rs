//! Any trust policy.

mod account_length;
mod all_actions;
mod condition_without_operator;
mod contradiction;
mod cross_product;
mod dead_principal;
mod deny_without_key;
mod deprecated_key;
mod duplicate_sid;
mod duplicate_statement;
mod element_and_its_opposite;
mod empty_list;
mod empty_string;
mod everybody;
mod foreign_action;
mod guard_fails_open;
mod illegal_character;
mod invalid_keyword;
mod key_in_two_cases;
mod malformed_principal;
mod malformed_variable;
mod missing_element;
mod missing_set_operator;
mod mixed_principals;
mod nearly_too_large;
mod never_carried;
mod not_action;
mod not_json;
mod not_principal;
mod null_with_set_operator;
mod only_present;
mod other_partition;
mod placeholder;
mod private_source_ip;
mod repeated_key;
mod resource;
mod set_operator_on_single_value;
mod shadowed_by_deny;
mod sid_characters;
mod too_large;
mod unknown_element;
mod unknown_key;
mod unknown_operator;
mod unknown_principal_kind;
mod unreadable_value;
mod variable_under_old_version;
mod view;
mod whole_account;
mod wildcard_in_principal;
mod wildcard_without_like;
mod wrong_action;
mod wrong_shape;

use crate::findings::rule::{Page, Rule};

pub(super) const RULES: &[&Rule] = &[
    &not_json::RULE,
    &wrong_shape::RULE,
    &missing_element::RULE,
    &unknown_element::RULE,
    &element_and_its_opposite::RULE,
    &invalid_keyword::RULE,
    &condition_without_operator::RULE,
    &repeated_key::RULE,
    &key_in_two_cases::RULE,
    &everybody::RULE,
    &whole_account::RULE,
    &not_principal::RULE,
    &wildcard_in_principal::RULE,
    &dead_principal::RULE,
    &malformed_principal::RULE,
    &other_partition::RULE,
    &mixed_principals::RULE,
    &account_length::RULE,
    &unknown_principal_kind::RULE,
    &not_action::RULE,
    &all_actions::RULE,
    &resource::RULE,
    &wrong_action::RULE,
    &foreign_action::RULE,
    &unknown_operator::RULE,
    &unknown_key::RULE,
    &set_operator_on_single_value::RULE,
    &missing_set_operator::RULE,
    &guard_fails_open::RULE,
    &deny_without_key::RULE,
    &never_carried::RULE,
    &contradiction::RULE,
    &wildcard_without_like::RULE,
    &only_present::RULE,
    &unreadable_value::RULE,
    &variable_under_old_version::RULE,
    &malformed_variable::RULE,
    &private_source_ip::RULE,
    &null_with_set_operator::RULE,
    &deprecated_key::RULE,
    &duplicate_statement::RULE,
    &duplicate_sid::RULE,
    &sid_characters::RULE,
    &shadowed_by_deny::RULE,
    &cross_product::RULE,
    &too_large::RULE,
    &nearly_too_large::RULE,
    &placeholder::RULE,
    &illegal_character::RULE,
    &empty_list::RULE,
    &empty_string::RULE,
];

pub(super) const PAGES: &[&Page] = &[
    &not_json::PAGE,
    &wrong_shape::PAGE,
    &missing_element::PAGE,
    &unknown_element::PAGE,
    &element_and_its_opposite::PAGE,
    &invalid_keyword::PAGE,
    &condition_without_operator::PAGE,
    &repeated_key::PAGE,
    &key_in_two_cases::PAGE,
    &everybody::PAGE,
    &whole_account::PAGE,
    &not_principal::PAGE,
    &wildcard_in_principal::PAGE,
    &dead_principal::PAGE,
    &malformed_principal::PAGE,
    &other_partition::PAGE,
    &mixed_principals::PAGE,
    &account_length::PAGE,
    &unknown_principal_kind::PAGE,
    &not_action::PAGE,
    &all_actions::PAGE,
    &resource::PAGE,
    &wrong_action::PAGE,
    &foreign_action::PAGE,
    &unknown_operator::PAGE,
    &unknown_key::PAGE,
    &set_operator_on_single_value::PAGE,
    &missing_set_operator::PAGE,
    &guard_fails_open::PAGE,
    &deny_without_key::PAGE,
    &never_carried::PAGE,
    &contradiction::PAGE,
    &wildcard_without_like::PAGE,
    &only_present::PAGE,
    &unreadable_value::PAGE,
    &variable_under_old_version::PAGE,
    &malformed_variable::PAGE,
    &private_source_ip::PAGE,
    &null_with_set_operator::PAGE,
    &deprecated_key::PAGE,
    &duplicate_statement::PAGE,
    &duplicate_sid::PAGE,
    &sid_characters::PAGE,
    &shadowed_by_deny::PAGE,
    &cross_product::PAGE,
    &too_large::PAGE,
    &nearly_too_large::PAGE,
    &placeholder::PAGE,
    &illegal_character::PAGE,
    &empty_list::PAGE,
    &empty_string::PAGE,
];

/// What is told of a trust policy that is larger than any quota.
pub(super) const BEYOND_ANY_QUOTA: &[&Rule] = &[&too_large::RULE];
