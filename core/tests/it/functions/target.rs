use pod_identity_core::evaluate::pod::{AskedRole, Pod};
use pod_identity_core::evaluate::{Verdict, evaluate};
use pod_identity_core::functions::{external_id, target_permissions_policy, target_trust_policy};
use pod_identity_core::ids::{Mechanism, Partition};
use pod_identity_core::policy::{Document, DocumentUse};
use tfmodel::Value;

use super::argument;

const SOURCE: &str = "arn:aws:iam::111122223333:role/apps/api";
const TARGET: &str = "arn:aws:iam::444455556666:role/data";

fn target(more: &[(&str, Value)]) -> Value {
    let mut all = vec![
        ("role_arn", Value::string(SOURCE)),
        ("target_role_arn", Value::string(TARGET)),
    ];
    all.extend(more.iter().cloned());
    argument(&all)
}

fn pod(service_account: &str, session_tags: bool) -> Pod {
    Pod {
        partition: Some(Partition::Aws),
        region: "eu-west-1".parse().ok(),
        account: "111122223333".parse().ok(),
        cluster: "main".parse().ok(),
        namespace: "prod".parse().ok(),
        service_account: service_account.parse().ok(),
        session_tags: Some(session_tags),
        ..Pod::new(Mechanism::PodIdentity)
    }
}

fn role(arn: &str) -> AskedRole {
    AskedRole {
        arn: arn.parse().ok(),
        ..AskedRole::default()
    }
}

#[track_caller]
fn document(argument: &Value) -> Document {
    let text = target_trust_policy(argument).unwrap();
    let document = Document::parse(text.known().unwrap()).unwrap();
    assert_eq!(document.refusals(DocumentUse::Trust), []);
    document
}

#[track_caller]
fn verdict(document: &Document, pod: &Pod, source: &str) -> Verdict {
    let asked = pod.ask_target(&role(source), &role(TARGET));
    evaluate(document, &asked.all()).verdict
}

/// Nobody has confirmed that EKS sends no external id beside tags, so that a pod with tags may still meet the statement for those without.
fn refused(setting: &str, tags: bool) -> Verdict {
    if tags && setting != "on" {
        Verdict::Unknown
    } else {
        Verdict::Deny
    }
}

#[test]
fn a_target_role_lets_in_its_own_pods_through_their_own_role_and_nobody_else() {
    for (setting, on, off) in [("on", true, false), ("off", false, true), ("both", true, true)] {
        let document = document(&target(&[("session_tags", Value::string(setting))]));
        for (tags, expected) in [(true, on), (false, off)] {
            let refused = refused(setting, tags);
            let expected = if expected { Verdict::Allow } else { refused };
            let answer = |name: &str| verdict(&document, &pod(name, tags), SOURCE);
            assert_eq!((answer("api"), answer("web")), (expected, refused), "{setting} {tags}");
            let other = "arn:aws:iam::111122223333:role/api";
            assert_eq!(
                verdict(&document, &pod("api", tags), other),
                Verdict::Deny,
                "{setting} {tags}"
            );
        }
    }
}

#[test]
fn tags_follow_the_association_unless_the_argument_says_otherwise() {
    let text = |more: &[(&str, Value)]| document(&target(more)).to_json();
    let (on, off) = (
        text(&[("session_tags", Value::string("on"))]),
        text(&[("session_tags", Value::string("off"))]),
    );
    assert_eq!(text(&[]), on);
    assert_eq!(text(&[("disable_session_tags", Value::bool(true))]), off);
    assert_eq!(text(&[("session_policy", Value::string(super::SESSION_POLICY))]), off);
    assert!(
        off.contains(r#""sts:ExternalId":"eu-west-1/111122223333/main/prod/api""#),
        "{off}"
    );
    let unknown = target(&[("disable_session_tags", Value::unknown())]);
    assert!(target_trust_policy(&unknown).unwrap().is_unknown());
}

#[test]
fn the_reach_of_the_trust_is_the_reach_of_the_target() {
    for (scope, other_account, other_namespace) in [
        ("service_account", Verdict::Deny, Verdict::Deny),
        ("namespace", Verdict::Allow, Verdict::Deny),
        ("cluster", Verdict::Allow, Verdict::Allow),
    ] {
        let scope = Value::object([("scope", Value::string(scope))]);
        for tags in [true, false] {
            let setting = Value::string(if tags { "on" } else { "off" });
            let document = document(&target(&[("trust", scope.clone()), ("session_tags", setting)]));
            assert_eq!(
                verdict(&document, &pod("web", tags), SOURCE),
                other_account,
                "{scope:?} {tags}"
            );
            let elsewhere = Pod {
                namespace: "test".parse().ok(),
                ..pod("api", tags)
            };
            assert_eq!(
                verdict(&document, &elsewhere, SOURCE),
                other_namespace,
                "{scope:?} {tags}"
            );
        }
    }
}

#[test]
fn permissions_name_the_target_alone() {
    let text = target_permissions_policy(&target(&[])).unwrap();
    let document = Document::parse(text.known().unwrap()).unwrap();
    assert_eq!(document.refusals(DocumentUse::Permissions), []);
    assert_eq!(
        document.to_json(),
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":["sts:AssumeRole","sts:TagSession"],"Resource":"{TARGET}"}}]}}"#
        )
    );
    assert!(
        target_permissions_policy(&argument(&[("target_role_arn", Value::unknown())]))
            .unwrap()
            .is_unknown()
    );
    let problem = target_permissions_policy(&argument(&[])).unwrap_err().to_string();
    assert!(
        problem.starts_with("`target_role_arn`: It is missing, and what the role must be allowed needs it."),
        "{problem}"
    );
}

#[test]
fn only_pod_identity_reaches_a_target() {
    for function in [target_trust_policy, target_permissions_policy, external_id] {
        let irsa = target(&[
            ("mode", Value::string("irsa")),
            ("oidc_issuer", Value::string("https://oidc.example.com")),
        ]);
        let problem = function(&irsa).unwrap_err().to_string();
        assert!(
            problem.starts_with("`target_role_arn`: PIB423: Target role needs EKS Pod Identity alone."),
            "{problem}"
        );
    }
    let irsa = argument(&[
        ("mode", Value::string("irsa")),
        ("oidc_issuer", Value::string("https://oidc.example.com")),
    ]);
    for function in [target_trust_policy, external_id] {
        let problem = function(&irsa).unwrap_err().to_string();
        assert!(
            problem.starts_with("`mode`: Only EKS Pod Identity reaches a target role"),
            "{problem}"
        );
    }
}

#[test]
fn the_external_id_is_known_as_soon_as_the_key_is() {
    let known = argument(&[("role_arn", Value::unknown()), ("target_role_arn", Value::unknown())]);
    assert_eq!(
        external_id(&known).unwrap(),
        Value::from("eu-west-1/111122223333/main/prod/api")
    );
    assert!(
        external_id(&argument(&[("cluster_name", Value::unknown())]))
            .unwrap()
            .is_unknown()
    );
    let wrong = target(&[("session_tags", Value::string("maybe"))]);
    let problem = target_trust_policy(&wrong).unwrap_err().to_string();
    assert_eq!(
        problem,
        "`session_tags`: It has to be `on`, `off` or `both`, found `maybe`."
    );
}
