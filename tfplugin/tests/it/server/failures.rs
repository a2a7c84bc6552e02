//! What is left after errors, panics and stops.

use tfplugin::model::Value;
use tfplugin_testing::core::{Action, Applied, ResourceType, State};

use super::library::{Quirk, library};
use super::{only, told};

async fn create(books: &ResourceType, json: &str) -> Applied {
    let config = books.config(json).expect("config");
    let plan = books.plan(&State::default(), &config).await.expect("plan");
    books.apply(&plan).await.expect("an answer")
}

const EMMA: &str = r#"{"title": "Emma"}"#;

#[tokio::test]
async fn a_create_that_fails_before_anything_exists_leaves_nothing() {
    let (core, shelf) = library().await;
    shelf.set(Quirk::FailsBeforeCheckpoint);
    let applied = create(&core.resource("library_book").expect("a resource"), EMMA).await;
    assert_eq!(only(&applied.diagnostics).0, "The press broke");
    assert!(applied.state.value.is_null());
}

#[tokio::test]
async fn a_checkpoint_survives_an_error_with_nulls_for_what_is_unknown() {
    let (core, shelf) = library().await;
    shelf.set(Quirk::FailsAfterCheckpoint);
    let applied = create(&core.resource("library_book").expect("a resource"), EMMA).await;
    assert_eq!(only(&applied.diagnostics).0, "The shelf broke");
    let state = &applied.state.value;
    assert_eq!(state.get("place"), Some(&Value::string("shelf 1")));
    assert_eq!(state.get("edition"), Some(&Value::Null));
    assert!(applied.state.identity.is_some());
    let private = String::from_utf8(applied.state.private).expect("JSON");
    assert!(private.contains("n-Emma"), "{private}");
}

#[tokio::test]
async fn a_checkpoint_survives_a_panic_and_the_provider_lives_on() {
    let (core, shelf) = library().await;
    let books = core.resource("library_book").expect("a resource");
    shelf.set(Quirk::PanicsAfterCheckpoint);
    let applied = create(&books, EMMA).await;
    assert_eq!(only(&applied.diagnostics).0, "The provider crashed");
    assert_eq!(applied.state.value.get("place"), Some(&Value::string("shelf 1")));

    shelf.set(Quirk::None);
    let config = books.config(EMMA).expect("config");
    let again = books.plan(&applied.state, &config).await.expect("plan");
    assert_eq!(again.action, Action::NoOp);
}

#[tokio::test]
async fn a_stop_ends_the_wait_and_returns_the_checkpoint_and_later_calls_go_on() {
    let (core, shelf) = library().await;
    let books = core.resource("library_book").expect("a resource");
    shelf.set(Quirk::WaitsAfterCheckpoint);
    let stop = async {
        shelf.waiting.notified().await;
        core.stop().await.expect("stopped");
    };
    let (applied, ()) = tokio::join!(create(&books, EMMA), stop);
    assert_eq!(only(&applied.diagnostics).0, "Stopped on request");
    assert_eq!(applied.state.value.get("place"), Some(&Value::string("shelf 1")));

    // A stop ends what was in flight and nothing else: this one waits as well, until it is stopped in turn.
    let later = create(&books, r#"{"title": "Evelina"}"#);
    tokio::pin!(later);
    tokio::select! {
        biased;
        () = shelf.waiting.notified() => {}
        _ = &mut later => panic!("a call after the stop was stopped"),
    }
    core.stop().await.expect("stopped");
    assert_eq!(only(&later.await.diagnostics).0, "Stopped on request");
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_with_its_limit_and_returns_the_checkpoint() {
    let (core, shelf) = library().await;
    shelf.set(Quirk::WaitsTooLong);
    let applied = create(&core.resource("library_book").expect("a resource"), EMMA).await;
    assert_eq!(only(&applied.diagnostics).0, "The time limit is over");
    assert!(applied.diagnostics.iter().any(|one| one.detail.contains("after 90 s")));
    assert_eq!(applied.state.value.get("place"), Some(&Value::string("shelf 1")));
}

#[tokio::test]
async fn a_failed_update_keeps_the_old_state_or_the_checkpoint() {
    let (core, shelf) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let made = create(&books, EMMA).await.success().expect("created");
    let thicker = books.config(r#"{"title": "Emma", "pages": 200}"#).expect("config");
    let plan = books.plan(&made, &thicker).await.expect("plan");

    shelf.set(Quirk::FailsBeforeCheckpoint);
    let applied = books.apply(&plan).await.expect("an answer");
    assert!(applied.diagnostics.has_errors());
    assert_eq!(applied.state.value, made.value);

    shelf.set(Quirk::FailsAfterCheckpoint);
    let applied = books.apply(&plan).await.expect("an answer");
    assert!(applied.diagnostics.has_errors());
    assert_eq!(applied.state.value.get("pages"), Some(&Value::number(200)));
}

#[tokio::test]
async fn a_failed_delete_keeps_the_object() {
    let (core, shelf) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let made = create(&books, EMMA).await.success().expect("created");
    let plan = books.plan_delete(&made).await.expect("plan");
    shelf.set(Quirk::FailsBeforeCheckpoint);
    let applied = books.apply(&plan).await.expect("an answer");
    assert_eq!(only(&applied.diagnostics).0, "It does not burn");
    assert_eq!(applied.state, made);
}

#[tokio::test]
async fn a_refused_deletion_is_refused_when_it_is_planned() {
    let (core, shelf) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let made = create(&books, EMMA).await.success().expect("created");
    shelf.set(Quirk::RefusesDeletion);
    let refused = books.plan_delete(&made).await.expect_err("refused");
    assert_eq!(only(&refused).0, "The book is lent");
}

#[tokio::test]
async fn an_object_that_cannot_be_read_is_not_gone() {
    let (core, shelf) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let made = create(&books, EMMA).await.success().expect("created");
    for (quirk, summary) in [
        (Quirk::FailsToRead, "It is dark"),
        (Quirk::PanicsInRead, "The provider crashed"),
    ] {
        shelf.set(quirk);
        let failed = books.read(&made).await.expect_err("an error");
        assert_eq!(told(&failed)[0].0, summary);
    }
    shelf.set(Quirk::None);
    assert_eq!(books.read(&made).await.expect("read").value, made.value);
}

#[tokio::test]
async fn a_panic_in_any_other_method_is_a_diagnostic_too() {
    let (core, shelf) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let config = books.config(EMMA).expect("config");
    shelf.set(Quirk::PanicsInValidate);
    assert_eq!(only(&books.validate(&config).await).0, "The provider crashed");
    shelf.set(Quirk::PanicsInPlan);
    let plan = books.plan(&State::default(), &config).await;
    assert_eq!(only(&plan.expect_err("an error")).0, "The provider crashed");
}

#[tokio::test]
async fn a_delete_that_is_refused_without_an_answer_keeps_the_object() {
    let (core, _) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let made = create(&books, EMMA).await.success().expect("created");
    let mut plan = books.plan_delete(&made).await.expect("plan");
    plan.planned.private = b"not JSON".to_vec();
    let applied = books.apply(&plan).await.expect("an answer");
    assert_eq!(only(&applied.diagnostics).0, "Private data cannot be read");
    assert_eq!(applied.state, made);
}
