//! Configurations that are generated for objects that exist.

use tfplugin::model::Value;
use tfplugin_testing::core::{Action, State};

use super::beside::OLD;
use super::library::library;
use super::only;
use super::waiter::waiter;

#[tokio::test]
async fn what_is_generated_for_an_object_plans_no_change() {
    let (core, _) = library().await;
    let books = core.resource("library_book").expect("a resource");
    for json in [
        r#"{"title": "Emma"}"#,
        r#"{"title": "Emma", "pages": 474, "notes": "{\"good\": true}", "author": "Jane"}"#,
    ] {
        let config = books.config(json).expect("config");
        let made = books.converge(&State::default(), &config).await.expect("created");
        let generated = books.generate_config(&made).await.expect("generated");
        assert_eq!(books.validate(&generated).await.len(), 0);
        assert_eq!(books.plan(&made, &generated).await.expect("plan").action, Action::NoOp);
        books.destroy(&made).await.expect("destroyed");
    }
}

#[tokio::test]
async fn defaults_and_what_only_the_provider_sets_are_left_out() {
    let (core, _) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let config = books
        .config(r#"{"title": "Emma", "pages": 100, "author": "Jane"}"#)
        .expect("config");
    let made = books.converge(&State::default(), &config).await.expect("created");
    let generated = books.generate_config(&made).await.expect("generated");
    assert_eq!(generated, books.config(r#"{"title": "Emma"}"#).expect("config"));
}

#[tokio::test]
async fn an_author_refines_it_within_the_rules() {
    let (core, _) = waiter(OLD).await;
    let orders = core.resource("waiter_order").expect("a resource");
    let order = |table: &str| State {
        value: Value::object([
            ("table", Value::string(table)),
            ("guests", Value::number(1)),
            ("dish", Value::string("soup")),
        ]),
        ..State::default()
    };
    let refined = orders.generate_config(&order("family")).await.expect("generated");
    assert_eq!(refined.get("guests"), Some(&Value::number(1)));
    let refused = orders.generate_config(&order("shy")).await.expect_err("refused");
    assert!(
        refused.iter().all(|one| one.detail.contains("bug in the provider")),
        "{refused:?}"
    );
    let crashed = orders.generate_config(&order("loud")).await.expect_err("refused");
    assert_eq!(only(&crashed).0, "The provider crashed");
    let nothing = orders.generate_config(&State::default()).await.expect_err("refused");
    assert_eq!(only(&nothing).0, "Incomplete request");
}
