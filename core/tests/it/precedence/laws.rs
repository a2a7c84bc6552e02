use std::mem::discriminant;

use pod_identity_core::binding::Fact;
use pod_identity_core::precedence::{Credentials, Sdk, Situation, UsedSdk, Verdict};
use pod_identity_core::workload::{Compute, ServiceAccountObject};
use proptest::prelude::*;

use super::{ROLE, association, deployment, next};

const NAMES: &[&str] = &[
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_PROFILE",
    "AWS_EC2_METADATA_DISABLED",
    "HTTP_PROXY",
];

fn entry() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just(r#""value":"x""#),
        Just(r#""value":"""#),
        Just(r#""value":"true""#),
        Just(r#""value":"$(OTHER)""#),
        Just(r#""valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}"#),
        Just(r#""valueFrom":{"configMapKeyRef":{"name":"c","key":"k","optional":true}}"#),
        Just(r#""valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}"#),
    ];
    (prop::sample::select(NAMES), value).prop_map(|(name, value)| format!(r#"{{"name":"{name}",{value}}}"#))
}

fn container() -> impl Strategy<Value = String> {
    let env = prop::collection::vec(entry(), 0..6).prop_map(|all| all.join(","));
    let all = prop_oneof![
        3 => Just(""),
        1 => Just(r#"{"secretRef":{"name":"all"}}"#),
        1 => Just(r#"{"prefix":"APP_","configMapRef":{"name":"all"}}"#),
        1 => Just(r#"{"prefix":"AWS_","configMapRef":{"name":"all","optional":true}}"#),
    ];
    (env, all).prop_map(|(env, all)| format!(r#","env":[{env}],"envFrom":[{all}]"#))
}

fn account(role: bool) -> Fact<ServiceAccountObject> {
    Fact::Known(ServiceAccountObject {
        name: "api".parse().unwrap(),
        namespace: None,
        annotations: role
            .then(|| (ServiceAccountObject::ROLE_ANNOTATION.to_owned(), ROLE.to_owned()))
            .into_iter()
            .collect(),
    })
}

/// Something to learn.
fn fact() -> impl Strategy<Value = fn(&mut Situation)> {
    prop::sample::select(vec![
        (|of| of.association = association()) as fn(&mut Situation),
        |of| of.association = Fact::Absent,
        |of| of.service_account = account(true),
        |of| of.service_account = account(false),
        |of| of.service_account = Fact::Absent,
        |of| of.compute = Some(Compute::Ec2),
        |of| of.compute = Some(Compute::Fargate),
        |of| of.compute = Some(Compute::Hybrid),
        |of| of.compute = Some(Compute::Windows),
        |of| of.agent = Some(false),
        |of| of.agent = Some(true),
        |of| of.metadata_reachable = Some(false),
        |of| of.metadata_reachable = Some(true),
        |of| of.node_proxy = Some(true),
        |of| of.node_proxy = Some(false),
        |of| {
            of.sdk = Some(UsedSdk {
                sdk: Sdk::DotnetV3,
                version: Some("3.0.0".into()),
            });
        },
        |of| {
            of.sdk = Some(UsedSdk {
                sdk: Sdk::GoV2,
                version: None,
            });
        },
        |of| {
            of.sdk = Some(UsedSdk {
                sdk: Sdk::JsV2,
                version: None,
            });
        },
    ])
}

/// What is not known yet, of what a fact would say.
fn is_news(before: &Situation, after: &Situation) -> bool {
    let fact_is_kept = |before: bool, same: bool| before || same;
    fact_is_kept(
        before.association == Fact::Unknown,
        before.association == after.association,
    ) && fact_is_kept(
        before.service_account == Fact::Unknown,
        before.service_account == after.service_account,
    ) && fact_is_kept(before.compute.is_none(), before.compute == after.compute)
        && fact_is_kept(
            before.metadata_reachable.is_none(),
            before.metadata_reachable == after.metadata_reachable,
        )
        && fact_is_kept(before.node_proxy.is_none(), before.node_proxy == after.node_proxy)
        && fact_is_kept(before.sdk.is_none(), before.sdk == after.sdk)
}

fn possible(verdict: &Verdict) -> Vec<Credentials> {
    match verdict {
        Verdict::Decided { credentials, .. } => vec![credentials.clone()],
        Verdict::Unknown { candidates, .. } => candidates.iter().map(|one| one.credentials.clone()).collect(),
    }
}

proptest! {
    #[test]
    fn knowing_more_adds_no_possibility(container in container(), known in prop::collection::vec(fact(), 0..4), news in fact()) {
        let mut before = deployment(&container);
        for fact in known {
            fact(&mut before);
        }
        let mut after = before.clone();
        news(&mut after);
        prop_assume!(is_news(&before, &after));
        let (before, after) = (next(&before).verdict, next(&after).verdict);
        for one in possible(&after) {
            // Names of roles become known; which mechanism it is does not change.
            prop_assert!(
                possible(&before).iter().any(|other| discriminant(other) == discriminant(&one)),
                "{} became possible: before {}", one, before.sentence()
            );
        }
    }

    #[test]
    fn of_entries_of_one_name_the_last_one_counts(container in prop::collection::vec(entry(), 0..6), earlier in entry()) {
        let all = |extra: Option<&String>| {
            let entries: Vec<String> = extra.into_iter().chain(&container).cloned().collect();
            let mut of = deployment(&format!(r#","env":[{}]"#, entries.join(",")));
            of.association = Fact::Absent;
            of.service_account = Fact::Absent;
            next(&of)
        };
        let name = earlier.split('"').nth(3).unwrap();
        let is_repeated = container.iter().any(|one| one.split('"').nth(3) == Some(name) && !one.contains("optional"));
        if is_repeated {
            prop_assert_eq!(all(Some(&earlier)), all(None));
        }
    }

    #[test]
    fn an_unclear_answer_has_at_least_two_candidates_and_a_reason(container in container(), known in prop::collection::vec(fact(), 0..4)) {
        let mut situation = deployment(&container);
        for fact in known {
            fact(&mut situation);
        }
        if let Verdict::Unknown { because, candidates } = next(&situation).verdict {
            prop_assert!(candidates.len() >= 2 && !because.is_empty());
        }
    }
}
