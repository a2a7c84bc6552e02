use pod_identity_core::policy::{Document, DocumentDiff, LeafChange, Mark, StatementChange, diff};

use super::{document, from_corpus};

fn text(diff: &DocumentDiff) -> String {
    let mut text = String::new();
    for statement in &diff.statements {
        for row in &statement.rows {
            let mark = match row.mark {
                Mark::Same => ' ',
                Mark::Added => '+',
                Mark::Removed => '-',
            };
            text.push_str(&format!("{mark} {}{}\n", "  ".repeat(row.depth), row.text));
        }
    }
    text
}

fn kinds(diff: &DocumentDiff) -> Vec<StatementChange> {
    diff.statements.iter().map(|statement| statement.change).collect()
}

#[test]
fn a_changed_statement_is_shown_whole_with_the_changed_leaf() {
    let before = from_corpus("pod-identity");
    let after = document(&before.to_json().replace("\"api\"", "[\"web\",\"api\"]"));
    let found = diff(Some(&before), Some(&after));
    assert_eq!(kinds(&found), [StatementChange::Changed]);
    assert_eq!(
        found.statements[0].changes,
        [LeafChange {
            path: "Condition.StringEquals.aws:RequestTag/kubernetes-service-account".to_owned(),
            before: vec![],
            after: vec!["web".to_owned()],
        }]
    );
    let expected = r#"  {
    "Effect": "Allow"
    "Principal": {
      "Service": "pods.eks.amazonaws.com"
    }
    "Action": [
      "sts:AssumeRole"
      "sts:TagSession"
    ]
    "Condition": {
      "StringEquals": {
        "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main"
        "aws:RequestTag/kubernetes-namespace": "prod"
        "aws:RequestTag/kubernetes-service-account": [
          "api"
+         "web"
        ]
        "aws:SourceAccount": "111122223333"
      }
    }
  }
"#;
    assert_eq!(text(&found), expected);
}

#[test]
fn a_replaced_value_stands_next_to_the_old_one() {
    let before = from_corpus("irsa");
    let after = document(&before.to_json().replace("prod:api", "prod:web"));
    let found = diff(Some(&before), Some(&after));
    let marked: Vec<String> = text(&found)
        .lines()
        .filter(|line| !line.starts_with(' '))
        .map(str::to_owned)
        .collect();
    let key = r#""oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE:sub""#;
    assert_eq!(
        marked,
        [
            format!(r#"-       {key}: "system:serviceaccount:prod:api""#),
            format!(r#"+       {key}: "system:serviceaccount:prod:web""#),
        ]
    );
}

#[test]
fn a_switch_of_mechanism_adds_one_statement_and_removes_the_other() {
    let found = diff(Some(&from_corpus("irsa")), Some(&from_corpus("pod-identity")));
    assert_eq!(kinds(&found), [StatementChange::Added, StatementChange::Removed]);
    assert!(
        text(&found).lines().all(|line| !line.starts_with(' ')),
        "whole statements are marked"
    );
    assert!(
        found.statements[0]
            .sentence
            .starts_with("Pods using `api` in `prod` on cluster `main`")
    );
}

#[test]
fn statements_are_matched_by_sid_even_if_nothing_else_is_left() {
    let before = document(
        r#"{"Statement":[{"Sid":"A","Effect":"Allow","Action":"a"},{"Sid":"B","Effect":"Allow","Action":"b"}]}"#,
    );
    let after = document(
        r#"{"Statement":[{"Sid":"B","Effect":"Deny","Action":"c"},{"Sid":"A","Effect":"Allow","Action":"a"}]}"#,
    );
    let found = diff(Some(&before), Some(&after));
    assert_eq!(kinds(&found), [StatementChange::Changed, StatementChange::Moved]);
    assert_eq!(found.statements[0].index_before, Some(1));
}

#[test]
fn another_order_is_told_from_a_change() {
    let before = from_corpus("mixed");
    let mut after = before.clone();
    after.statements.rotate_left(1);
    let found = diff(Some(&before), Some(&after));
    assert!(found.is_empty() && found.is_reordered_only());
    assert_eq!(found.count(StatementChange::Moved), 1);
    assert!(!diff(Some(&before), Some(&before)).is_reordered_only());
}

#[test]
fn creation_and_removal_compare_with_nothing() {
    let all = from_corpus("mixed");
    assert_eq!(diff(None, Some(&all)).count(StatementChange::Added), 3);
    let gone = diff(Some(&all), None);
    assert_eq!(gone.count(StatementChange::Removed), 3);
    assert_eq!((gone.size_before, gone.size_after), (all.size(), 0));
}

#[test]
fn a_changed_version_is_a_change() {
    let before = document(r#"{"Statement":[]}"#);
    let after = Document::new(vec![]);
    let found = diff(Some(&before), Some(&after));
    assert_eq!(found.version.as_ref().unwrap().after, ["2012-10-17"]);
    assert!(!found.is_empty());
}
