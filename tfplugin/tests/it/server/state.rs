//! What is stored: private data, older versions, identities.

use serde_json::json;
use tfplugin::model::Value;
use tfplugin_testing::core::State;

use super::library::{Quirk, library, unconfigured};
use super::only;

fn private(state: &State) -> serde_json::Value {
    serde_json::from_slice(&state.private).expect("JSON")
}

#[tokio::test]
async fn private_data_goes_from_plan_to_apply_to_read() {
    let (core, _) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let config = books.config(r#"{"title": "Emma"}"#).expect("config");
    let plan = books.plan(&State::default(), &config).await.expect("plan");
    assert_eq!(private(&plan.planned)["planned"], "yes");
    let made = books.apply(&plan).await.expect("an answer").success().expect("created");
    assert_eq!(private(&made), json!({"planned": "yes", "nonce": "n-Emma"}));
    assert_eq!(books.read(&made).await.expect("read").private, made.private);
}

#[tokio::test]
async fn the_first_read_after_an_import_knows_it_is_one_and_the_second_does_not() {
    let (core, _) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let config = books.config(r#"{"title": "Emma"}"#).expect("config");
    books.converge(&State::default(), &config).await.expect("created");
    let mut imported = books.import("Emma").await.expect("imported");
    assert_eq!(private(&imported), json!({"first read after import": "yes"}));
    imported.private = Vec::new();
    assert!(books.read(&imported).await.expect("read").private.is_empty());
}

#[tokio::test]
async fn keys_of_the_framework_cannot_be_set() {
    let (core, shelf) = library().await;
    let books = core.resource("library_book").expect("a resource");
    shelf.set(Quirk::UsesReservedKey);
    let config = books.config(r#"{"title": "Emma"}"#).expect("config");
    let plan = books.plan(&State::default(), &config).await.expect("plan");
    let applied = books.apply(&plan).await.expect("an answer");
    assert_eq!(only(&applied.diagnostics).0, "Reserved private key");
    assert!(private(&applied.state).get(".imported").is_none());
}

#[tokio::test]
async fn damaged_private_data_is_an_error_and_comes_back_as_it_was() {
    let (core, _) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let config = books.config(r#"{"title": "Emma"}"#).expect("config");
    let mut made = books.converge(&State::default(), &config).await.expect("created");
    made.private = b"{".to_vec();
    let refused = books.read(&made).await.expect_err("refused");
    assert_eq!(only(&refused).0, "Private data cannot be read");
}

#[tokio::test]
async fn old_states_take_as_many_steps_as_they_need() {
    let (core, _) = unconfigured().await;
    let books = core.resource("library_book").expect("a resource");
    for (version, json) in [
        (0, r#"{"title": "Emma", "pages": "474"}"#),
        (1, r#"{"title": "Emma", "pages": 474}"#),
        (
            2,
            r#"{"title": "Emma", "pages": 474, "place": "shelf 1", "edition": 1}"#,
        ),
    ] {
        let state = books.upgrade(version, json).await.expect("upgraded");
        assert_eq!(state.get("pages"), Some(&Value::number(474)), "version {version}");
        assert_eq!(state.get("edition"), Some(&Value::number(1)), "version {version}");
    }
}

#[tokio::test]
async fn states_that_cannot_be_upgraded_say_why() {
    let (core, _) = unconfigured().await;
    let books = core.resource("library_book").expect("a resource");
    for (version, json, summary) in [
        (0, r#"{"title": "Emma", "pages": "many"}"#, "Pages are no number"),
        (3, r#"{"title": "Emma"}"#, "The state is of a newer provider"),
        (-1, r#"{"title": "Emma"}"#, "The state cannot be upgraded"),
        (2, r#"{"title": 1"#, "Request cannot be read"),
        (2, r#"{"title": ["Emma"]}"#, "Request cannot be read"),
        (2, "", "Incomplete request"),
    ] {
        let refused = books.upgrade(version, json).await.expect_err("refused");
        assert_eq!(only(&refused).0, summary, "version {version}: {json}");
    }
}

#[tokio::test]
async fn a_state_from_before_an_attribute_became_write_only_loses_its_value() {
    let (core, _) = unconfigured().await;
    let books = core.resource("library_book").expect("a resource");
    let state = books
        .upgrade(2, r#"{"title": "Emma", "author": "Jane"}"#)
        .await
        .expect("read");
    assert_eq!(state.get("author"), Some(&Value::Null));
    assert_eq!(state.get("title"), Some(&Value::string("Emma")));
}

#[tokio::test]
async fn identities_are_read_and_checked_by_version() {
    let (core, _) = unconfigured().await;
    let books = core.resource("library_book").expect("a resource");
    let identity = books.upgrade_identity(0, r#"{"title": "Emma"}"#).await.expect("read");
    assert_eq!(identity, Some(Value::object([("title", Value::string("Emma"))])));
    let newer = books
        .upgrade_identity(1, r#"{"title": "Emma"}"#)
        .await
        .expect_err("refused");
    assert_eq!(only(&newer).0, "The identity is of a newer provider");
    let detail = &newer.iter().next().expect("a diagnostic").detail;
    assert!(
        detail.contains("versions up to 0. Use a provider at least as new as the one that wrote it."),
        "{detail}"
    );
}
