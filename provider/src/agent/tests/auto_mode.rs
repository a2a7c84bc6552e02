use tfmodel::Value;
use tfplugin_testing::core::{Action, State};

use super::{Bench, demo};
use crate::lab::{Lab, text};

async fn auto_mode(enabled: bool) -> Bench {
    let bench = Bench::new().await;
    bench.lab.aws.account(|account| {
        let cluster = account.clusters.get_mut(&demo()).unwrap();
        cluster.auto_mode = Some(enabled);
    });
    bench
}

#[tokio::test]
async fn where_the_agent_is_built_in_nothing_is_installed_or_removed() {
    let bench = auto_mode(true).await;
    let config = bench.config(r#", "version": "v1.4.0-eksbuild.1""#);
    let plan = bench.agents.plan(&State::default(), &config).await.unwrap();
    let told = text(&plan.warnings);
    assert!(told.starts_with("Agent is built into the cluster"), "{told}");
    assert!(told.contains("`version` has no effect here."), "{told}");
    let state = bench.made("").await;
    assert_eq!(state.value.get("built_in"), Some(&Value::bool(true)));
    for absent in ["version", "arn"] {
        assert!(state.value.get(absent).unwrap().is_null(), "{absent}");
    }
    let state = bench
        .agents
        .converge(&state, &bench.config(r#", "preserve": true"#))
        .await
        .unwrap();
    let imported = bench.agents.import("demo").await.unwrap();
    let plan = bench.agents.plan(&imported, &bench.config("")).await.unwrap();
    assert_eq!(plan.action, Action::NoOp);
    bench.agents.destroy(&state).await.unwrap();
    assert!(bench.writes().is_empty());
}

#[tokio::test]
async fn turning_auto_mode_off_asks_for_the_add_on() {
    let bench = auto_mode(true).await;
    let state = bench.made("").await;
    let other = auto_mode(false).await;
    assert!(other.agents.read(&state).await.unwrap().value.is_null());
    let without = Lab::with("{}").await;
    let agents = without.core.resource("pod_identity_agent").unwrap();
    assert!(
        agents.read(&state).await.unwrap().value.is_null(),
        "the cluster is gone"
    );
}
