//! What exists stays known, whatever is wrong with what the provider says about it.

use tfplugin::model::Value;
use tfplugin_testing::core::State;

use super::fragile::Fault;
use super::{CUP, HEAVY_CUP, cup, fragile, in_time, only, things};

#[tokio::test]
async fn a_created_object_with_a_value_that_does_not_fit_is_stored_without_that_value() {
    let (core, control) = fragile().await;
    let things = things(&core);
    let plan = things
        .plan(&State::default(), &things.config(CUP).expect("config"))
        .await
        .expect("plan");
    control.set("create", Fault::Misfits);
    let applied = in_time(things.apply(&plan)).await.expect("an answer");
    let (summary, detail) = only(&applied.diagnostics);
    assert_eq!(summary, "The provider made something else than it planned", "{detail}");
    assert!(detail.contains("`extra`"), "{detail}");
    let state = &applied.state.value;
    assert_eq!(state.get("id"), Some(&Value::string("id-1")));
    assert_eq!(state.get("name"), Some(&Value::string("cup")));
    assert_eq!(state.get("extra"), Some(&Value::Null));
    assert!(applied.state.identity.is_some());
}

#[tokio::test]
async fn an_updated_object_with_a_value_that_does_not_fit_keeps_everything_else() {
    let (core, control) = fragile().await;
    let things = things(&core);
    let made = cup(&core).await;
    let plan = things
        .plan(&made, &things.config(HEAVY_CUP).expect("config"))
        .await
        .expect("plan");
    control.set("update", Fault::Misfits);
    let applied = in_time(things.apply(&plan)).await.expect("an answer");
    assert!(applied.diagnostics.has_errors());
    assert_eq!(applied.state.value.get("weight"), Some(&Value::number(2)));
    assert_eq!(applied.state.value.get("id"), Some(&Value::string("id-1")));
}

#[tokio::test]
async fn an_object_that_was_read_wrongly_is_not_gone() {
    let (core, control) = fragile().await;
    let made = cup(&core).await;
    control.set("read", Fault::Misfits);
    let failed = in_time(things(&core).read(&made)).await.expect_err("an error");
    let (_, detail) = only(&failed);
    assert!(detail.contains("`extra` does not fit its schema"), "{detail}");
    control.heal();
    assert_eq!(
        in_time(things(&core).read(&made)).await.expect("read").value,
        made.value
    );
}

#[tokio::test]
async fn a_created_object_that_cannot_be_compared_with_its_plan_is_stored() {
    let (core, control) = fragile().await;
    let things = things(&core);
    let plan = things
        .plan(&State::default(), &things.config(CUP).expect("config"))
        .await
        .expect("plan");
    control.set("equal", Fault::Panics);
    let applied = in_time(things.apply(&plan)).await.expect("an answer");
    let (summary, detail) = only(&applied.diagnostics);
    assert_eq!(summary, "The provider crashed");
    assert!(detail.contains("`equal`"), "{detail}");
    assert_eq!(applied.state.value.get("id"), Some(&Value::string("id-1")));
}
