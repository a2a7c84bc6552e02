use tfmodel::Value;
use tfplugin_testing::core::{Applied, State};

use super::Bench;
use crate::lab::text;

async fn apply(bench: &Bench, state: &State, more: &str) -> Applied {
    let plan = bench.agents.plan(state, &bench.config(more)).await.unwrap();
    bench.agents.apply(&plan).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn it_is_done_when_the_agent_is_active() {
    let bench = Bench::new().await;
    bench
        .lab
        .aws
        .account(|account| account.addon_future.course = vec!["ACTIVE", "DEGRADED", "CREATING", "CREATING"]);
    let state = apply(&bench, &State::default(), "").await.success().unwrap();
    assert_eq!(bench.addon().unwrap().status.as_deref(), Some("ACTIVE"));

    bench
        .lab
        .aws
        .account(|account| account.addon_future.course = vec!["ACTIVE", "UPDATING"]);
    let newer = r#", "version": "v1.4.0-eksbuild.1""#;
    let state = apply(&bench, &state, newer).await.success().unwrap();
    assert_eq!(bench.addon().unwrap().status.as_deref(), Some("ACTIVE"));

    bench
        .lab
        .aws
        .account(|account| account.addon_future.course = vec!["DELETING", "DELETING"]);
    bench.agents.destroy(&state).await.unwrap();
    assert_eq!(bench.addon(), None);
}

#[tokio::test(start_paused = true)]
async fn an_agent_that_stays_degraded_is_recorded_and_its_reasons_are_told() {
    let bench = Bench::new().await;
    bench.lab.aws.account(|account| {
        account.addon_future.course = vec!["DEGRADED"];
        account.addon_future.issues = vec!["InsufficientNumberOfReplicas: 1 of 3 nodes is ready.".to_owned()];
    });
    let failed = apply(&bench, &State::default(), r#", "timeouts": {"create": "1m"}"#).await;
    let told = text(&failed.diagnostics);
    assert!(told.starts_with("Pod Identity agent took too long"), "{told}");
    assert!(
        told.contains("After 60 s EKS still says `DEGRADED`") && told.contains("1 of 3 nodes is ready."),
        "{told}"
    );
    assert!(failed.state.value.get("arn").is_some_and(Value::is_known));
    bench.agents.destroy(&failed.state).await.unwrap();
    assert_eq!(bench.addon(), None);
}

#[tokio::test(start_paused = true)]
async fn what_fails_says_why() {
    let bench = Bench::new().await;
    bench.lab.aws.account(|account| {
        account.addon_future.course = vec!["CREATE_FAILED", "CREATING"];
        account.addon_future.issues = vec!["ConfigurationConflict: port 80 is in use".to_owned()];
    });
    let failed = apply(&bench, &State::default(), "").await;
    let told = text(&failed.diagnostics);
    assert!(
        told.contains("`CREATE_FAILED`") && told.contains("port 80 is in use"),
        "{told}"
    );
    bench.agents.destroy(&failed.state).await.unwrap();

    let state = bench.made("").await;
    bench.lab.aws.account(|account| {
        account.addon_future.update_errors = vec!["ConfigurationConflict: field x".to_owned()];
    });
    let failed = apply(&bench, &state, r#", "version": "v1.4.0-eksbuild.1""#).await;
    let told = text(&failed.diagnostics);
    assert!(told.contains("`UPDATE_FAILED`") && told.contains("field x"), "{told}");
}
