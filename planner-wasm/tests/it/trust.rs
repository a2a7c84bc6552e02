use pod_identity_planner::{Change, Holder, LineMark, TrustPolicy, TrustStatus};

use crate::sessions::{SAMPLE, read, sample};

fn policy(plan: &str, address: &str) -> TrustPolicy {
    let session = read(plan.as_bytes()).unwrap();
    let rows = session.trust().unwrap();
    let row = rows
        .iter()
        .find(|row| row.address == address)
        .unwrap_or_else(|| panic!("{rows:?}"));
    session.trust_policy(row.id).unwrap()
}

/// A plan that makes one role with this provider's type and attributes.
fn role(type_name: &str, after: &str, marks: &str) -> String {
    format!(
        r#"{{"format_version": "1.2", "resource_changes": [{{"address": "{type_name}.x", "mode": "managed", "type": "{type_name}",
            "change": {{"actions": ["create"], "before": null, "after": {after}{marks}}}}}]}}"#
    )
}

#[test]
fn every_binding_and_role_is_listed_with_what_happens_to_its_policy() {
    let rows = sample().trust().unwrap();
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.address.as_str(), row.status, row.verdict.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("pod_identity_binding.orders", TrustStatus::Changed, "1 statement added"),
            ("pod_identity_binding.indexer", TrustStatus::Added, "1 statement new"),
            (
                "aws_iam_role.payments",
                TrustStatus::Changed,
                "1 statement added, 1 changed"
            ),
            (
                "aws_iam_role.reports",
                TrustStatus::Rewritten,
                "reordered only, same meaning"
            ),
            ("aws_iam_role.replica", TrustStatus::Unknown, "known after apply"),
            (
                "module.legacy.aws_iam_role.batch[\"nightly\"]",
                TrustStatus::Removed,
                "removed"
            ),
        ]
    );
    assert_eq!(rows[0].holder, Holder::Binding);
    assert_eq!(rows[2].holder, Holder::Role);
}

#[test]
fn a_switch_of_mechanism_adds_a_statement_and_keeps_the_other() {
    let policy = policy(SAMPLE, "pod_identity_binding.orders");
    let changes: Vec<_> = policy.statements.iter().map(|statement| statement.change).collect();
    assert_eq!(changes, [Change::Unchanged, Change::Added]);
    assert!(
        policy.statements[1].sentence.contains("`orders` in `checkout`"),
        "{}",
        policy.statements[1].sentence
    );
    assert!(policy.after.unwrap().size > policy.before.unwrap().size);
}

#[test]
fn a_changed_statement_is_shown_whole_with_the_changed_leaf_marked() {
    let policy = policy(SAMPLE, "aws_iam_role.payments");
    let changed = policy
        .statements
        .iter()
        .find(|statement| statement.change == Change::Changed)
        .unwrap();
    let texts = |mark| {
        changed
            .lines
            .iter()
            .filter(|line| line.mark == mark)
            .map(|line| line.text.clone())
            .collect::<String>()
    };
    assert!(texts(LineMark::Removed).contains("system:serviceaccount:payments:*"));
    assert!(texts(LineMark::Added).contains("system:serviceaccount:payments:settlement"));
    assert!(texts(LineMark::Same).contains("sts:AssumeRoleWithWebIdentity"));
    assert!(!changed.edits.is_empty());
}

#[test]
fn an_unknown_policy_is_shown_as_it_is_now() {
    let policy = policy(SAMPLE, "aws_iam_role.replica");
    assert_eq!(policy.statements[0].change, Change::Unchanged);
    assert!(
        policy.remarks[0].contains("known only after apply"),
        "{:?}",
        policy.remarks
    );
    assert!(
        policy.remarks[1].contains("`data.aws_iam_policy_document.replica.json`"),
        "{:?}",
        policy.remarks
    );
    assert!(policy.before.is_some() && policy.after.is_none());
}

#[test]
fn roles_of_other_providers_are_found_by_their_attribute() {
    let document =
        r#"{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"sts:AssumeRole\"}]}"#;
    for (type_name, after) in [
        (
            "awscc_iam_role",
            format!(r#"{{"assume_role_policy_document": "{document}"}}"#),
        ),
        (
            "aws_native_role",
            format!(r#"{{"assumeRolePolicyDocument": {}}}"#, document.replace('\\', "")),
        ),
    ] {
        let policy = policy(&role(type_name, &after, ""), &format!("{type_name}.x"));
        assert_eq!(
            (policy.row.status, policy.row.holder),
            (TrustStatus::Added, Holder::Role),
            "{type_name}"
        );
        assert_eq!(policy.statements.len(), 1);
    }
}

#[test]
fn a_policy_that_iam_would_refuse_says_where() {
    let plan = role(
        "aws_iam_role",
        r#"{"assume_role_policy": "{\"Statement\": [{\"Effect\": \"Maybe\"}]}"}"#,
        "",
    );
    let policy = policy(&plan, "aws_iam_role.x");
    assert_eq!(policy.row.status, TrustStatus::Invalid);
    assert!(policy.remarks[0].contains("`Maybe`"), "{:?}", policy.remarks);
    assert!(policy.after.unwrap().json.contains("Maybe"));
}

#[test]
fn a_sensitive_policy_is_not_shown() {
    let plan = role(
        "aws_iam_role",
        r#"{"assume_role_policy": "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"sts:AssumeRole\"}]}"}"#,
        r#", "after_sensitive": {"assume_role_policy": true}"#,
    );
    let policy = policy(&plan, "aws_iam_role.x");
    assert_eq!(policy.row.status, TrustStatus::Sensitive);
    assert!(policy.statements.is_empty() && policy.after.is_none());
}
