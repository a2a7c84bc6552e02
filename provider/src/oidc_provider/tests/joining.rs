use tfplugin_testing::core::State;

use super::{Bench, OF_CLUSTER, created};
use crate::lab::{owned, text};

#[tokio::test]
async fn one_that_is_there_is_joined_and_left_as_it_was() {
    let bench = Bench::new().await;
    bench.somebody_makes(&["other"]);
    let config = bench.config(r#"{"cluster_name": "demo", "tags": {"stage": "test"}}"#);
    let plan = bench.providers.plan(&State::default(), &config).await.unwrap();
    assert!(
        text(&plan.warnings).starts_with("OIDC provider exists already"),
        "{:?}",
        plan.warnings
    );

    let state = bench.providers.converge(&State::default(), &config).await.unwrap();
    assert!(!created(&state));
    assert_eq!(bench.client_ids(), ["other", "sts.amazonaws.com"]);
    assert_eq!(bench.tag_keys(), ["stage", "team"]);

    let deletion = bench.providers.plan_delete(&state).await.unwrap();
    assert!(
        text(&deletion.warnings).starts_with("OIDC provider stays"),
        "{:?}",
        deletion.warnings
    );
    bench.providers.destroy(&state).await.unwrap();
    assert_eq!(bench.client_ids(), ["other"]);
    assert_eq!(bench.tag_keys(), ["team"]);
}

#[tokio::test]
async fn a_client_id_that_was_there_before_is_never_removed() {
    let bench = Bench::new().await;
    bench.somebody_makes(&["sts.amazonaws.com", "other"]);
    let state = bench
        .made(r#"{"cluster_name": "demo", "client_ids": ["sts.amazonaws.com", "mine"]}"#)
        .await;
    let config = bench.config(r#"{"cluster_name": "demo", "client_ids": ["mine"]}"#);
    let plan = bench.providers.plan(&state, &config).await.unwrap();
    let applied = bench.providers.apply(&plan).await.unwrap();
    let told = text(&applied.diagnostics);
    assert!(told.starts_with("Client id stays in the OIDC provider"), "{told}");
    assert_eq!(bench.client_ids(), ["sts.amazonaws.com", "other", "mine"]);
    let state = applied.success().unwrap();
    bench.providers.destroy(&state).await.unwrap();
    assert_eq!(bench.client_ids(), ["sts.amazonaws.com", "other"]);
}

#[tokio::test]
async fn client_ids_stay_as_long_as_a_role_trusts_a_provider_of_others() {
    let bench = Bench::new().await;
    bench.somebody_makes(&["other"]);
    let state = bench.made(OF_CLUSTER).await;
    bench.lab.made(&owned("irsa")).await;
    let plan = bench.providers.plan_delete(&state).await.unwrap();
    let applied = bench.providers.apply(&plan).await.unwrap();
    let told = text(&applied.diagnostics);
    assert!(
        told.contains("Client ids stay in the OIDC provider") && told.contains("`checkout`"),
        "{told}"
    );
    assert_eq!(bench.client_ids(), ["other", "sts.amazonaws.com"]);
}

#[tokio::test]
async fn the_second_of_two_states_joins_what_the_first_made() {
    let bench = Bench::new().await;
    let first = bench.made(OF_CLUSTER).await;
    let second = bench.made(OF_CLUSTER).await;
    assert!(created(&first) && !created(&second));
    bench.providers.destroy(&second).await.unwrap();
    assert_eq!(bench.client_ids(), ["sts.amazonaws.com"]);
    bench.providers.destroy(&first).await.unwrap();
    assert!(!bench.is_there());
}
