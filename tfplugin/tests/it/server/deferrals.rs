//! What waits for a later round of plan and apply.

use tfplugin::model::{Diagnostics, Value};
use tfplugin_proto::tfplugin6::ClientCapabilities;
use tfplugin_proto::tfplugin6::deferred::Reason;
use tfplugin_testing::core::{Action, State};

use super::told;
use super::waiter::{unconfigured, waiter};

const MAY_DEFER: ClientCapabilities = ClientCapabilities {
    deferral_allowed: true,
    write_only_attributes_allowed: true,
    store_planned_private: false,
    computed_blocks_allowed: false,
};

const MAY_NOT: ClientCapabilities = ClientCapabilities {
    deferral_allowed: false,
    ..MAY_DEFER
};

fn deferred<T: std::fmt::Debug>(answer: Result<T, Diagnostics>) -> String {
    let told = answer.expect_err("deferred");
    assert_eq!(told.len(), 1, "{told:?}");
    let only = told.into_iter().next().expect("one");
    assert_eq!(only.summary, "Deferred");
    only.detail
}

#[tokio::test]
async fn a_method_that_defers_leaves_the_object_as_it_is() {
    let (core, _) = waiter(MAY_DEFER).await;
    let orders = core.resource("waiter_order").expect("a resource");
    let config = |table: &str| orders.config(&format!(r#"{{"table": "{table}"}}"#)).expect("config");

    let plan = orders
        .plan(&State::default(), &config("defer plan"))
        .await
        .expect("plan");
    assert_eq!(plan.deferred, Some(Reason::AbsentPrereq));
    assert_eq!(plan.planned.value.get("guests"), Some(&Value::number(1)));
    assert!(plan.planned.value.get("dish").is_some_and(Value::is_unknown));
    assert_eq!(told(&plan.warnings)[0].0, "The kitchen is busy");

    let created = async |table: &str| {
        let plan = orders.plan(&State::default(), &config(table)).await.expect("plan");
        orders
            .apply(&plan)
            .await
            .expect("an answer")
            .success()
            .expect("created")
    };
    let made = created("defer read").await;
    assert_eq!(deferred(orders.read(&made).await), "ABSENT_PREREQ");
    let made = created("defer deletion").await;
    let plan = orders.plan_delete(&made).await.expect("plan");
    assert_eq!(
        (plan.action, plan.deferred),
        (Action::Delete, Some(Reason::AbsentPrereq))
    );

    assert_eq!(deferred(orders.import("defer import").await), "ABSENT_PREREQ");
    let menu = core.data_source("waiter_menu").expect("a data source");
    let config = menu.config(r#"{"table": "defer menu"}"#).expect("config");
    assert_eq!(deferred(menu.read(&config).await), "ABSENT_PREREQ");
}

#[tokio::test]
async fn a_plan_that_defers_can_show_what_it_guesses() {
    let (core, _) = waiter(MAY_DEFER).await;
    let orders = core.resource("waiter_order").expect("a resource");
    let config = orders.config(r#"{"table": "guess"}"#).expect("config");
    let plan = orders.plan(&State::default(), &config).await.expect("plan");
    assert_eq!(plan.deferred, Some(Reason::ResourceConfigUnknown));
    assert_eq!(plan.planned.value.get("dish"), Some(&Value::string("soup")));
}

#[tokio::test]
async fn a_deferred_read_of_an_import_leaves_it_to_the_next_one() {
    let (core, waiter) = waiter(MAY_DEFER).await;
    let orders = core.resource("waiter_order").expect("a resource");
    assert_eq!(deferred(orders.import("defer read").await), "ABSENT_PREREQ");
    let imported = orders.import("window").await.expect("imported");
    assert!(imported.identity.is_some());
    assert_eq!(waiter.notes(), ["first read: ; , ", "first read: ; , "]);
}

#[tokio::test]
async fn to_defer_where_the_host_cannot_is_a_bug_and_named() {
    let (core, _) = waiter(MAY_NOT).await;
    let orders = core.resource("waiter_order").expect("a resource");
    let config = |table: &str| orders.config(&format!(r#"{{"table": "{table}"}}"#)).expect("config");
    let refused = |told: Diagnostics| {
        let bug = told.iter().find(|one| one.summary == "This cannot be deferred");
        assert!(
            bug.is_some_and(|bug| bug.detail.contains("bug in the provider")),
            "{told:?}"
        );
    };
    for table in ["defer plan", "guess"] {
        let plan = orders.plan(&State::default(), &config(table)).await;
        refused(plan.expect_err("refused"));
    }
    refused(orders.import("defer import").await.expect_err("refused"));
    let menu = core.data_source("waiter_menu").expect("a data source");
    let card = menu.config(r#"{"table": "defer menu"}"#).expect("config");
    refused(menu.read(&card).await.expect_err("refused"));
}

#[tokio::test]
async fn an_apply_can_never_be_deferred_and_keeps_what_was_made() {
    let (core, _) = waiter(MAY_DEFER).await;
    let orders = core.resource("waiter_order").expect("a resource");
    let config = orders.config(r#"{"table": "defer create"}"#).expect("config");
    let plan = orders.plan(&State::default(), &config).await.expect("plan");
    let applied = orders.apply(&plan).await.expect("an answer");
    assert!(
        told(&applied.diagnostics)
            .iter()
            .any(|(summary, _)| summary == "This cannot be deferred")
    );
    assert_eq!(
        applied.state.value.get("dish"),
        Some(&Value::string("dish for defer create"))
    );
}

#[tokio::test]
async fn a_configuration_that_defers_defers_everything_without_asking_anybody() {
    let (core, waiter) = unconfigured(MAY_DEFER).await;
    let orders = core.resource("waiter_order").expect("a resource");
    let config = orders.config(r#"{"table": "window"}"#).expect("config");
    let settings = core.provider_config("{}").expect("settings");
    core.configure(&settings).await.expect("configured");
    let made = orders.converge(&State::default(), &config).await.expect("created");
    waiter.notes();

    core.configure(&Value::object([("open", Value::unknown())]))
        .await
        .expect("configured");
    let plan = orders.plan(&made, &config).await.expect("plan");
    assert_eq!(plan.deferred, Some(Reason::ProviderConfigUnknown));
    assert_eq!(plan.planned.value, made.value);
    let plan = orders.plan_delete(&made).await.expect("plan");
    assert_eq!(plan.deferred, Some(Reason::ProviderConfigUnknown));
    assert_eq!(deferred(orders.read(&made).await), "PROVIDER_CONFIG_UNKNOWN");
    assert_eq!(deferred(orders.import("window").await), "PROVIDER_CONFIG_UNKNOWN");
    let menu = core.data_source("waiter_menu").expect("a data source");
    let card = menu.config("{}").expect("config");
    assert_eq!(deferred(menu.read(&card).await), "PROVIDER_CONFIG_UNKNOWN");
    assert!(waiter.notes().is_empty());

    core.configure(&settings).await.expect("configured");
    assert_eq!(orders.read(&made).await.expect("read").value, made.value);
}
