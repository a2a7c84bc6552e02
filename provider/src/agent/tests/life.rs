use tfmodel::Value;
use tfplugin_testing::core::{Action, State};

use super::{ADD_ON, Bench, demo};
use crate::cloud::Problem;
use crate::lab::text;

#[tokio::test]
async fn it_is_installed_changed_in_place_and_removed() {
    let bench = Bench::new().await;
    let state = bench.made(r#", "tags": {"stage": "test"}"#).await;
    assert_eq!(
        state.value.get("version").and_then(Value::as_str),
        Some("v1.3.10-eksbuild.1"),
        "EKS chose it"
    );
    assert_eq!(bench.addon().unwrap().tags["stage"], "test");

    let newer = r#", "version": "v1.4.0-eksbuild.1", "configuration": "{\"agent\":{\"a\":1}}", "resolve_conflicts_on_update": "PRESERVE""#;
    let plan = bench.agents.plan(&state, &bench.config(newer)).await.unwrap();
    assert_eq!(plan.action, Action::Update);
    let state = bench.agents.converge(&state, &bench.config(newer)).await.unwrap();
    assert_eq!(
        bench.writes(),
        [
            r#"UpdateAddon v1.4.0-eksbuild.1 {"agent":{"a":1}} PRESERVE"#.to_owned(),
            format!("TagResource {}", bench.addon().unwrap().arn.unwrap()),
        ]
    );
    bench.agents.destroy(&state).await.unwrap();
    assert_eq!(bench.addon(), None);
}

#[tokio::test]
async fn another_spelling_of_the_configuration_is_no_change_and_none_clears_it() {
    let bench = Bench::new().await;
    let state = bench
        .made(r#", "configuration": "{\"agent\":{\"a\":1,\"b\":2}}""#)
        .await;
    let respelt = bench.config(r#", "configuration": "{ \"agent\": { \"b\": 2, \"a\": 1 } }""#);
    let plan = bench.agents.plan(&state, &respelt).await.unwrap();
    assert_eq!(plan.action, Action::NoOp);
    bench.agents.converge(&state, &bench.config("")).await.unwrap();
    assert_eq!(bench.writes(), ["UpdateAddon - {} -"]);
}

#[tokio::test]
async fn what_somebody_changes_is_drift() {
    let bench = Bench::new().await;
    let config = r#", "version": "v1.3.10-eksbuild.1""#;
    let state = bench.made(config).await;
    bench.lab.aws.account(|account| {
        let found = account.addons.get_mut(&(demo(), ADD_ON.to_owned())).unwrap();
        found.addon.version = Some("v1.2.0-eksbuild.1".to_owned());
        found.addon.configuration = Some(r#"{"a":1}"#.to_owned());
        found.addon.tags.insert("foreign".to_owned(), "yes".to_owned());
    });
    let read = bench.agents.read(&state).await.unwrap();
    let state = bench.agents.converge(&read, &bench.config(config)).await.unwrap();
    let found = bench.addon().unwrap();
    assert_eq!(found.version.as_deref(), Some("v1.3.10-eksbuild.1"));
    assert_eq!(found.configuration.as_deref(), Some("{}"));
    assert!(found.tags.is_empty());

    bench.lab.aws.account(|account| account.addons.clear());
    assert!(bench.agents.read(&state).await.unwrap().value.is_null());
}

#[tokio::test]
async fn one_that_is_there_is_imported_or_adopted_and_nothing_else() {
    let bench = Bench::new().await;
    bench.lab.aws.account(|account| account.add_agent("demo"));
    let plan = bench.agents.plan(&State::default(), &bench.config("")).await.unwrap();
    let warned = text(&plan.warnings);
    assert!(
        warned.starts_with("Pod Identity agent is installed already"),
        "{warned}"
    );
    let applied = bench.agents.apply(&plan).await.unwrap();
    let told = text(&applied.diagnostics);
    assert!(told.starts_with("Pod Identity agent is installed already"), "{told}");
    assert!(
        told.contains("`demo@us-west-2`") && told.contains("`on_existing = \"adopt\"`"),
        "{told}"
    );
    assert!(applied.state.value.is_null() && bench.writes().is_empty());

    for id in ["demo", "demo@us-west-2"] {
        let imported = bench.agents.import(id).await.unwrap();
        let plan = bench.agents.plan(&imported, &bench.config("")).await.unwrap();
        assert_eq!(plan.action, Action::NoOp, "{id}");
    }
    let told = text(&bench.agents.import("demo/agent").await.unwrap_err());
    assert!(told.starts_with("The import id cannot be read"), "{told}");

    let adopting =
        bench.config(r#", "on_existing": "adopt", "version": "v1.4.0-eksbuild.1", "tags": {"stage": "test"}"#);
    let plan = bench.agents.plan(&State::default(), &adopting).await.unwrap();
    assert!(
        text(&plan.warnings).starts_with("Agent becomes this resource's own"),
        "{:?}",
        plan.warnings
    );
    let state = bench.agents.converge(&State::default(), &adopting).await.unwrap();
    let found = bench.addon().unwrap();
    assert_eq!(
        (found.version.as_deref(), found.tags.len()),
        (Some("v1.4.0-eksbuild.1"), 1)
    );
    bench.agents.destroy(&state).await.unwrap();
    assert_eq!(bench.addon(), None);
}

#[tokio::test]
async fn a_preserved_agent_stays_on_the_nodes() {
    let bench = Bench::new().await;
    let state = bench.made(r#", "preserve": true"#).await;
    bench.agents.destroy(&state).await.unwrap();
    assert_eq!(bench.writes(), [format!("DeleteAddon {ADD_ON} Kept")]);
}

#[tokio::test]
async fn a_cluster_that_is_made_after_the_plan_gets_its_agent() {
    let bench = Bench::new().await;
    let config = bench.agents.config(r#"{"cluster_name": "later"}"#).unwrap();
    let plan = bench.agents.plan(&State::default(), &config).await.unwrap();
    assert!(plan.planned.value.get("built_in").unwrap().is_unknown());
    let applied = bench.agents.apply(&plan).await.unwrap();
    assert!(text(&applied.diagnostics).starts_with("Cannot read the cluster"));
    bench.lab.aws.account(|account| {
        account.add_cluster("later");
        account.addons.clear();
    });
    let state = bench.agents.apply(&plan).await.unwrap().success().unwrap();
    assert_eq!(state.value.get("built_in"), Some(&Value::bool(false)));
}

#[tokio::test]
async fn a_refresh_that_is_refused_does_not_take_it_for_gone() {
    let bench = Bench::new().await;
    let state = bench.made("").await;
    bench
        .lab
        .aws
        .fail("DescribeAddon", Problem::AccessDenied, "AccessDeniedException");
    let told = text(&bench.agents.read(&state).await.unwrap_err());
    assert!(told.starts_with("Cannot read the agent"), "{told}");
    bench
        .lab
        .aws
        .account(|account| account.caller = Some("444455556666".to_owned()));
    let config = bench.lab.core.provider_config("{}").unwrap();
    bench.lab.core.configure(&config).await.unwrap();
    let told = text(&bench.agents.read(&state).await.unwrap_err());
    assert!(told.starts_with("The agent is in another account"), "{told}");
}
