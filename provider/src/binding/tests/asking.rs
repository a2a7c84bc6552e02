use tfplugin_testing::core::State;

use crate::cloud::Problem;
use crate::lab::{Lab, owned, text};

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
    // The plan is made once more, and the apply looks before it makes.
    lab.aws.fail_after(2, "ListPodIdentityAssociations", unanswered, "");
    let failed = lab.bindings.apply(&plan).await.unwrap();
    assert!(failed.diagnostics.has_errors());
    assert_eq!(lab.associations(), 1);
    lab.bindings.destroy(&failed.state).await.unwrap();
    assert_eq!(lab.associations(), 0);
}

#[tokio::test]
async fn a_binding_changes_although_its_cluster_may_no_longer_be_described() {
    let lab = Lab::new().await;
    let state = lab.made(&owned("irsa")).await;
    let changed = lab.binding(&format!(r#"{}, "tags": {{"team": "shop"}}"#, owned("irsa")));
    for _ in 0..8 {
        lab.aws
            .fail("DescribeCluster", Problem::AccessDenied, "AccessDeniedException");
    }
    lab.bindings.converge(&state, &changed).await.unwrap();
    assert_eq!(lab.writes(), ["TagRole checkout"]);
}

#[tokio::test]
async fn a_new_binding_needs_the_issuer_of_a_cluster_that_may_not_be_described() {
    let lab = Lab::new().await;
    for _ in 0..8 {
        lab.aws
            .fail("DescribeCluster", Problem::AccessDenied, "AccessDeniedException");
    }
    let config = lab.binding(&owned("irsa"));
    let plan = lab.bindings.plan(&State::default(), &config).await.unwrap();
    let applied = lab.bindings.apply(&plan).await.unwrap();
    let told = text(&applied.diagnostics);
    assert!(told.starts_with("The cluster's OIDC issuer may not be read"), "{told}");
    assert!(lab.writes().is_empty());
}
