//! From nothing to an object and back, without a fault.

use tfplugin::model::{Path, Value};
use tfplugin_testing::core::{Action, State};

use super::library::{library, unconfigured};
use super::{only, told};

#[tokio::test]
async fn an_object_is_created_changed_replaced_and_destroyed_with_empty_plans_between() {
    let (core, shelf) = library().await;
    let books = core.resource("library_book").expect("a resource");

    let config = books.config(r#"{"title": "Emma"}"#).expect("config");
    let plan = books.plan(&State::default(), &config).await.expect("plan");
    assert_eq!(plan.action, Action::Create);
    assert_eq!(plan.planned.value.get("pages"), Some(&Value::number(100)));
    assert!(plan.planned.value.get("place").is_some_and(Value::is_unknown));
    let made = books.converge(&State::default(), &config).await.expect("created");
    assert_eq!(made.value.get("edition"), Some(&Value::number(1)));

    let thicker = books.config(r#"{"title": "Emma", "pages": 200}"#).expect("config");
    let plan = books.plan(&made, &thicker).await.expect("plan");
    assert_eq!(plan.action, Action::Update);
    assert!(plan.planned.value.get("edition").is_some_and(Value::is_unknown));
    assert_eq!(plan.planned.value.get("place"), Some(&Value::string("shelf 1")));
    let changed = books.converge(&made, &thicker).await.expect("changed");
    assert_eq!(changed.value.get("edition"), Some(&Value::number(2)));

    let other = books.config(r#"{"title": "Persuasion"}"#).expect("config");
    let plan = books.plan(&changed, &other).await.expect("plan");
    assert_eq!(
        (plan.action, plan.requires_replace.as_slice()),
        (Action::Replace, &[Path::attribute("title")][..])
    );
    let replaced = books.converge(&changed, &other).await.expect("replaced");
    assert!(shelf.get("Emma").is_none());
    assert_eq!(replaced.value.get("edition"), Some(&Value::number(1)));

    books.destroy(&replaced).await.expect("destroyed");
    assert!(shelf.get("Persuasion").is_none());
}

#[tokio::test]
async fn drift_is_read_and_a_vanished_object_is_null() {
    let (core, shelf) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let config = books.config(r#"{"title": "Emma"}"#).expect("config");
    let made = books.converge(&State::default(), &config).await.expect("created");

    let mut torn = shelf.get("Emma").expect("a book");
    torn.pages = Value::Known(7);
    shelf.put(torn);
    let drifted = books.read(&made).await.expect("read");
    assert_eq!(drifted.value.get("pages"), Some(&Value::number(7)));

    shelf.books.lock().expect("books").clear();
    assert!(books.read(&made).await.expect("read").value.is_null());
}

#[tokio::test]
async fn an_import_by_id_or_identity_plans_nothing() {
    let (core, _) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let config = books.config(r#"{"title": "Emma"}"#).expect("config");
    let made = books.converge(&State::default(), &config).await.expect("created");

    let by_id = books.import("Emma").await.expect("imported");
    let identity = made.identity.clone().expect("an identity");
    let by_identity = books.import_identity(&identity).await.expect("imported");
    for imported in [by_id, by_identity] {
        assert_eq!((&imported.value, &imported.identity), (&made.value, &made.identity));
        let plan = books.plan(&imported, &config).await.expect("plan");
        assert_eq!(plan.action, Action::NoOp);
    }
    let missing = books.import("Ulysses").await.expect_err("nothing to import");
    assert!(
        told(&missing)
            .iter()
            .any(|(summary, _)| summary == "The host refuses this")
    );
}

#[tokio::test]
async fn validation_reports_what_attributes_and_author_find_and_lets_unknowns_pass() {
    let (core, _) = unconfigured().await;
    let books = core.resource("library_book").expect("a resource");
    let found = |json: &str| books.config(json).expect("config");

    let long = books
        .validate(&found(r#"{"title": "A title that is longer than thirty letters"}"#))
        .await;
    assert_eq!(only(&long).1, "title");
    let missing = books.validate(&found("{}")).await;
    assert_eq!(only(&missing).1, "title");
    let crossed = books.validate(&found(r#"{"title": "Pamphlet", "pages": 11}"#)).await;
    assert_eq!(
        only(&crossed),
        ("Too many pages for a pamphlet".to_owned(), "pages".to_owned())
    );
    let attributes = ["title", "pages", "notes", "author", "pen_name"].map(|name| (name, Value::unknown()));
    let computed = ["place", "edition"].map(|name| (name, Value::Null));
    let unknown = Value::object(attributes.into_iter().chain(computed));
    assert!(books.validate(&unknown).await.is_empty());
}

#[tokio::test]
async fn the_provider_is_validated_configured_and_told_what_is_unknown() {
    let (core, shelf) = unconfigured().await;
    let config = |json: &str| core.provider_config(json).expect("config");
    let burnt = core.configure(&config(r#"{"name": "burnt"}"#)).await;
    assert_eq!(only(&burnt.expect_err("refused")).0, "This library burnt down");
    let nameless = core.configure(&config(r#"{"name": ""}"#)).await;
    assert_eq!(only(&nameless.expect_err("refused")).1, "name");
    assert!(shelf.hosts.lock().expect("hosts").is_empty());

    let warnings = core.configure(&Value::object([("name", Value::unknown())])).await;
    assert_eq!(only(&warnings.expect("configured")).0, "The name is not known yet");
    assert_eq!(*shelf.hosts.lock().expect("hosts"), ["1.12.0"]);
}

#[tokio::test]
async fn a_data_source_is_validated_and_read() {
    let (core, _) = library().await;
    let books = core.resource("library_book").expect("a resource");
    for title in ["Emma", "Evelina", "Persuasion"] {
        let config = books.config(&format!(r#"{{"title": "{title}"}}"#)).expect("config");
        books.converge(&State::default(), &config).await.expect("created");
    }
    let catalogue = core.data_source("library_catalogue").expect("a data source");
    let config = |json: &str| catalogue.config(json).expect("config");
    let read = catalogue.read(&config(r#"{"prefix": "E"}"#)).await.expect("read");
    let titles: Vec<_> = read.get("titles").map(Value::children).unwrap_or_default();
    assert_eq!(titles, [&Value::string("Emma"), &Value::string("Evelina")]);
    let first = catalogue.read(&config(r#"{"limit": 1}"#)).await.expect("read");
    assert_eq!(first.get("titles").map(|titles| titles.children().len()), Some(1));

    let empty = catalogue.validate(&config(r#"{"prefix": ""}"#)).await;
    assert_eq!(only(&empty).0, "An empty prefix");
}

#[tokio::test]
async fn warnings_of_a_plan_reach_the_user() {
    let (core, _) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let config = books.config(r#"{"title": "Dull"}"#).expect("config");
    let plan = books.plan(&State::default(), &config).await.expect("plan");
    assert_eq!(only(&plan.warnings).0, "Nobody will read this");
    let made = books.converge(&State::default(), &config).await.expect("created");
    let plan = books.plan_delete(&made).await.expect("plan");
    assert_eq!(
        (plan.action, only(&plan.warnings).0.as_str()),
        (Action::Delete, "Books are gone for ever")
    );
}

#[tokio::test]
async fn another_spelling_of_the_same_is_no_change() {
    let (core, shelf) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let config = books
        .config(r#"{"title": "Emma", "notes": "{\"good\": true}"}"#)
        .expect("config");
    let made = books.converge(&State::default(), &config).await.expect("created");

    let mut book = shelf.get("Emma").expect("a book");
    book.notes = Value::Known(super::library::Notes("{ \"good\" : true }".to_owned()));
    shelf.put(book);
    let read = books.read(&made).await.expect("read");
    assert_eq!(read.value.get("notes"), made.value.get("notes"));

    let respelt = books
        .config(r#"{"title": "Emma", "notes": "{\"good\":true}"}"#)
        .expect("config");
    assert_eq!(books.plan(&read, &respelt).await.expect("plan").action, Action::NoOp);
}
