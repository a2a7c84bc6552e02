use tfplugin_testing::core::State;

use crate::cloud::Problem;
use crate::lab::{Lab, owned};

#[tokio::test]
async fn associations_are_not_asked_for_where_only_irsa_is_used() {
    let lab = Lab::new().await;
    let arguments = |service_account: &str, more: &str| {
        let json = format!(
            r#"{{"cluster_name": "elsewhere", "namespace": "shop", "service_account": "{service_account}", {},
                "oidc_issuer": "https://oidc.example.com/elsewhere" {more}}}"#,
            owned("irsa")
        );
        lab.bindings.config(&json).unwrap()
    };
    for service_account in ["checkout", "worker-*"] {
        let made = lab
            .bindings
            .converge(&State::default(), &arguments(service_account, ""))
            .await;
        let changed = arguments(service_account, r#", "tags": {"team": "shop"}"#);
        let state = lab.bindings.converge(&made.unwrap(), &changed).await.unwrap();
        let state = lab.bindings.read(&state).await.unwrap();
        lab.bindings.destroy(&state).await.unwrap();
    }
    let reads = lab.aws.account(|account| account.reads.clone());
    assert!(reads.contains(&"GetRole"));
    assert!(!reads.contains(&"ListPodIdentityAssociations"), "{reads:?}");
}

#[tokio::test]
async fn an_association_whose_making_was_never_answered_is_removed_by_going_back() {
    let lab = Lab::new().await;
    let state = lab.made(&owned("irsa")).await;
    let plan = lab.bindings.plan(&state, &lab.binding(&owned("dual"))).await.unwrap();
    lab.aws.lose_answer("CreatePodIdentityAssociation");
    let unanswered = Problem::Unreachable { endpoint: None };
    lab.aws.fail_after(1, "ListPodIdentityAssociations", unanswered, "");
    let failed = lab.bindings.apply(&plan).await.unwrap();
    assert!(failed.diagnostics.has_errors());
    assert_eq!(lab.associations(), 1);
    lab.bindings.destroy(&failed.state).await.unwrap();
    assert_eq!(lab.associations(), 0);
}
