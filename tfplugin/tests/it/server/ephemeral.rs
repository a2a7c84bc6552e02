//! Ephemeral resources: opened, renewed and closed, and what happens when one of it goes wrong.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tfplugin::model::validators::length;
use tfplugin::model::{Diagnostic, Diagnostics, Model, Value};
use tfplugin::{Cx, Deferral, Ephemeral, EphemeralResource, Opened, Registry};
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_testing::Core;

use super::library::{Quirk, Shelf, library, text, unconfigured};
use super::offer::Offer;
use super::{only, told};

const MINUTE: Duration = Duration::from_secs(60);

/// A pass for one reader.
#[derive(Clone, Model)]
pub(super) struct Pass {
    /// Who reads.
    #[tf(required, validate(length(1..=20)))]
    reader: Value<String>,
    /// How many minutes it is valid.
    #[tf(default = 30)]
    minutes: Value<i64>,
    /// What opens the door.
    #[tf(computed, sensitive)]
    code: Value<String>,
}

#[derive(Debug)]
pub(super) struct ReadersPass;

type PassCx = Cx<Arc<Shelf>, Ephemeral>;

impl EphemeralResource for ReadersPass {
    const TYPE: &'static str = "library_pass";
    type Data = Arc<Shelf>;
    type Model = Pass;

    fn validate(&self, config: &Pass) -> Diagnostics {
        match config.reader.known() {
            Some(reader) if reader == "Nobody" => Diagnostic::error("Nobody cannot read", "Name a reader.").into(),
            Some(_) | None => Diagnostics::new(),
        }
    }

    async fn open(&self, cx: &PassCx, config: Pass) -> Result<Opened<Pass>, Diagnostics> {
        let shelf = cx.data()?;
        let quirk = shelf.quirk();
        if quirk == Quirk::FailsBeforeOpening {
            return Err(Diagnostic::error("No passes today", "Come back tomorrow.").into());
        }
        let reader = text(&config.reader);
        shelf.passes.lock().expect("passes").insert(reader.clone(), 0);
        cx.set_private("reader", reader.clone());
        match quirk {
            Quirk::FailsAfterOpening | Quirk::FailsToOpenAndToClose => {
                return Err(Diagnostic::error("The printer broke", "No pass.").into());
            }
            Quirk::PanicsAfterOpening => panic!("open"),
            Quirk::WaitsAfterOpening => {
                shelf.waiting.notify_one();
                cx.unless_stopped(std::future::pending::<()>()).await?;
            }
            Quirk::DefersAfterOpening => return Err(cx.defer(Deferral::AbsentPrerequisite)),
            Quirk::ReportsAnError => cx.report([Diagnostic::error("The pass is blank", "No ink.")]),
            _ => {}
        }
        cx.warn("Passes expire", "Do not lose time.");
        let minutes = u32::try_from(*config.minutes.known().expect("a default")).expect("minutes");
        let lasts = match quirk {
            Quirk::OpensSomethingElse => Pass {
                reader: Value::from("Somebody else"),
                ..config
            },
            Quirk::LeavesUnknown => Pass {
                code: Value::unknown(),
                ..config
            },
            _ => Pass {
                code: Value::Known(format!("open sesame {reader}")),
                ..config
            },
        };
        if minutes == 0 {
            return Ok(lasts.into());
        }
        let now = SystemTime::now();
        Ok(Opened::new(lasts).renew_at(match quirk {
            Quirk::ExpiredAlready => now - MINUTE,
            _ => now + MINUTE * minutes,
        }))
    }

    async fn renew(&self, cx: &PassCx) -> Result<Option<SystemTime>, Diagnostics> {
        let shelf = cx.data()?;
        let reader = cx.private("reader").expect("stored when it was opened");
        let count = {
            let mut passes = shelf.passes.lock().expect("passes");
            let count = passes.get_mut(&reader).expect("an open pass");
            *count += 1;
            *count
        };
        cx.set_private("renewed", count.to_string());
        match shelf.quirk() {
            Quirk::FailsToRenew => Err(Diagnostic::error("No stamps left", "Go home.").into()),
            Quirk::PanicsAfterOpening => panic!("renew"),
            _ if count == 2 => Ok(None),
            _ => Ok(Some(SystemTime::now() + MINUTE)),
        }
    }

    async fn close(&self, cx: &PassCx) -> Result<(), Diagnostics> {
        let shelf = cx.data()?;
        if matches!(shelf.quirk(), Quirk::FailsToClose | Quirk::FailsToOpenAndToClose) {
            return Err(Diagnostic::error("The door is stuck", "Call someone.").into());
        }
        // A wait that a stop before this call does not end.
        cx.unless_stopped(tokio::task::yield_now()).await?;
        let reader = cx.private("reader").expect("stored when it was opened");
        shelf.passes.lock().expect("passes").remove(&reader);
        shelf.done.notify_one();
        Ok(())
    }
}

fn open_passes(shelf: &Shelf) -> usize {
    shelf.passes.lock().expect("passes").len()
}

fn summaries(all: &Diagnostics) -> Vec<String> {
    told(all).into_iter().map(|(summary, _)| summary).collect()
}

const ANNA: &str = r#"{"reader": "Anna"}"#;

#[tokio::test]
async fn it_is_opened_renewed_until_no_renewal_is_asked_for_and_closed() {
    let (core, shelf) = library().await;
    let passes = core.ephemeral_resource("library_pass").expect("an ephemeral resource");
    let config = passes.config(ANNA).expect("config");
    let before = SystemTime::now();
    let opened = passes.open(&config).await.expect("opened");
    assert_eq!(opened.result.get("code"), Some(&Value::string("open sesame Anna")));
    assert_eq!(opened.result.get("minutes"), Some(&Value::number(30)));
    assert_eq!(only(&opened.warnings).0, "Passes expire");
    let renew_at = opened.renew_at.expect("a renewal");
    assert!((before + 30 * MINUTE..=SystemTime::now() + 30 * MINUTE).contains(&renew_at));

    let first = passes.renew(&opened.private).await.expect("an answer");
    assert!(first.diagnostics.is_empty() && first.renew_at.is_some());
    let second = passes.renew(&first.private).await.expect("an answer");
    assert_eq!(second.renew_at, None);
    assert!(String::from_utf8_lossy(&second.private).contains(r#""renewed":"2""#));

    assert_eq!(open_passes(&shelf), 1);
    assert!(passes.close(&second.private).await.is_empty());
    assert_eq!(open_passes(&shelf), 0);
}

#[tokio::test]
async fn it_is_closed_with_what_was_stored_first_as_well_as_with_what_was_stored_last() {
    let (core, shelf) = library().await;
    let passes = core.ephemeral_resource("library_pass").expect("an ephemeral resource");
    let config = passes.config(ANNA).expect("config");
    let opened = passes.open(&config).await.expect("opened");
    passes.renew(&opened.private).await.expect("an answer");
    assert!(passes.close(&opened.private).await.is_empty());
    assert_eq!(open_passes(&shelf), 0);
}

#[tokio::test]
async fn values_that_last_ask_for_no_renewal() {
    let (core, _) = library().await;
    let passes = core.ephemeral_resource("library_pass").expect("an ephemeral resource");
    let config = passes.config(r#"{"reader": "Anna", "minutes": 0}"#).expect("config");
    assert_eq!(passes.open(&config).await.expect("opened").renew_at, None);
}

#[tokio::test]
async fn a_renewal_that_is_due_already_is_asked_for_soon_and_not_in_the_past() {
    let (core, shelf) = library().await;
    let passes = core.ephemeral_resource("library_pass").expect("an ephemeral resource");
    shelf.set(Quirk::ExpiredAlready);
    let config = passes.config(ANNA).expect("config");
    let before = SystemTime::now();
    let renew_at = passes.open(&config).await.expect("opened").renew_at.expect("a renewal");
    assert!(renew_at > before && renew_at < before + MINUTE, "{renew_at:?}");
}

#[tokio::test]
async fn its_configuration_is_checked_like_any_other() {
    let (core, _) = unconfigured().await;
    let passes = core.ephemeral_resource("library_pass").expect("an ephemeral resource");
    let unknown = Value::object([
        ("reader", Value::unknown()),
        ("minutes", Value::Null),
        ("code", Value::Null),
    ]);
    assert!(passes.validate(&unknown).await.is_empty());
    for (json, summary, at) in [
        ("{}", "Missing value of `reader`", "reader"),
        (r#"{"reader": ""}"#, "Invalid value of `reader`", "reader"),
        (r#"{"reader": "Nobody"}"#, "Nobody cannot read", ""),
    ] {
        let config = passes.config(json).expect("config");
        let found = passes.validate(&config).await;
        assert_eq!(only(&found), (summary.to_owned(), at.to_owned()), "{json}");
    }
    let refused = passes
        .open(&passes.config(ANNA).expect("config"))
        .await
        .expect_err("refused");
    assert_eq!(only(&refused).0, "The provider is not configured");
}

#[tokio::test]
async fn what_fails_before_anything_is_open_closes_nothing() {
    let (core, shelf) = library().await;
    let passes = core.ephemeral_resource("library_pass").expect("an ephemeral resource");
    shelf.set(Quirk::FailsBeforeOpening);
    let refused = passes
        .open(&passes.config(ANNA).expect("config"))
        .await
        .expect_err("refused");
    assert_eq!(only(&refused).0, "No passes today");
}

#[tokio::test]
async fn what_is_open_when_opening_fails_is_closed_because_no_host_would() {
    let (core, shelf) = library().await;
    let passes = core.ephemeral_resource("library_pass").expect("an ephemeral resource");
    for (quirk, summary) in [
        (Quirk::FailsAfterOpening, "The printer broke"),
        (Quirk::PanicsAfterOpening, "The provider crashed"),
        (Quirk::ReportsAnError, "The pass is blank"),
        (Quirk::OpensSomethingElse, OPENED_WRONGLY),
        (Quirk::LeavesUnknown, OPENED_WRONGLY),
    ] {
        shelf.set(quirk);
        let refused = passes
            .open(&passes.config(ANNA).expect("config"))
            .await
            .expect_err("refused");
        assert!(
            summaries(&refused).contains(&summary.to_owned()),
            "{quirk:?}: {refused:?}"
        );
        shelf.done.notified().await;
        assert_eq!(open_passes(&shelf), 0, "{quirk:?}");
    }
}

const OPENED_WRONGLY: &str = "The ephemeral resource returned an object that is not allowed";

#[tokio::test]
async fn a_result_that_is_not_what_was_configured_is_a_bug_at_its_attribute() {
    let (core, shelf) = library().await;
    let passes = core.ephemeral_resource("library_pass").expect("an ephemeral resource");
    for (quirk, at) in [(Quirk::OpensSomethingElse, "reader"), (Quirk::LeavesUnknown, "code")] {
        shelf.set(quirk);
        let refused = passes
            .open(&passes.config(ANNA).expect("config"))
            .await
            .expect_err("refused");
        let bug = refused.iter().find(|one| one.detail.contains("bug in the provider"));
        let place = bug.expect("a bug").path.as_ref().map(ToString::to_string);
        assert_eq!(place.as_deref(), Some(at));
    }
}

#[tokio::test]
async fn what_is_open_when_opening_is_deferred_is_closed_because_no_host_would() {
    let (core, shelf) = library().await;
    let core = core.with_capabilities(proto::ClientCapabilities {
        deferral_allowed: true,
        ..proto::ClientCapabilities::default()
    });
    let passes = core.ephemeral_resource("library_pass").expect("an ephemeral resource");
    shelf.set(Quirk::DefersAfterOpening);
    let deferred = passes
        .open(&passes.config(ANNA).expect("config"))
        .await
        .expect_err("deferred");
    assert_eq!(only(&deferred).0, "Deferred");
    assert_eq!(open_passes(&shelf), 0);
}

#[tokio::test]
async fn a_stop_ends_the_opening_and_not_the_closing_after_it() {
    let (core, shelf) = library().await;
    let passes = core.ephemeral_resource("library_pass").expect("an ephemeral resource");
    shelf.set(Quirk::WaitsAfterOpening);
    let config = passes.config(ANNA).expect("config");
    let stop = async {
        shelf.waiting.notified().await;
        core.stop().await.expect("stopped");
    };
    let (opened, ()) = tokio::join!(passes.open(&config), stop);
    assert_eq!(only(&opened.expect_err("stopped")).0, "Stopped on request");
    assert_eq!(open_passes(&shelf), 0);
}

#[tokio::test]
async fn a_failed_renewal_stores_what_is_still_to_be_closed() {
    let (core, shelf) = library().await;
    let passes = core.ephemeral_resource("library_pass").expect("an ephemeral resource");
    let opened = passes
        .open(&passes.config(ANNA).expect("config"))
        .await
        .expect("opened");
    for (quirk, summary) in [
        (Quirk::FailsToRenew, "No stamps left"),
        (Quirk::PanicsAfterOpening, "The provider crashed"),
    ] {
        shelf.set(quirk);
        let failed = passes.renew(&opened.private).await.expect("an answer");
        assert_eq!((only(&failed.diagnostics).0.as_str(), failed.renew_at), (summary, None));
        let private = String::from_utf8(failed.private).expect("JSON");
        assert!(
            private.contains(r#""reader":"Anna""#) && private.contains("renewed"),
            "{private}"
        );
    }
}

#[tokio::test]
async fn errors_of_closing_are_told_also_after_an_opening_that_failed() {
    let (core, shelf) = library().await;
    let passes = core.ephemeral_resource("library_pass").expect("an ephemeral resource");
    let opened = passes
        .open(&passes.config(ANNA).expect("config"))
        .await
        .expect("opened");
    shelf.set(Quirk::FailsToClose);
    assert_eq!(only(&passes.close(&opened.private).await).0, "The door is stuck");
    shelf.set(Quirk::FailsToOpenAndToClose);
    let refused = passes
        .open(&passes.config(ANNA).expect("config"))
        .await
        .expect_err("refused");
    assert_eq!(summaries(&refused), ["The printer broke", "The door is stuck"]);
}

#[tokio::test]
async fn requests_that_make_no_sense_are_diagnostics() {
    let (core, _) = library().await;
    let passes = core.ephemeral_resource("library_pass").expect("an ephemeral resource");
    assert_eq!(only(&passes.close(b"no JSON").await).0, "Private data cannot be read");
    let renewed = passes.renew(b"no JSON").await.expect("an answer");
    assert_eq!(only(&renewed.diagnostics).0, "Private data cannot be read");
    assert_eq!(renewed.private, b"no JSON");

    let mut rpc = core.rpc();
    let mut open = async |type_name: &str, msgpack: &[u8]| {
        let request = proto::open_ephemeral_resource::Request {
            type_name: type_name.to_owned(),
            config: Some(proto::DynamicValue {
                msgpack: msgpack.to_vec(),
                json: Vec::new(),
            }),
            client_capabilities: None,
        };
        let answer = rpc
            .open_ephemeral_resource(request)
            .await
            .expect("an answer")
            .into_inner();
        assert_eq!((answer.result, answer.private), (None, None));
        answer
            .diagnostics
            .into_iter()
            .map(|one| one.summary)
            .collect::<Vec<_>>()
    };
    assert_eq!(open("library_key", b"").await, ["Unknown ephemeral resource"]);
    assert_eq!(open("library_pass", b"").await, ["Incomplete request"]);
    assert_eq!(open("library_pass", &[0xc0]).await, ["Incomplete request"]);
    assert_eq!(open("library_pass", &[0x81]).await, ["Request cannot be read"]);
}

/// Asks to be renewed, and cannot be.
struct Hasty;

impl EphemeralResource for Hasty {
    const TYPE: &'static str = "offer_hasty";
    type Data = ();
    type Model = Pass;

    async fn open(&self, _: &Cx<(), Ephemeral>, config: Pass) -> Result<Opened<Pass>, Diagnostics> {
        Ok(Opened::new(config).renew_at(SystemTime::UNIX_EPOCH))
    }
}

#[tokio::test]
async fn closing_does_nothing_unless_it_is_written_and_renewing_is_a_bug_then() {
    let offer = Offer(|| Registry::new().ephemeral_resource(Hasty));
    let core = Core::in_process(offer).await.expect("schemas");
    let hasty = core.ephemeral_resource("offer_hasty").expect("an ephemeral resource");
    assert!(hasty.close(b"").await.is_empty());
    let renewed = hasty.renew(b"").await.expect("an answer");
    assert_eq!(
        only(&renewed.diagnostics).0,
        "This ephemeral resource cannot be renewed"
    );
}

#[test]
fn what_was_opened_does_not_show_its_values_when_it_is_debugged() {
    let opened = Opened::new("a secret").renew_at(SystemTime::UNIX_EPOCH);
    let text = format!("{opened:?}");
    assert!(text.contains("renew_at") && !text.contains("secret"), "{text}");
}
