use std::collections::BTreeSet;

use pod_identity_core::policy::{Document, MergeError};
use proptest::prelude::*;

use super::{corpus, document};

const ISSUER: &str = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";

fn irsa(subjects: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Federated":"arn:aws:iam::111122223333:oidc-provider/{ISSUER}"}},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{{"StringEquals":{{"{ISSUER}:aud":"sts.amazonaws.com","{ISSUER}:sub":{subjects}}}}}}}]}}"#
    )
}

fn statement(elements: &str) -> Document {
    document(&format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow",{elements}}}]}}"#
    ))
}

#[track_caller]
fn merged(documents: &[Document]) -> Document {
    Document::merge(documents).unwrap()
}

#[test]
fn subjects_of_one_issuer_become_one_statement() {
    let both = merged(&[
        document(&irsa(r#""system:serviceaccount:shop:api""#)),
        document(&irsa(
            r#"["system:serviceaccount:shop:web","system:serviceaccount:shop:api"]"#,
        )),
    ]);
    let expected = irsa(r#"["system:serviceaccount:shop:api","system:serviceaccount:shop:web"]"#);
    assert_eq!(both, document(&expected));
}

#[test]
fn what_says_the_same_stands_once_under_the_name_of_the_first() {
    let named = |sid: &str| {
        statement(&format!(
            r#""Sid":"{sid}","Principal":{{"AWS":"111122223333"}},"Action":"sts:AssumeRole""#
        ))
    };
    let root = statement(r#""Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":["STS:assumerole"]"#);
    assert_eq!(merged(&[named("First"), named("Second"), root]), named("First"));
}

#[test]
fn two_differences_are_not_folded_because_their_cross_product_would_let_others_in() {
    let pods = |namespace: &str, name: &str| {
        statement(&format!(
            r#""Principal":{{"Service":"pods.eks.amazonaws.com"}},"Action":["sts:AssumeRole","sts:TagSession"],"Condition":{{"StringEquals":{{"aws:RequestTag/kubernetes-namespace":"{namespace}","aws:RequestTag/kubernetes-service-account":"{name}"}}}}"#
        ))
    };
    let both = merged(&[pods("shop", "api"), pods("bank", "web")]);
    assert_eq!(both.statements.len(), 2);
    // With the other two pairs, nobody is let in who was not before.
    let all = merged(&[
        pods("shop", "api"),
        pods("bank", "web"),
        pods("shop", "web"),
        pods("bank", "api"),
    ]);
    assert_eq!(all.statements.len(), 1, "{}", all.render());
}

#[test]
fn lists_fold_only_where_one_of_their_values_is_enough() {
    let with = |operator: &str, key: &str, value: &str| {
        statement(&format!(
            r#""Principal":{{"AWS":"111122223333"}},"Action":"sts:AssumeRole","Condition":{{"{operator}":{{"{key}":"{value}"}}}}"#
        ))
    };
    for (operator, key, folds) in [
        ("StringEquals", "aws:PrincipalTag/team", true),
        ("StringLikeIfExists", "aws:PrincipalTag/team", true),
        ("ForAnyValue:StringEquals", "aws:TagKeys", true),
        ("ForAllValues:StringEquals", "aws:TagKeys", false),
        ("StringEquals", "aws:TagKeys", false),
        ("StringNotEquals", "aws:PrincipalTag/team", false),
        ("NoSuchOperator", "aws:PrincipalTag/team", false),
        // IAM Access Analyzer, "Invalid condition multiple Boolean": `true` or `false` stands alone.
        ("Bool", "aws:PrincipalIsAWSService", false),
        ("Null", "aws:PrincipalTag/team", false),
    ] {
        let statements = merged(&[with(operator, key, "a"), with(operator, key, "b")]).statements;
        assert_eq!(statements.len(), if folds { 1 } else { 2 }, "{operator} {key}");
    }
    // The same key under two spellings is asked twice, and both have to hold.
    let twice = |value: &str| {
        statement(&format!(
            r#""Principal":{{"AWS":"111122223333"}},"Action":"sts:AssumeRole","Condition":{{"StringEquals":{{"aws:PrincipalTag/team":"{value}"}},"stringequals":{{"aws:PrincipalTag/team":"c"}}}}"#
        ))
    };
    assert_eq!(merged(&[twice("a"), twice("b")]).statements.len(), 2);
}

#[test]
fn somebody_and_everybody_fold_into_everybody() {
    let of = |principal: &str| {
        document(&format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Principal":{principal},"Action":"sts:AssumeRole"}}]}}"#
        ))
    };
    let (somebody, everybody) = (of(r#"{"AWS":"111122223333"}"#), of(r#""*""#));
    for documents in [[somebody.clone(), everybody.clone()], [everybody, somebody]] {
        let both = merged(&documents);
        assert!(both.to_json().contains(r#""*""#), "{}", both.render());
    }
}

#[test]
fn principals_of_two_mechanisms_stay_apart() {
    let service = statement(r#""Principal":{"Service":"pods.eks.amazonaws.com"},"Action":"sts:AssumeRole""#);
    let account = statement(r#""Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole""#);
    let other = statement(r#""Principal":{"AWS":"444455556666"},"Action":"sts:AssumeRole""#);
    let all = merged(&[service, account, other]);
    let expected = document(
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":"sts:AssumeRole"},
            {"Effect":"Allow","Principal":{"AWS":["111122223333","444455556666"]},"Action":"sts:AssumeRole"}]}"#,
    );
    assert_eq!(all, expected);
}

#[test]
fn different_statements_of_one_name_get_names_of_their_own() {
    let named = |action: &str, effect: &str| {
        document(&format!(
            r#"{{"Statement":[{{"Sid":"Pods","Effect":"{effect}","Principal":{{"AWS":"111122223333"}},"Action":"{action}"}}]}}"#
        ))
    };
    let all = merged(&[
        named("sts:AssumeRole", "Allow"),
        named("sts:AssumeRole", "Deny"),
        named("sts:*", "Deny"),
    ]);
    let sids: Vec<_> = all.statements.iter().map(|one| one.sid.as_deref().unwrap()).collect();
    assert_eq!(sids, ["Pods", "Pods2"], "{}", all.render());
    assert_eq!(
        all.statements[1].actions.as_ref().unwrap().names.as_slice(),
        ["sts:AssumeRole", "sts:*"]
    );
}

#[test]
fn a_new_name_is_never_that_of_a_later_statement() {
    let named = |sid: &str, team: &str| {
        statement(&format!(
            r#""Sid":"{sid}","Principal":{{"AWS":"111122223333"}},"Action":"sts:AssumeRole","Condition":{{"StringNotEquals":{{"aws:PrincipalTag/team":"{team}"}}}}"#
        ))
    };
    let all = merged(&[named("Pods", "a"), named("Pods", "b"), named("Pods2", "c")]);
    let sids: Vec<_> = all.statements.iter().map(|one| one.sid.as_deref().unwrap()).collect();
    assert_eq!(sids, ["Pods", "Pods3", "Pods2"], "{}", all.render());
}

#[test]
fn folding_a_document_that_names_two_statements_alike_makes_it_longer_by_a_number() {
    let pods = |namespace: &str, name: &str| {
        format!(
            r#"{{"Sid":"Pods","Effect":"Allow","Principal":{{"Service":"pods.eks.amazonaws.com"}},"Action":["sts:AssumeRole","sts:TagSession"],"Condition":{{"StringEquals":{{"aws:RequestTag/kubernetes-namespace":"{namespace}","aws:RequestTag/kubernetes-service-account":"{name}"}}}}}}"#
        )
    };
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":[{},{}]}}"#,
        pods("shop", "api"),
        pods("bank", "web")
    );
    let document = document(&text);
    let folded = document.folded();
    let mut expected = document.clone();
    expected.statements[1].sid = Some("Pods2".to_owned());
    assert_eq!(folded, expected);
    assert_eq!(folded.size(), document.size() + 1);
    assert_eq!(folded.folded(), folded);
}

#[test]
fn a_dollar_that_is_text_does_not_become_a_variable() {
    let text = r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:PrincipalTag/team":"${aws:PrincipalTag/x}"}}}]}"#;
    let (old, new) = (document(text), Document::new(vec![]));
    assert_eq!(
        Document::merge(&[new.clone(), old.clone()]),
        Err(MergeError::Version { position: 2 })
    );
    assert_eq!(merged(std::slice::from_ref(&old)).version, None);
    let plain = document(&text.replace("${aws:PrincipalTag/x}", "x"));
    assert_eq!(merged(&[plain, new]).version.as_deref(), Some("2012-10-17"));
}

#[test]
fn nothing_merges_into_nothing() {
    assert_eq!(merged(&[]), Document::new(vec![]));
}

#[test]
fn two_thousand_statements_fold_at_once() {
    let one = |number: usize| document(&irsa(&format!(r#""system:serviceaccount:shop:api-{number}""#)));
    let all: Vec<Document> = (0..2_000).map(one).collect();
    let folded = merged(&all);
    assert_eq!(folded.statements.len(), 1);
    assert_eq!(folded.statements[0].conditions[1].values.as_slice().len(), 2_000);
}

fn sids(document: &Document) -> BTreeSet<&str> {
    document
        .statements
        .iter()
        .filter_map(|one| one.sid.as_deref())
        .collect()
}

/// Digits in the names of statements whose own name an earlier one has: IAM takes a name once.
fn numbers_added(document: &Document, folded: &Document) -> usize {
    let before = sids(document);
    let is_number = |text: &str| text.parse::<usize>().is_ok();
    let digits = |new: &str| {
        let numbers = before.iter().filter_map(|old| new.strip_prefix(old));
        let shortest = numbers.filter(|rest| is_number(rest)).map(str::len).min();
        shortest.unwrap_or_else(|| panic!("`{new}` is no name of the document with a number"))
    };
    sids(folded).difference(&before).map(|new| digits(new)).sum()
}

proptest! {
    #[test]
    fn folding_twice_changes_nothing_more_and_never_adds_statements(picks in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..12)) {
        let all: Vec<Document> = corpus().iter().map(|(_, text)| document(text)).collect();
        let statements = picks.iter().map(|(which, statement)| {
            let one = which.get(&all);
            statement.get(&one.statements).clone()
        });
        let document = Document::new(statements.collect());
        let folded = document.folded();
        prop_assert!(folded.statements.len() <= document.statements.len());
        prop_assert!(folded.size() <= document.size() + numbers_added(&document, &folded));
        prop_assert_eq!(&folded.folded(), &folded);
    }
}
