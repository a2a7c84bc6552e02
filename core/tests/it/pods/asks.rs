use std::collections::BTreeMap;

use pod_identity_core::evaluate::pod::{Ask, AskedRole, Pod};
use pod_identity_core::evaluate::{Call, Caller, Presence};
use pod_identity_core::ids::{Mechanism, Partition};

use super::{ISSUER, pod, role};

const ROLE: &str = "arn:aws:iam::111122223333:role/apps/api";
const TARGET: &str = "arn:aws:iam::444455556666:role/data";

fn value(text: &str) -> Presence {
    Presence::Values(vec![text.to_owned()])
}

fn actions(calls: &[Call]) -> Vec<&str> {
    calls.iter().map(|call| call.action.as_str()).collect()
}

#[track_caller]
fn carries(ask: &Ask, expected: &[(&str, Presence)]) {
    for call in ask.request.calls.iter().chain(&ask.possible) {
        for (key, presence) in expected {
            assert_eq!(call.context.get(key), presence, "{key} of {}", call.action);
        }
    }
}

fn known_role() -> AskedRole {
    AskedRole {
        tags: Some(BTreeMap::from([("team".to_owned(), "payments".to_owned())])),
        organization: Some("o-example".to_owned()),
        ..role(ROLE)
    }
}

#[test]
fn irsa_brings_the_claims_of_one_token_and_nothing_of_a_session() {
    let ask = pod(Mechanism::Irsa).ask(&known_role());
    assert_eq!(
        ask.request.caller,
        Caller::Federated(format!("arn:aws:iam::111122223333:oidc-provider/{ISSUER}"))
    );
    assert_eq!(actions(&ask.request.calls), ["sts:AssumeRoleWithWebIdentity"]);
    assert!(ask.possible.is_empty());
    carries(
        &ask,
        &[
            (&format!("{ISSUER}:aud"), value("sts.amazonaws.com")),
            (&format!("{ISSUER}:sub"), value("system:serviceaccount:prod:api")),
            (&format!("{ISSUER}:email"), Presence::Unknown),
            ("oidc.eu-west-1.eks.amazonaws.com/id/EXAMPLE:sub", Presence::Absent),
            ("token.actions.githubusercontent.com:sub", Presence::Absent),
            (
                "aws:FederatedProvider",
                value(&format!("arn:aws:iam::111122223333:oidc-provider/{ISSUER}")),
            ),
            ("aws:RequestTag/kubernetes-namespace", Presence::Absent),
            ("aws:PrincipalTag/team", Presence::Absent),
            ("aws:SourceAccount", Presence::Absent),
            ("aws:ResourceTag/Team", value("payments")),
            ("aws:ResourceTag/other", Presence::Absent),
            ("aws:ResourceAccount", value("111122223333")),
            ("aws:ResourceOrgID", value("o-example")),
            ("sts:RoleSessionName", Presence::Present),
            ("sts:ExternalId", Presence::Absent),
            ("aws:SourceIp", Presence::Unknown),
            ("made:Up", Presence::Unknown),
        ],
    );
}

#[test]
fn without_its_issuer_nothing_is_known_of_a_tokens_claims() {
    let ask = Pod {
        issuer: None,
        ..pod(Mechanism::Irsa)
    }
    .ask(&AskedRole::default());
    assert_eq!(ask.request.caller, Caller::Unknown);
    carries(
        &ask,
        &[
            (&format!("{ISSUER}:sub"), Presence::Unknown),
            ("token.actions.githubusercontent.com:sub", Presence::Unknown),
        ],
    );
    let of_unknown_account = Pod {
        provider_account: None,
        ..pod(Mechanism::Irsa)
    }
    .ask(&AskedRole::default());
    assert_eq!(of_unknown_account.request.caller, Caller::Federated(ISSUER.to_owned()));
}

#[test]
fn a_key_that_is_there_with_a_value_that_nobody_knows_is_present() {
    let ask = Pod {
        namespace: None,
        ..pod(Mechanism::PodIdentity)
    }
    .ask(&AskedRole::default());
    carries(
        &ask,
        &[
            ("aws:RequestTag/kubernetes-namespace", Presence::Present),
            ("aws:RequestTag/kubernetes-service-account", value("api")),
            ("aws:RequestTag/kubernetes-pod-name", Presence::Present),
            ("aws:ResourceTag/team", Presence::Unknown),
        ],
    );
    let pattern = Pod {
        service_account: Some("api-*".parse().unwrap()),
        ..pod(Mechanism::Irsa)
    }
    .ask(&AskedRole::default());
    carries(&pattern, &[(&format!("{ISSUER}:sub"), Presence::Present)]);
}

#[test]
fn an_association_sends_request_tags_and_both_actions_are_asked_for() {
    let ask = pod(Mechanism::PodIdentity).ask(&known_role());
    assert_eq!(ask.request.caller, Caller::Service("pods.eks.amazonaws.com".to_owned()));
    assert_eq!(actions(&ask.request.calls), ["sts:AssumeRole", "sts:TagSession"]);
    let names = [
        "eks-cluster-arn",
        "eks-cluster-name",
        "kubernetes-namespace",
        "kubernetes-service-account",
        "kubernetes-pod-name",
        "kubernetes-pod-uid",
    ];
    let names = Presence::Values(names.map(str::to_owned).to_vec());
    carries(
        &ask,
        &[
            (
                "aws:RequestTag/eks-cluster-arn",
                value("arn:aws:eks:eu-west-1:111122223333:cluster/main"),
            ),
            ("aws:RequestTag/eks-cluster-name", value("main")),
            ("aws:RequestTag/kubernetes-namespace", value("prod")),
            ("aws:requesttag/KUBERNETES-SERVICE-ACCOUNT", value("api")),
            ("aws:RequestTag/team", Presence::Absent),
            ("aws:PrincipalTag/kubernetes-namespace", Presence::Absent),
            ("aws:TagKeys", names.clone()),
            ("sts:TransitiveTagKeys", names),
            ("aws:SourceAccount", value("111122223333")),
            ("aws:SourceArn", Presence::Unknown),
            ("aws:SourceOrgID", Presence::Unknown),
            ("aws:PrincipalIsAWSService", value("true")),
            ("aws:PrincipalOrgID", Presence::Absent),
            ("aws:PrincipalArn", Presence::Unknown),
            (&format!("{ISSUER}:sub"), Presence::Absent),
        ],
    );
}

#[test]
fn without_session_tags_there_are_none_and_no_session_is_tagged() {
    let ask = Pod {
        session_tags: Some(false),
        ..pod(Mechanism::PodIdentity)
    }
    .ask(&known_role());
    assert_eq!(actions(&ask.request.calls), ["sts:AssumeRole"]);
    assert!(ask.possible.is_empty());
    carries(
        &ask,
        &[
            ("aws:RequestTag/kubernetes-namespace", Presence::Absent),
            ("aws:TagKeys", Presence::Absent),
            ("sts:TransitiveTagKeys", Presence::Absent),
            ("aws:SourceAccount", value("111122223333")),
        ],
    );
}

#[test]
fn where_nobody_knows_whether_tags_are_sent_what_depends_on_it_is_unknown() {
    let ask = Pod {
        session_tags: None,
        ..pod(Mechanism::PodIdentity)
    }
    .ask(&known_role());
    assert_eq!(actions(&ask.request.calls), ["sts:AssumeRole"]);
    assert_eq!(actions(&ask.possible), ["sts:TagSession"]);
    assert_eq!(actions(&ask.all().calls), ["sts:AssumeRole", "sts:TagSession"]);
    carries(
        &ask,
        &[
            ("aws:RequestTag/kubernetes-namespace", Presence::Unknown),
            ("aws:TagKeys", Presence::Unknown),
            ("aws:RequestTag/team", Presence::Absent),
        ],
    );
}

#[test]
fn the_source_account_is_known_only_where_somebody_has_confirmed_that_it_is_sent() {
    let ordinary = pod(Mechanism::PodIdentity);
    for unconfirmed in [
        Pod {
            partition: Some(Partition::China),
            ..ordinary.clone()
        },
        Pod {
            partition: None,
            ..ordinary.clone()
        },
        Pod {
            hybrid_node: Some(true),
            ..ordinary.clone()
        },
        Pod {
            hybrid_node: None,
            ..ordinary
        },
    ] {
        carries(
            &unconfirmed.ask(&AskedRole::default()),
            &[("aws:SourceAccount", Presence::Unknown)],
        );
    }
}

#[test]
fn a_target_role_is_asked_for_with_the_session_of_the_associations_role() {
    let ask = pod(Mechanism::PodIdentity).ask_target(&known_role(), &role(TARGET));
    assert_eq!(ask.request.caller, Caller::Aws(ROLE.to_owned()));
    assert_eq!(actions(&ask.request.calls), ["sts:AssumeRole", "sts:TagSession"]);
    carries(
        &ask,
        &[
            ("aws:PrincipalArn", value(ROLE)),
            ("aws:PrincipalAccount", value("111122223333")),
            ("aws:PrincipalIsAWSService", value("false")),
            ("aws:RequestTag/kubernetes-namespace", value("prod")),
            ("aws:PrincipalTag/kubernetes-namespace", value("prod")),
            ("aws:PrincipalTag/team", value("payments")),
            ("aws:PrincipalTag/other", Presence::Absent),
            ("aws:ResourceAccount", value("444455556666")),
            ("aws:SourceAccount", Presence::Absent),
            ("sts:ExternalId", Presence::Unknown),
        ],
    );
}

#[test]
fn tags_of_a_session_win_over_those_of_its_role() {
    let tagged = AskedRole {
        tags: Some(BTreeMap::from([("eks-cluster-name".to_owned(), "other".to_owned())])),
        ..role(ROLE)
    };
    let ordinary = pod(Mechanism::PodIdentity);
    carries(
        &ordinary.ask_target(&tagged, &role(TARGET)),
        &[("aws:PrincipalTag/eks-cluster-name", value("main"))],
    );
    let untagged = Pod {
        session_tags: Some(false),
        ..ordinary
    };
    carries(
        &untagged.ask_target(&tagged, &role(TARGET)),
        &[("aws:PrincipalTag/eks-cluster-name", value("other"))],
    );
}

#[test]
fn without_session_tags_a_target_role_gets_an_external_id() {
    let ask = Pod {
        session_tags: Some(false),
        ..pod(Mechanism::PodIdentity)
    }
    .ask_target(&known_role(), &role(TARGET));
    assert_eq!(actions(&ask.request.calls), ["sts:AssumeRole"]);
    assert_eq!(actions(&ask.possible), ["sts:TagSession"]);
    let [assume] = ask.request.calls.as_slice() else {
        panic!("{ask:?}")
    };
    assert_eq!(
        assume.context.get("sts:ExternalId"),
        &value("eu-west-1/111122223333/main/prod/api")
    );
    assert_eq!(
        assume.context.get("aws:RequestTag/kubernetes-namespace"),
        &Presence::Absent
    );
    assert_eq!(
        ask.possible.first().unwrap().context.get("sts:ExternalId"),
        &Presence::Unknown
    );
}
