use std::collections::{BTreeMap, BTreeSet};

use pod_identity_core::argument::from_json;
use pod_identity_core::evaluate::Verdict;
use pod_identity_core::evaluate::pod::{AskedRole, Chain, Entrance, Link, Pod, may_assume, may_reach, who_may};
use pod_identity_core::functions::can_assume;
use pod_identity_core::ids::Mechanism;
use pod_identity_core::policy::Document;
use tfmodel::json::parse;

use super::{ISSUER, pod, role};
use crate::evaluate::corpus::pod_cases;

const SOURCE: &str = "arn:aws:iam::111122223333:role/apps/source";
const TARGET: &str = "arn:aws:iam::444455556666:role/data";

fn document(text: &str) -> Document {
    Document::parse(text).unwrap()
}

fn source_trust() -> Document {
    document(
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": {"StringEquals": {"aws:RequestTag/kubernetes-namespace": "prod"}}}}"#,
    )
}

fn target_trust() -> Document {
    document(
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": {"StringEquals": {"aws:RequestTag/kubernetes-service-account": "api"}}}}"#,
    )
}

fn permission(actions: &str) -> Document {
    document(&format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": {actions}, "Resource": "{TARGET}"}}}}"#
    ))
}

fn chain(pod: &Pod, permissions: Option<&[Document]>) -> Chain {
    let (trust, target) = (source_trust(), target_trust());
    may_reach(
        Link {
            trust: &trust,
            role: &role(SOURCE),
        },
        permissions,
        Link {
            trust: &target,
            role: &role(TARGET),
        },
        pod,
    )
}

#[test]
fn both_roles_of_a_chain_must_let_the_pod_in() {
    let ordinary = pod(Mechanism::PodIdentity);
    assert_eq!(chain(&ordinary, None).verdict, Verdict::Allow);

    let namespace = chain(
        &Pod {
            namespace: Some("dev".parse().unwrap()),
            ..ordinary.clone()
        },
        None,
    );
    assert_eq!(
        (namespace.source.verdict, namespace.target.verdict, namespace.verdict),
        (Verdict::Deny, Verdict::Allow, Verdict::Deny)
    );
    assert!(
        namespace
            .because
            .iter()
            .all(|sentence| sentence.starts_with("The role of the association: ")),
        "{:?}",
        namespace.because
    );

    let name = chain(
        &Pod {
            service_account: Some("web".parse().unwrap()),
            ..ordinary
        },
        None,
    );
    assert_eq!(
        (name.source.verdict, name.target.verdict, name.verdict),
        (Verdict::Allow, Verdict::Deny, Verdict::Deny)
    );
    assert!(
        name.because
            .iter()
            .all(|sentence| sentence.starts_with("The target role: ")),
        "{:?}",
        name.because
    );
}

#[test]
fn a_certain_refusal_decides_over_what_nobody_knows() {
    let unknown = Pod {
        namespace: None,
        service_account: Some("web".parse().unwrap()),
        ..pod(Mechanism::PodIdentity)
    };
    let found = chain(&unknown, None);
    assert_eq!(
        (found.source.verdict, found.target.verdict, found.verdict),
        (Verdict::Unknown, Verdict::Deny, Verdict::Deny)
    );
}

#[test]
fn the_role_of_the_association_needs_permission_for_every_action() {
    let ordinary = pod(Mechanism::PodIdentity);
    let verdict = |permissions: &[Document]| chain(&ordinary, Some(permissions)).verdict;
    let both = permission(r#"["sts:AssumeRole", "sts:TagSession"]"#);
    assert_eq!(verdict(std::slice::from_ref(&both)), Verdict::Allow);
    assert_eq!(
        verdict(&[permission(r#""sts:AssumeRole""#), permission(r#""sts:TagSession""#)]),
        Verdict::Allow
    );
    assert_eq!(verdict(&[permission(r#""sts:AssumeRole""#)]), Verdict::Deny);
    assert_eq!(verdict(&[]), Verdict::Deny);
    let denial = document(
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "sts:TagSession", "Resource": "*"}}"#,
    );
    assert_eq!(verdict(&[both, denial]), Verdict::Deny);
}

#[test]
fn within_one_account_nobody_can_tell_from_permissions_alone() {
    let (trust, target) = (source_trust(), target_trust());
    let found = may_reach(
        Link {
            trust: &trust,
            role: &role(SOURCE),
        },
        Some(&[]),
        Link {
            trust: &target,
            role: &role("arn:aws:iam::111122223333:role/data"),
        },
        &pod(Mechanism::PodIdentity),
    );
    assert_eq!(found.verdict, Verdict::Unknown);
    assert_eq!(found.permissions.unwrap().verdict, Verdict::Unknown);
}

/// Every pod of the corpus at every trust policy of the corpus, all at once and one by one.
#[test]
fn many_pods_and_many_roles_get_the_answers_that_each_gets_alone() {
    let policies: BTreeSet<String> = pod_cases().into_iter().map(|case| case.policy).collect();
    let documents: Vec<Document> = policies.iter().map(|policy| document(policy)).collect();
    let tagged = AskedRole {
        tags: Some(BTreeMap::from([("namespace".to_owned(), "prod".to_owned())])),
        ..role(SOURCE)
    };
    let entrances: Vec<Entrance<'_>> = documents
        .iter()
        .map(|document| Entrance::new(document, tagged.clone()))
        .collect();
    let ordinary = pod(Mechanism::PodIdentity);
    let pods = [
        ordinary.clone(),
        pod(Mechanism::Irsa),
        Pod {
            session_tags: None,
            ..ordinary.clone()
        },
        Pod {
            session_tags: Some(false),
            ..ordinary.clone()
        },
        Pod {
            namespace: None,
            ..ordinary
        },
    ];
    let found = who_may(&entrances, &pods);
    assert_eq!(found.len(), pods.len());
    for (pod, verdicts) in pods.iter().zip(&found) {
        assert_eq!(verdicts.len(), documents.len());
        for ((document, entrance), verdict) in documents.iter().zip(&entrances).zip(verdicts) {
            let alone = may_assume(document, pod, &tagged);
            assert_eq!(*verdict, alone.verdict, "{pod:?}\n{}", document.render());
            assert_eq!(entrance.evaluate(pod), alone);
        }
    }
}

#[track_caller]
fn refused(request: &str, place: &str) {
    let request = from_json(&parse(request).unwrap());
    let problem = can_assume(r#"{"Version": "2012-10-17", "Statement": []}"#, &request).expect_err(place);
    assert_eq!(problem.path.to_string(), place, "{problem}");
}

#[test]
fn a_request_that_makes_no_sense_is_refused_where_it_does_not() {
    refused("null", "");
    refused(r#"{"namspace": "prod"}"#, "namspace");
    refused(r#"{"mode": "both"}"#, "mode");
    refused(r#"{"namespace": "Prod"}"#, "namespace");
    refused(r#"{"unknown": ["namspace"]}"#, "unknown[0]");
    refused(r#"{"namespace": "prod", "actions": ["sts:AssumeRole"]}"#, "actions");
    refused(r#"{"principal": {"type": "service", "value": "x"}}"#, "actions");
    refused(
        r#"{"principal": {"type": "user", "value": "x"}, "actions": ["sts:AssumeRole"]}"#,
        "principal.type",
    );
}

#[test]
fn what_is_no_policy_is_invalid() {
    let request = from_json(&parse(r#"{"mode": "pod_identity"}"#).unwrap());
    for text in ["", "{", "[]", r#"{"Statement": 1}"#] {
        let answer = can_assume(text, &request).unwrap();
        assert_eq!(answer.verdict, Verdict::Invalid, "{text}");
        assert_eq!(answer.because.len(), 1);
    }
}

#[test]
fn of_both_ways_the_one_that_is_shut_is_named() {
    let request = format!(
        r#"{{"mode": "dual", "account_id": "111122223333", "region": "eu-west-1", "cluster_name": "main", "namespace": "prod",
            "service_account": "api", "oidc_issuer": "https://{ISSUER}"}}"#
    );
    let trust = source_trust().to_json();
    let answer = can_assume(&trust, &from_json(&parse(&request).unwrap())).unwrap();
    assert_eq!(answer.verdict, Verdict::Deny);
    assert!(
        answer.because.iter().all(|sentence| sentence.starts_with("IRSA: ")),
        "{:?}",
        answer.because
    );
    assert_eq!(answer.requests.len(), 2);
}

#[test]
fn a_policy_may_be_encoded_as_iam_returns_it() {
    let request =
        r#"{"principal": {"type": "service", "value": "pods.eks.amazonaws.com"}, "actions": ["sts:AssumeRole"]}"#;
    let policy = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22pods.eks.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D";
    let answer = can_assume(policy, &from_json(&parse(request).unwrap())).unwrap();
    assert_eq!(answer.verdict, Verdict::Allow, "{:?}", answer.because);
}

#[test]
fn what_the_source_role_is_denied_no_trust_makes_good() {
    let denied = document(&format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Deny", "Action": "sts:*", "Resource": "{SOURCE}-2"}}}}"#
    ));
    let own_account = format!("{SOURCE}-2");
    let trust = source_trust();
    let found = may_reach(
        Link {
            trust: &trust,
            role: &role(SOURCE),
        },
        Some(&[denied]),
        Link {
            trust: &target_trust(),
            role: &role(&own_account),
        },
        &pod(Mechanism::PodIdentity),
    );
    assert_eq!(found.permissions.unwrap().verdict, Verdict::Deny);
    assert_eq!(found.verdict, Verdict::Deny);
}

#[test]
fn only_eks_pod_identity_asks_for_a_target_role() {
    let request = |mode: &str| {
        format!(
            r#"{{"mode": "{mode}", "source_role_arn": "{SOURCE}", "target_role_arn": "{TARGET}", "namespace": "prod"}}"#
        )
    };
    refused(&request("irsa"), "mode");
    refused(&request("dual"), "mode");
    let unknown = format!(r#"{{"unknown": ["mode"], "source_role_arn": "{SOURCE}", "target_role_arn": "{TARGET}"}}"#);
    for request in [request("pod_identity"), unknown] {
        let answer = can_assume(&target_trust().to_json(), &from_json(&parse(&request).unwrap())).unwrap();
        assert_eq!(answer.requests.len(), 1);
    }
}
