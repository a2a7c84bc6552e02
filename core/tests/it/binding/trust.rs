use pod_identity_core::binding::{ConditionMechanism, Mode, Scope, Trust, TrustCondition};
use pod_identity_core::policy::{Document, sentence};
use tfmodel::Value;

use super::{config, facts, planned, settings, trust_of, try_plan, with_role_arn};

fn with_trust(mode: Mode, trust: Trust) -> Document {
    let mut config = config(mode);
    config.trust = Value::Known(trust);
    trust_of(&planned(None, &config))
}

#[test]
fn dual_trusts_both_mechanisms_with_every_condition() {
    let expected = r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Pibmh6meibtnjna",
            "Effect": "Allow",
            "Principal": {
                "Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
            },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {
                    "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE:aud": "sts.amazonaws.com",
                    "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE:sub": "system:serviceaccount:prod:api"
                }
            }
        },
        {
            "Sid": "SID",
            "Effect": "Allow",
            "Principal": {
                "Service": "pods.eks.amazonaws.com"
            },
            "Action": [
                "sts:AssumeRole",
                "sts:TagSession"
            ],
            "Condition": {
                "StringEquals": {
                    "aws:SourceAccount": "111122223333",
                    "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
                    "aws:RequestTag/kubernetes-namespace": "prod",
                    "aws:RequestTag/kubernetes-service-account": "api"
                }
            }
        }
    ]
}"#;
    let found = trust_of(&planned(None, &config(Mode::Dual)));
    let sid = found.statements[1].sid.clone().unwrap();
    assert_eq!(found.render(), expected.replace("SID", &sid));
}

#[test]
fn each_mode_has_the_statements_of_its_mechanisms() {
    let sids = |mode| -> Vec<String> {
        trust_of(&planned(None, &config(mode)))
            .statements
            .into_iter()
            .filter_map(|one| one.sid)
            .collect()
    };
    let both = sids(Mode::Dual);
    assert_eq!(sids(Mode::Irsa), both[..1]);
    assert_eq!(sids(Mode::PodIdentity), both[1..]);
}

#[test]
fn the_scope_decides_which_pods_are_named() {
    for (scope, pod_identity, irsa) in [
        (
            Scope::ServiceAccount,
            "Pods using `api` in `prod` on cluster `main`",
            "Pods using `api` in `prod`",
        ),
        (
            Scope::Namespace,
            "All pods in `prod` on cluster `main`",
            "All pods in `prod`",
        ),
        (Scope::Cluster, "All pods on cluster `main`", "All pods"),
    ] {
        let found = with_trust(
            Mode::Dual,
            Trust {
                scope: Value::Known(scope),
                ..Trust::default()
            },
        );
        let [first, second] = found.statements.as_slice() else {
            panic!("two statements")
        };
        assert!(
            sentence(first).starts_with(&format!("{irsa} with IRSA")),
            "{}",
            sentence(first)
        );
        assert!(
            sentence(second).starts_with(&format!("{pod_identity} with")),
            "{}",
            sentence(second)
        );
        let subject_operator = &first.conditions[1].operator;
        assert_eq!(subject_operator == "StringLike", scope != Scope::ServiceAccount);
    }
    let account = with_trust(
        Mode::PodIdentity,
        Trust {
            scope: Value::Known(Scope::Account),
            ..Trust::default()
        },
    );
    assert!(sentence(&account.statements[0]).starts_with("All pods on any cluster of account `111122223333`"));
}

#[test]
fn wildcards_in_the_service_account_get_the_operator_that_knows_them() {
    let mut config = config(Mode::Irsa);
    config.service_account = "api-*".into();
    let found = trust_of(&planned(None, &config));
    let operators: Vec<&str> = found.statements[0]
        .conditions
        .iter()
        .map(|one| one.operator.as_str())
        .collect();
    assert_eq!(operators, ["StringEquals", "StringLike"]);
}

#[test]
fn other_partitions_keep_the_principals_and_lose_what_is_not_confirmed() {
    for (region, partition, suffix) in [
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
    ] {
        let mut facts = facts();
        if let pod_identity_core::binding::Fact::Known(caller) = &mut facts.caller {
            caller.partition = partition.parse().unwrap();
        }
        if let pod_identity_core::binding::Fact::Known(cluster) = &mut facts.cluster {
            cluster.issuer = Some(format!("oidc.eks.{region}.{suffix}/id/EXAMPLE").parse().unwrap());
        }
        let mut settings = settings();
        settings.region = Some(region.parse().unwrap());
        let (planned, _) = try_plan(None, &config(Mode::Dual), &facts, &settings).unwrap();
        let text = trust_of(&planned).to_json();
        assert!(text.contains(&format!(
            "arn:{partition}:iam::111122223333:oidc-provider/oidc.eks.{region}.{suffix}/id/EXAMPLE"
        )));
        assert!(text.contains(&format!("arn:{partition}:eks:{region}:111122223333:cluster/main")));
        assert!(
            text.contains(r#":aud":"sts.amazonaws.com""#) && text.contains(r#""Service":"pods.eks.amazonaws.com""#)
        );
        assert!(!text.contains("aws:SourceAccount"));
    }
}

#[test]
fn conditions_and_statements_of_the_user_are_added() {
    let found = with_trust(
        Mode::Dual,
        Trust {
            source_account: Value::Known(false),
            conditions: Value::Known(vec![Value::Known(TrustCondition {
                test: "StringEquals".into(),
                variable: "aws:SourceOrgID".into(),
                values: Value::Known(vec!["${aws:ResourceOrgID}".into()]),
                mechanism: Value::Known(ConditionMechanism::PodIdentity),
            })]),
            statements: Value::Known(vec![
                r#"{"Sid":"OnCall","Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sts:AssumeRole"}"#
                    .into(),
            ]),
            ..Trust::default()
        },
    );
    let [irsa, pod_identity, on_call] = found.statements.as_slice() else {
        panic!("three statements")
    };
    let has = |statement: &pod_identity_core::policy::Statement, key: &str| {
        statement.conditions.iter().any(|condition| condition.key == key)
    };
    assert!(has(pod_identity, "aws:SourceOrgID") && !has(irsa, "aws:SourceOrgID"));
    assert!(!has(pod_identity, "aws:SourceAccount"));
    assert_eq!(on_call.sid.as_deref(), Some("OnCall"));
}

#[test]
fn the_provider_of_tokens_is_in_the_account_of_the_role() {
    let mut config = with_role_arn(Mode::Irsa, false);
    config.role_arn = "arn:aws:iam::444455556666:role/api".into();
    let planned = planned(None, &config);
    assert_eq!(
        planned.oidc_provider_arn.known().unwrap(),
        &format!("arn:aws:iam::444455556666:oidc-provider/{}", super::ISSUER)
    );
}

#[test]
fn issuers_of_clusters_outside_eks_are_taken_as_given() {
    let mut config = config(Mode::Irsa);
    config.oidc_issuer = "http://localhost:4566/cluster".into();
    let mut facts = facts();
    facts.cluster = pod_identity_core::binding::Fact::Denied;
    let (planned, _) = try_plan(None, &config, &facts, &settings()).unwrap();
    assert_eq!(planned.oidc_issuer, config.oidc_issuer);
    assert!(trust_of(&planned).to_json().contains(r#""localhost:4566/cluster:sub""#));
}
