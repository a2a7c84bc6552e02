//! A panic fails one call, and says in which method.

use std::sync::Arc;

use tfplugin::model::{Diagnostics, Value};
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_testing::Core;
use tfplugin_testing::core::State;

use super::fragile::{Control, Fault, Fragile};
use super::{CUP, HEAVY_CUP, configure, cup, fragile, in_time, only, things};

/// Calls a method of an author by the way that a host takes to it.
async fn reach(core: &Core, made: &State, method: &str) -> Result<(), Diagnostics> {
    let things = things(core);
    let config = |json| things.config(json).expect("config");
    match method {
        "provider: validate" | "configure" => configure(core, "").await.map(drop),
        "validate" => found(things.validate(&config(CUP)).await),
        "plan" => things.plan(&State::default(), &config(CUP)).await.map(drop),
        "plan_delete" => things.plan_delete(made).await.map(drop),
        "create" => {
            let plan = things.plan(&State::default(), &config(CUP)).await?;
            things.apply(&plan).await?.success().map(drop)
        }
        "read" | "equal" => things.read(made).await.map(drop),
        "update" => {
            let plan = things.plan(made, &config(HEAVY_CUP)).await?;
            things.apply(&plan).await?.success().map(drop)
        }
        "delete" => things.destroy(made).await,
        "import" => things.import("id-1").await.map(drop),
        "identity" => things.read(made).await.map(drop),
        "upgrades" | "upgrades: step" => things.upgrade(0, r#"{"name": "cup"}"#).await.map(drop),
        "identity_upgrades" => things.upgrade_identity(0, r#"{"id": "id-1"}"#).await.map(drop),
        "data source: validate" | "data source: read" => {
            let copies = core.data_source("fragile_copy").expect("a data source");
            let config = copies.config("{}").expect("config");
            found(copies.validate(&config).await)?;
            copies.read(&config).await.map(drop)
        }
        "call" => {
            let called = core.call("echo", &[Value::number(1)]).await;
            let refused = |error: tfplugin_testing::core::CallError| {
                tfplugin::model::Diagnostic::error("The provider crashed", error.to_string()).into()
            };
            called.map(drop).map_err(refused)
        }
        other => panic!("no such method: {other}"),
    }
}

fn found(diagnostics: Diagnostics) -> Result<(), Diagnostics> {
    diagnostics.into_result(()).map(drop)
}

#[tokio::test]
async fn a_panic_in_any_method_is_a_diagnostic_that_names_it_and_the_next_call_works() {
    let (core, control) = fragile().await;
    let made = cup(&core).await;
    for (method, named) in [
        ("provider: validate", "`validate`"),
        ("configure", "`configure`"),
        ("validate", "`validate`"),
        ("plan", "`plan`"),
        ("plan_delete", "`plan_delete`"),
        ("create", "`create`"),
        ("read", "`read`"),
        ("update", "`update`"),
        ("delete", "`delete`"),
        ("import", "`import`"),
        ("identity", "`identity`"),
        ("upgrades", "`upgrades`"),
        ("upgrades: step", "`upgrades`"),
        ("identity_upgrades", "`identity_upgrades`"),
        ("data source: validate", "`validate`"),
        ("data source: read", "`read`"),
        ("call", "`call`"),
    ] {
        control.set(method, Fault::Panics);
        let failed = in_time(reach(&core, &made, method)).await.expect_err(method);
        let (summary, detail) = only(&failed);
        assert_eq!(summary, "The provider crashed", "{method}");
        assert!(detail.contains(named), "{method}: {detail}");
        assert!(
            detail.contains("This is a bug in the provider: please report it"),
            "{method}"
        );
        control.heal();
        let healed = in_time(reach(&core, &made, method)).await;
        // There is no older identity.
        assert_eq!(healed.is_ok(), method != "identity_upgrades", "{method}: {healed:?}");
    }
}

#[tokio::test]
async fn a_method_that_fails_without_an_error_is_a_diagnostic_that_names_it_and_what_exists_stays() {
    let (core, control) = fragile().await;
    let made = cup(&core).await;
    for (method, named) in [
        ("configure", "`configure`"),
        ("plan", "`plan`"),
        ("plan_delete", "`plan_delete`"),
        ("create", "`create`"),
        ("read", "`read`"),
        ("update", "`update`"),
        ("delete", "`delete`"),
        ("import", "`import`"),
        ("upgrades: step", "`upgrades`"),
        ("data source: read", "`read`"),
    ] {
        control.set(method, Fault::GivesUp);
        let failed = in_time(reach(&core, &made, method)).await.expect_err(method);
        let (summary, detail) = only(&failed);
        assert_eq!(summary, "The provider failed and did not say why", "{method}");
        assert!(detail.contains(named), "{method}: {detail}");
    }
    let plan = things(&core).plan_delete(&made).await.expect("plan");
    control.set("delete", Fault::GivesUp);
    let kept = in_time(things(&core).apply(&plan)).await.expect("an answer").state;
    assert_eq!(kept.value, made.value);
}

#[tokio::test]
async fn a_panic_while_the_offer_is_made_is_a_diagnostic_of_every_call_until_it_works() {
    for method in ["registry", "signature"] {
        let provider = Fragile::default();
        let control: Arc<Control> = Arc::clone(&provider.0);
        control.set(method, Fault::Panics);
        let failure = in_time(Core::in_process(provider.clone())).await.expect_err(method);
        let text = failure.to_string();
        assert!(
            text.contains("The provider crashed") && text.contains(&format!("`{method}`")),
            "{text}"
        );
        control.heal();
        in_time(Core::in_process(provider)).await.expect(method);
    }
}

#[tokio::test]
async fn a_panic_outside_of_a_method_is_a_diagnostic_too_and_no_status_of_the_transport() {
    let (core, control) = fragile().await;
    let made = cup(&core).await;
    // An equality runs when the framework compares what was read, not in a method.
    control.set("equal", Fault::Panics);
    let failed = in_time(reach(&core, &made, "equal")).await.expect_err("it panics");
    let (summary, detail) = only(&failed);
    assert_eq!(summary, "The provider crashed");
    assert!(detail.contains("while it answered `ReadResource`"), "{detail}");
    control.heal();
    in_time(reach(&core, &made, "read"))
        .await
        .expect("the provider lives on");
}

#[tokio::test]
async fn a_crash_leaves_what_the_host_has() {
    let (core, control) = fragile().await;
    let made = cup(&core).await;
    control.set("read", Fault::Panics);
    let things = things(&core);
    let read = proto::read_resource::Request {
        type_name: "fragile_thing".to_owned(),
        current_state: Some(proto::DynamicValue {
            msgpack: tfplugin::model::msgpack::encode(&made.value, &things.schema().ty()).expect("encoded"),
            json: Vec::new(),
        }),
        private: b"{\"kept\":\"yes\"}".to_vec(),
        ..Default::default()
    };
    let sent = read.current_state.clone();
    let answer = in_time(core.rpc().read_resource(read))
        .await
        .expect("an answer")
        .into_inner();
    assert_eq!(
        (answer.new_state, answer.private),
        (sent, b"{\"kept\":\"yes\"}".to_vec())
    );
}
