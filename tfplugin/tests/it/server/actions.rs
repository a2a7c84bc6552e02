//! Actions: what they say on the way, and one end however it comes about.

use std::sync::Arc;
use std::time::Duration;

use tfplugin::model::validators::length;
use tfplugin::model::{Diagnostic, Diagnostics, Model, Path, Value, msgpack};
use tfplugin::{Action, Cx, Deferral, Invoke, Progress};
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_proto::tfplugin6::invoke_action::event::Type as Member;
use tfplugin_testing::Core;
use tfplugin_testing::core::{ActionType, Event};

use super::library::{Quirk, Shelf, library, text, unconfigured};
use super::list_resources::book;
use super::only;

/// What to print again.
#[derive(Clone, Debug, Model)]
pub(super) struct Order {
    /// Its title.
    #[tf(required, validate(length(1..=30)))]
    title: Value<String>,
    /// How many copies.
    #[tf(required)]
    copies: i64,
}

/// Prints another edition of a book.
#[derive(Debug)]
pub(super) struct Reprint;

impl Action for Reprint {
    const TYPE: &'static str = "library_reprint";
    type Data = Arc<Shelf>;
    type Model = Order;

    fn validate(&self, config: &Order) -> Diagnostics {
        if config.title.known().is_some_and(|title| title == "Pamphlet") && config.copies > 10 {
            return Diagnostic::error("Too many copies of a pamphlet", "Ten are enough.")
                .at(Path::attribute("copies"))
                .into();
        }
        Diagnostics::new()
    }

    async fn plan(&self, cx: &Cx<Arc<Shelf>>, config: Order) -> Result<(), Diagnostics> {
        let shelf = cx.data()?;
        assert!(shelf.quirk() != Quirk::PanicsInPlan, "plan");
        if let Quirk::Defers(reason) = shelf.quirk() {
            return Err(cx.defer(reason));
        }
        if config.copies > 1000 {
            cx.warn("That is a lot of paper", "Think of the trees.");
        }
        match config.title.known() {
            Some(title) if shelf.get(title).is_none() => {
                Err(Diagnostic::error("There is no such book", format!("`{title}` is not on the shelf.")).into())
            }
            Some(_) | None => Ok(()),
        }
    }

    async fn invoke(
        &self,
        cx: &Cx<Arc<Shelf>>,
        request: Invoke<Order>,
        progress: &Progress,
    ) -> Result<(), Diagnostics> {
        let shelf = cx.data()?;
        let quirk = shelf.quirk();
        if quirk == Quirk::FailsBeforeCheckpoint {
            return Err(Diagnostic::error("The press broke", "Nothing was printed.").into());
        }
        for copy in 0..request.config.copies {
            progress.say(format!("copy {copy}"));
        }
        if quirk == Quirk::WaitsThenWrites {
            shelf.waiting.notify_one();
            shelf.go.notified().await;
        }
        let mut book = shelf.get(&text(&request.config.title)).expect("a book");
        book.edition = book.edition.map(|edition| edition + 1);
        shelf.put(book);
        shelf.done.notify_one();
        match quirk {
            Quirk::FailsAfterCheckpoint => Err(Diagnostic::error("The shelf broke", "The book fell.").into()),
            Quirk::PanicsAfterCheckpoint => panic!("invoke"),
            Quirk::WaitsAfterCheckpoint => {
                shelf.waiting.notify_one();
                Ok(cx.unless_stopped(std::future::pending()).await?)
            }
            Quirk::Warns => {
                cx.warn("The ink was thin", "It may fade.");
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

async fn press() -> (Core, ActionType, Arc<Shelf>) {
    let (core, shelf) = library().await;
    shelf.put(book("Emma"));
    let reprint = core.action("library_reprint").expect("an action");
    (core, reprint, shelf)
}

fn order(reprint: &ActionType, copies: usize) -> Value {
    let json = format!(r#"{{"title": "Emma", "copies": {copies}}}"#);
    reprint.config(&json).expect("config")
}

fn edition(shelf: &Shelf) -> Value<i64> {
    shelf.get("Emma").expect("a book").edition
}

fn copies(count: usize) -> Vec<String> {
    (0..count).map(|copy| format!("copy {copy}")).collect()
}

#[tokio::test]
async fn an_action_is_validated_planned_and_invoked() {
    let (_, reprint, shelf) = press().await;
    let config = order(&reprint, 700);
    assert!(reprint.validate(&config).await.is_empty());
    assert!(reprint.plan(&config).await.expect("planned").is_empty());
    assert_eq!(edition(&shelf), Value::Known(1));
    assert_eq!(reprint.invoke(&config).await.success(), Ok(copies(700)));
    assert_eq!(edition(&shelf), Value::Known(2));

    let warned = reprint.plan(&order(&reprint, 1001)).await.expect("planned");
    assert_eq!(only(&warned).0, "That is a lot of paper");
    let other = reprint.config(r#"{"title": "Ulysses", "copies": 1}"#).expect("config");
    let refused = reprint.plan(&other).await.expect_err("refused");
    assert_eq!(only(&refused).0, "There is no such book");
}

#[tokio::test]
async fn what_was_unknown_at_first_is_checked_before_anything_is_done() {
    let (_, reprint, shelf) = press().await;
    shelf.put(book("Pamphlet"));
    let unknown = |copies: Value| Value::object([("title", Value::unknown()), ("copies", copies)]);
    for config in [unknown(Value::number(11)), unknown(Value::unknown())] {
        assert!(reprint.validate(&config).await.is_empty());
        assert!(reprint.plan(&config).await.expect("planned").is_empty());
    }
    for (json, place) in [
        (r#"{"title": "Pamphlet", "copies": 11}"#, "copies"),
        (r#"{"title": "", "copies": 1}"#, "title"),
    ] {
        let config = reprint.config(json).expect("config");
        let refused = reprint.plan(&config).await.expect_err("refused");
        assert_eq!(only(&refused).1, place);
        let invoked = reprint.invoke(&config).await;
        assert_eq!(only(&invoked.diagnostics).1, place);
        assert!(invoked.progress.is_empty());
    }
    assert_eq!(shelf.get("Pamphlet"), Some(book("Pamphlet")));
}

#[tokio::test]
async fn every_action_ends_once() {
    let (_, reprint, shelf) = press().await;
    let config = order(&reprint, 2);
    for (quirk, summary, progress) in [
        (Quirk::FailsBeforeCheckpoint, "The press broke", 0),
        (Quirk::FailsAfterCheckpoint, "The shelf broke", 2),
        (Quirk::PanicsAfterCheckpoint, "The provider crashed", 2),
        (Quirk::Warns, "The ink was thin", 2),
    ] {
        shelf.set(quirk);
        let invoked = reprint.invoke(&config).await;
        assert_eq!(only(&invoked.diagnostics).0, summary);
        assert_eq!(invoked.progress, copies(progress));
    }
    shelf.set(Quirk::PanicsInPlan);
    let refused = reprint.plan(&config).await.expect_err("refused");
    assert_eq!(only(&refused).0, "The provider crashed");
}

#[tokio::test]
async fn what_cannot_be_invoked_has_completed_as_well() {
    let (core, _) = unconfigured().await;
    let reprint = core.action("library_reprint").expect("an action");
    let invoked = reprint.invoke(&order(&reprint, 2)).await;
    assert_eq!(only(&invoked.diagnostics).0, "The provider is not configured");

    let sent = |bytes: &[u8]| {
        Some(proto::DynamicValue {
            msgpack: bytes.to_vec(),
            json: Vec::new(),
        })
    };
    for (action_type, config, summary) in [
        ("library_reprint", None, "Incomplete request"),
        ("library_reprint", sent(&[0xc0]), "Incomplete request"),
        ("library_reprint", sent(&[0xc1]), "Request cannot be read"),
        ("library_burn", sent(&[0xc0]), "Unknown action"),
    ] {
        let request = proto::invoke_action::Request {
            action_type: action_type.to_owned(),
            config: config.clone(),
            client_capabilities: None,
        };
        let mut stream = core.rpc().invoke_action(request).await.expect("a stream").into_inner();
        let event = stream.message().await.expect("an orderly answer").expect("an event");
        match event.r#type {
            Some(Member::Completed(completed)) => assert_eq!(completed.diagnostics[0].summary, summary),
            other => panic!("{other:?}"),
        }
        assert_eq!(stream.message().await.expect("an orderly end"), None);

        let request = proto::plan_action::Request {
            action_type: action_type.to_owned(),
            config,
            client_capabilities: None,
        };
        let planned = core.rpc().plan_action(request).await.expect("an answer").into_inner();
        assert_eq!(planned.diagnostics[0].summary, summary);
    }
}

#[tokio::test]
async fn a_stop_ends_the_wait_and_what_was_done_stands() {
    let (core, reprint, shelf) = press().await;
    shelf.set(Quirk::WaitsAfterCheckpoint);
    let stop = async {
        shelf.waiting.notified().await;
        core.stop().await.expect("stopped");
    };
    let config = order(&reprint, 2);
    let (invoked, ()) = tokio::join!(reprint.invoke(&config), stop);
    assert_eq!(only(&invoked.diagnostics).0, "Stopped on request");
    assert_eq!((invoked.progress, edition(&shelf)), (copies(2), Value::Known(2)));
}

#[tokio::test]
async fn an_action_goes_on_when_the_host_gives_up_on_it() {
    let (_, reprint, shelf) = press().await;
    shelf.set(Quirk::WaitsThenWrites);
    let mut running = reprint.start(&order(&reprint, 2)).await.expect("started");
    assert_eq!(running.next().await, Ok(Event::Progress("copy 0".to_owned())));
    shelf.waiting.notified().await;
    drop(running);
    assert_eq!(edition(&shelf), Value::Known(1));
    shelf.go.notify_one();
    shelf.done.notified().await;
    assert_eq!(edition(&shelf), Value::Known(2));
}

#[tokio::test]
async fn a_host_that_does_not_read_holds_up_no_work() {
    let (_, reprint, shelf) = press().await;
    let mut running = reprint.start(&order(&reprint, 100_000)).await.expect("started");
    tokio::time::timeout(Duration::from_secs(20), shelf.done.notified())
        .await
        .expect("it was done");
    // What such a host has missed is the end of what was said, and never the end itself.
    let mut said = Vec::new();
    let end = loop {
        match running.next().await.expect("an event") {
            Event::Progress(line) => said.push(line),
            Event::Completed(diagnostics) => break diagnostics,
        }
    };
    assert!(end.is_empty());
    assert!((1000..100_000).contains(&said.len()), "{}", said.len());
    assert_eq!(said, copies(said.len()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_actions_at_once_do_not_get_in_each_others_way() {
    let (_, reprint, shelf) = press().await;
    let mut all = tokio::task::JoinSet::new();
    for number in 0..50 {
        let title = format!("Volume {number}");
        shelf.put(book(&title));
        let reprint = reprint.clone();
        all.spawn(async move {
            let json = format!(r#"{{"title": "{title}", "copies": {number}}}"#);
            let config = reprint.config(&json).expect("config");
            assert_eq!(reprint.invoke(&config).await.success(), Ok(copies(number)));
        });
    }
    while let Some(one) = all.join_next().await {
        one.expect("invoked");
    }
}

#[tokio::test]
async fn an_action_waits_for_the_providers_configuration_and_for_nothing_else() {
    let (core, reprint, shelf) = press().await;
    let plan = async |deferral_allowed| {
        let request = proto::plan_action::Request {
            action_type: "library_reprint".to_owned(),
            config: Some(proto::DynamicValue {
                msgpack: msgpack::encode(&order(&reprint, 1), &reprint.schema().ty()).expect("encoded"),
                json: Vec::new(),
            }),
            client_capabilities: Some(proto::ClientCapabilities {
                deferral_allowed,
                ..Default::default()
            }),
        };
        let planned = core.rpc().plan_action(request).await.expect("an answer").into_inner();
        let summary = planned.diagnostics.first().map(|one| one.summary.clone());
        (
            planned.deferred.map(|deferred| deferred.reason()),
            summary.unwrap_or_default(),
        )
    };
    shelf.set(Quirk::Defers(Deferral::ProviderConfigUnknown));
    let reason = proto::deferred::Reason::ProviderConfigUnknown;
    assert_eq!(plan(true).await, (Some(reason), String::new()));
    assert_eq!(plan(false).await, (None, "This cannot be deferred".to_owned()));
    shelf.set(Quirk::Defers(Deferral::AbsentPrerequisite));
    assert_eq!(plan(true).await, (None, "This action cannot be deferred".to_owned()));
}
