//! What comes beside the values: private data of plans and replaced objects, and what modules say of themselves.

use tfplugin_proto::tfplugin6::ClientCapabilities;
use tfplugin_testing::Core;
use tfplugin_testing::core::{Action, Plan, State};

use super::library::library;
use super::only;
use super::waiter::{Waiter, waiter};

const NEW: ClientCapabilities = ClientCapabilities {
    deferral_allowed: false,
    write_only_attributes_allowed: true,
    store_planned_private: true,
    computed_blocks_allowed: true,
};

pub(super) const OLD: ClientCapabilities = ClientCapabilities {
    store_planned_private: false,
    computed_blocks_allowed: false,
    ..NEW
};

/// Creates an order for one table and moves it to another.
async fn replace(core: &Core, waiter: &Waiter) -> (State, Vec<String>) {
    let orders = core.resource("waiter_order").expect("a resource");
    let config = |table: &str| orders.config(&format!(r#"{{"table": "{table}"}}"#)).expect("config");
    let made = orders
        .converge(&State::default(), &config("door"))
        .await
        .expect("created");
    waiter.notes();
    let plan = orders.plan(&made, &config("window")).await.expect("plan");
    assert_eq!(plan.action, Action::Replace);
    let replaced = orders
        .apply(&plan)
        .await
        .expect("an answer")
        .success()
        .expect("replaced");
    (replaced, waiter.notes())
}

#[tokio::test]
async fn a_replaced_object_is_deleted_with_its_own_private_data_and_the_new_one_never_sees_it() {
    for host in [OLD, NEW] {
        let (core, waiter) = waiter(host).await;
        let (replaced, notes) = replace(&core, &waiter).await;
        assert_eq!(
            notes.iter().filter(|note| *note == "plan: ; , ").count(),
            if host == OLD { 2 } else { 1 }
        );
        let of = |moment: &str| {
            notes
                .iter()
                .find(|note| note.starts_with(moment))
                .cloned()
                .unwrap_or_default()
        };
        assert!(of("delete").starts_with("delete: ; nonce of door, plan "), "{notes:?}");
        assert!(of("create").starts_with("create: ; , plan "), "{notes:?}");
        let private: serde_json::Value = serde_json::from_slice(&replaced.private).expect("JSON");
        assert_eq!(private["nonce"], "nonce of window");
        assert_eq!(private.as_object().map(serde_json::Map::len), Some(2), "{private}");
    }
}

#[tokio::test]
async fn the_deletion_of_a_tainted_object_gets_nothing_of_what_the_new_one_stores() {
    for host in [OLD, NEW] {
        let (core, waiter) = waiter(host).await;
        let orders = core.resource("waiter_order").expect("a resource");
        let config = orders.config(r#"{"table": "door"}"#).expect("config");
        let tainted = orders.converge(&State::default(), &config).await.expect("created");
        // The host plans a creation, as if nothing was there, and what it stores is all that the deletion gets.
        let anew = orders.plan(&State::default(), &config).await.expect("plan");
        let plan = Plan {
            action: Action::Replace,
            prior: tainted,
            ..anew
        };
        waiter.notes();
        let applied = orders.apply(&plan).await.expect("an answer");
        applied.success().expect("replaced");
        assert_eq!(waiter.notes().first().map(String::as_str), Some("delete: ; , "));
    }
}

#[tokio::test]
async fn a_plan_gets_back_what_it_stored_where_the_host_keeps_it() {
    for host in [OLD, NEW] {
        let (core, waiter) = waiter(host).await;
        let orders = core.resource("waiter_order").expect("a resource");
        let config = orders.config(r#"{"table": "door"}"#).expect("config");
        let plan = orders.plan(&State::default(), &config).await.expect("plan");
        orders
            .apply(&plan)
            .await
            .expect("an answer")
            .success()
            .expect("created");
        let (second, create) = if host == NEW {
            ("plan: ; , plan 1", "create: ; , plan 1")
        } else {
            ("plan: ; , ", "create: ; , plan 2")
        };
        assert_eq!(waiter.notes(), ["plan: ; , ", second, create]);
    }
}

#[tokio::test]
async fn what_an_update_plans_to_store_reaches_it_with_what_was_there() {
    for host in [OLD, NEW] {
        let (core, waiter) = waiter(host).await;
        let orders = core.resource("waiter_order").expect("a resource");
        let config = |guests: u8| {
            orders
                .config(&format!(r#"{{"table": "door", "guests": {guests}}}"#))
                .expect("config")
        };
        let made = orders.converge(&State::default(), &config(1)).await.expect("created");
        waiter.notes();
        let changed = orders.converge(&made, &config(2)).await.expect("changed");
        let notes = waiter.notes();
        assert!(
            notes
                .iter()
                .any(|note| note.starts_with("update: ; nonce of door, plan ")),
            "{notes:?}"
        );
        let private: serde_json::Value = serde_json::from_slice(&changed.private).expect("JSON");
        assert_eq!(private["nonce"], "nonce of door");
    }
}

#[tokio::test]
async fn an_object_that_takes_the_place_of_another_has_an_identity_of_its_own() {
    let (core, waiter) = waiter(OLD).await;
    let (replaced, _) = replace(&core, &waiter).await;
    let dish = replaced.identity.and_then(|identity| identity.get("dish").cloned());
    assert_eq!(dish.as_ref(), replaced.value.get("dish"));
}

#[tokio::test]
async fn what_a_module_says_of_itself_reaches_every_operation() {
    let (core, waiter) = waiter(OLD).await;
    let core = core.with_meta(r#"{"name": "Jane"}"#).expect("metadata");
    let orders = core.resource("waiter_order").expect("a resource");
    let config = |guests: u8| {
        orders
            .config(&format!(r#"{{"table": "door", "guests": {guests}}}"#))
            .expect("config")
    };
    let made = orders.converge(&State::default(), &config(1)).await.expect("created");
    let changed = orders.converge(&made, &config(2)).await.expect("changed");
    orders.destroy(&changed).await.expect("destroyed");
    let notes = waiter.notes();
    for moment in ["plan", "create", "read", "update", "delete"] {
        assert!(
            notes.iter().any(|note| note.starts_with(&format!("{moment}: Jane;"))),
            "{moment}: {notes:?}"
        );
    }
    let menu = core.data_source("waiter_menu").expect("a data source");
    let card = menu.read(&menu.config("{}").expect("config")).await.expect("read");
    assert_eq!(card.get("guest"), Some(&tfplugin::model::Value::string("Jane")));
}

#[tokio::test]
async fn a_module_that_says_nothing_is_nobody() {
    let (core, _) = waiter(OLD).await;
    let menu = core.data_source("waiter_menu").expect("a data source");
    let card = menu.read(&menu.config("{}").expect("config")).await.expect("read");
    assert_eq!(card.get("guest"), Some(&tfplugin::model::Value::Null));
    let (library, _) = library().await;
    assert!(library.with_meta("{}").is_err());
}

#[tokio::test]
async fn metadata_in_another_form_than_it_is_offered_is_a_bug() {
    let (core, _) = waiter(OLD).await;
    let orders = core.resource("waiter_order").expect("a resource");
    let config = orders.config(r#"{"table": "stranger"}"#).expect("config");
    let refused = orders.plan(&State::default(), &config).await.expect_err("refused");
    assert_eq!(only(&refused).0, "No such provider metadata");
}
