//! The host's rules: a provider that breaks one is told so by the framework, with the attribute.

use tfplugin::model::Value;
use tfplugin_testing::core::{Applied, ResourceType, State};

use super::library::{Quirk, library};
use super::told;

async fn create(books: &ResourceType, json: &str) -> Applied {
    let config = books.config(json).expect("config");
    let plan = books.plan(&State::default(), &config).await.expect("plan");
    books.apply(&plan).await.expect("an answer")
}

#[track_caller]
fn is_bug_at(applied: &Applied, place: &str) {
    let found = applied
        .diagnostics
        .iter()
        .find(|one| one.detail.contains("bug in the provider"));
    let found = found.unwrap_or_else(|| panic!("no bug was reported: {:?}", applied.diagnostics));
    assert_eq!(found.path.as_ref().map(ToString::to_string).unwrap_or_default(), place);
}

#[tokio::test]
async fn what_is_unknown_after_apply_is_reported_and_stored_as_null() {
    let (core, shelf) = library().await;
    shelf.set(Quirk::LeavesUnknown);
    let applied = create(
        &core.resource("library_book").expect("a resource"),
        r#"{"title": "Emma"}"#,
    )
    .await;
    is_bug_at(&applied, "edition");
    assert_eq!(applied.state.value.get("edition"), Some(&Value::Null));
    assert_eq!(applied.state.value.get("place"), Some(&Value::string("shelf 1")));
}

#[tokio::test]
async fn what_was_made_has_to_be_what_was_planned() {
    let (core, shelf) = library().await;
    shelf.set(Quirk::MakesSomethingElse);
    let applied = create(
        &core.resource("library_book").expect("a resource"),
        r#"{"title": "Emma"}"#,
    )
    .await;
    is_bug_at(&applied, "pages");
    // What exists is stored all the same.
    assert_eq!(applied.state.value.get("pages"), Some(&Value::number(1)));
}

#[tokio::test]
async fn a_plan_cannot_deviate_from_the_configuration() {
    let (core, shelf) = library().await;
    let books = core.resource("library_book").expect("a resource");
    shelf.set(Quirk::PlansAgainstConfig);
    let config = books.config(r#"{"title": "Emma"}"#).expect("config");
    let refused = books.plan(&State::default(), &config).await.expect_err("refused");
    assert_eq!(
        told(&refused).iter().map(|(_, at)| at.as_str()).collect::<Vec<_>>(),
        ["notes"]
    );
    assert!(refused.iter().all(|one| one.detail.contains("bug in the provider")));
}

#[tokio::test]
async fn a_replacement_names_an_attribute_that_exists() {
    let (core, shelf) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let made = create(&books, r#"{"title": "Emma"}"#).await.success().expect("created");
    shelf.set(Quirk::PlansReplacementOfNothing);
    let config = books.config(r#"{"title": "Emma", "pages": 3}"#).expect("config");
    let refused = books.plan(&made, &config).await.expect_err("refused");
    assert_eq!(
        told(&refused).iter().map(|(_, at)| at.as_str()).collect::<Vec<_>>(),
        ["publisher"]
    );
}

#[tokio::test]
async fn a_write_only_value_reaches_the_provider_and_never_a_plan_or_a_state() {
    let (core, shelf) = library().await;
    let books = core.resource("library_book").expect("a resource");
    shelf.set(Quirk::ReturnsWriteOnly);
    let config = books.config(r#"{"title": "Emma", "author": "Jane"}"#).expect("config");
    let plan = books.plan(&State::default(), &config).await.expect("plan");
    assert_eq!(plan.planned.value.get("author"), Some(&Value::Null));
    let made = books.apply(&plan).await.expect("an answer").success().expect("created");
    assert_eq!(made.value.get("author"), Some(&Value::Null));
    let really = shelf.get("Emma").expect("a book");
    assert_eq!(really.author, Value::from("Jane"));
}

#[tokio::test]
async fn a_data_source_leaves_nothing_unknown() {
    let (core, shelf) = library().await;
    shelf.set(Quirk::LeavesUnknown);
    let catalogue = core.data_source("library_catalogue").expect("a data source");
    let config = catalogue.config("{}").expect("config");
    let refused = catalogue.read(&config).await.expect_err("refused");
    assert_eq!(told(&refused)[0].1, "titles");
}

#[tokio::test]
async fn an_identity_is_there_and_stays_the_same() {
    let (core, shelf) = library().await;
    let books = core.resource("library_book").expect("a resource");
    for (quirk, problem) in [
        (Quirk::ForgetsIdentity, "The identity is missing"),
        (Quirk::LeavesIdentityOpen, "`title` of the identity is unknown"),
        (
            Quirk::LeavesIdentityEmpty,
            "The identity identifies nothing: every attribute is null",
        ),
    ] {
        shelf.set(quirk);
        let applied = create(&books, r#"{"title": "Emma"}"#).await;
        let found = applied.diagnostics.iter().next().expect("a problem");
        assert_eq!(found.summary, "The provider returned an identity that is not allowed");
        assert!(found.detail.starts_with(problem), "{}", found.detail);
        assert!(applied.state.value.get("place").is_some_and(|place| !place.is_null()));
        assert_eq!(applied.state.identity, None);
    }

    shelf.set(Quirk::None);
    let made = create(&books, r#"{"title": "Evelina"}"#)
        .await
        .success()
        .expect("created");
    shelf.set(Quirk::ChangesIdentity);
    let changed = books.read(&made).await.expect_err("refused");
    assert_eq!(
        told(&changed)[0].0,
        "The provider returned an identity that is not allowed"
    );
}
