//! A request to stop ends every wait, and each operation returns what it has.

use tfplugin::model::{Diagnostics, Value};
use tfplugin_testing::Core;
use tfplugin_testing::core::{Applied, State};

use super::fragile::{Control, Fault};
use super::{CUP, HEAVY_CUP, configure, cup, fragile, in_time, only, things};

/// Does `work` until it waits, and then stops it.
async fn stopped<T>(core: &Core, control: &Control, method: &'static str, work: impl Future<Output = T>) -> T {
    control.set(method, Fault::Waits);
    let stop = async {
        control.waiting.notified().await;
        core.stop().await.expect("stopped");
    };
    let (answer, ()) = in_time(async { tokio::join!(work, stop) }).await;
    control.heal();
    answer
}

fn is_stopped(problems: &Diagnostics) {
    let (summary, detail) = only(problems);
    assert_eq!(summary, "Stopped on request", "{detail}");
}

#[tokio::test]
async fn what_only_looks_returns_nothing_but_that_it_was_stopped() {
    let (core, control) = fragile().await;
    let made = cup(&core).await;
    let things = things(&core);
    let config = things.config(CUP).expect("config");
    let copies = core.data_source("fragile_copy").expect("a data source");
    let text = copies.config(r#"{"text": "a"}"#).expect("config");

    is_stopped(
        &stopped(&core, &control, "plan", things.plan(&State::default(), &config))
            .await
            .expect_err("stopped"),
    );
    is_stopped(
        &stopped(&core, &control, "plan_delete", things.plan_delete(&made))
            .await
            .expect_err("stopped"),
    );
    is_stopped(
        &stopped(&core, &control, "read", things.read(&made))
            .await
            .expect_err("stopped"),
    );
    is_stopped(
        &stopped(&core, &control, "import", things.import("id-1"))
            .await
            .expect_err("stopped"),
    );
    is_stopped(
        &stopped(&core, &control, "data source: read", copies.read(&text))
            .await
            .expect_err("stopped"),
    );
    is_stopped(
        &stopped(&core, &control, "configure", configure(&core, "x"))
            .await
            .expect_err("stopped"),
    );

    // Later calls are not affected, and the stopped configuration is none.
    let read = in_time(copies.read(&text)).await.expect("read");
    assert_eq!(read.get("copy"), Some(&Value::string("a")));
    assert_eq!(in_time(things.read(&made)).await.expect("read").value, made.value);
}

#[tokio::test]
async fn what_writes_returns_the_state_that_it_recorded() {
    let (core, control) = fragile().await;
    let things = things(&core);
    let config = things.config(CUP).expect("config");
    let plan = things.plan(&State::default(), &config).await.expect("plan");
    let created: Applied = stopped(&core, &control, "create", things.apply(&plan))
        .await
        .expect("an answer");
    is_stopped(&created.diagnostics);
    assert_eq!(created.state.value.get("id"), Some(&Value::string("id-1")));
    assert!(created.state.identity.is_some());

    let made = cup(&core).await;
    let heavier = things.config(HEAVY_CUP).expect("config");
    let plan = things.plan(&made, &heavier).await.expect("plan");
    let updated = stopped(&core, &control, "update", things.apply(&plan))
        .await
        .expect("an answer");
    is_stopped(&updated.diagnostics);
    assert_eq!(updated.state.value.get("weight"), Some(&Value::number(2)));

    let plan = things.plan_delete(&made).await.expect("plan");
    let deleted = stopped(&core, &control, "delete", things.apply(&plan))
        .await
        .expect("an answer");
    is_stopped(&deleted.diagnostics);
    assert_eq!(deleted.state, made);
    in_time(things.destroy(&made)).await.expect("later calls go on");
}
