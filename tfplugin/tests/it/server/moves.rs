//! Objects of other types that become books.

use std::sync::Arc;

use serde_json::json;
use tfplugin::model::{Diagnostic, Diagnostics, Model, Value};
use tfplugin::{Moved, Moves, Origin, Source};
use tfplugin_testing::core::{Action, ResourceType, Source as Foreign, State};

use super::library::{Book, Quirk, Shelf, library, unconfigured};
use super::{only, told};

/// As another provider keeps it: only what is needed is named.
#[derive(Clone, Debug, Model)]
struct Volume {
    /// On its back.
    #[tf(required)]
    label: String,
    #[tf(block)]
    parts: Vec<Part>,
}

/// Part of a volume.
#[derive(Clone, Debug, Model)]
struct Part {
    #[tf(required)]
    pages: i64,
}

/// What identifies a volume.
#[derive(Clone, Debug, Model)]
struct VolumeIdentity {
    #[tf(required)]
    signature: String,
}

/// What this provider had before there were books.
#[derive(Clone, Debug, Model)]
struct Booklet {
    #[tf(required)]
    name: String,
}

/// The same, in an earlier version.
#[derive(Clone, Debug, Model)]
struct OldBooklet {
    #[tf(required)]
    id: i64,
}

fn book(title: &str) -> Book {
    Book {
        title: Value::from(title),
        pages: Value::Null,
        pen_name: Value::Null,
        notes: Value::Null,
        author: Value::Null,
        place: Value::Null,
        edition: Value::Null,
    }
}

pub(super) fn book_moves(shelf: Arc<Shelf>) -> Moves<Book> {
    Moves::new()
        .from(
            Origin::new("example/archive", "archive_volume"),
            move |source: Source<Volume>| volume(shelf.quirk(), source),
        )
        .from(
            Origin::new("library", "library_booklet").versions(2..),
            |source: Source<Booklet>| {
                let nonce = source.private("nonce").unwrap_or_default();
                Ok(Moved::to(book(&source.state.name)).with_private("nonce", nonce))
            },
        )
        .from(
            Origin::new("library", "library_booklet").versions(..2),
            |source: Source<OldBooklet>| Ok(book(&format!("Booklet {}", source.state.id))),
        )
        // Whatever the state, as the last resort.
        .from(
            Origin::new("registry.example/chaos/heap", "heap_thing"),
            |source: Source<()>| match source.json().get("spine").and_then(|spine| spine.as_str()) {
                Some(spine) => Ok(Moved::to(book(spine))),
                None => Ok(Moved::declined()),
            },
        )
        .from(Origin::new("chaos/heap", "heap_thing"), |source: Source<()>| {
            Ok(book(&format!(
                "{} of {} bytes",
                source.type_name(),
                source.private_bytes().len()
            )))
        })
}

fn volume(quirk: Quirk, source: Source<Volume>) -> Result<Moved<Book>, Diagnostics> {
    if source.state.label == "Forbidden" {
        return Err(Diagnostic::error("This volume may not leave", "Leave it where it is.").into());
    }
    assert!(source.state.label != "Burning", "moves");
    let mut made = book(&source.state.label);
    made.pages = Value::Known(source.state.parts.iter().map(|part| part.pages).sum());
    if let Some(identity) = source.identity::<VolumeIdentity>()? {
        made.place = identity.signature.into();
    }
    match quirk {
        Quirk::LeavesUnknown => made.edition = Value::unknown(),
        Quirk::ReturnsWriteOnly => made.author = Value::from("Jane"),
        _ => {}
    }
    let moved = Moved::to(made).with_warning("Dust was wiped off", format!("From {}.", source.provider()));
    Ok(if quirk == Quirk::UsesReservedKey {
        moved.with_private(".imported", "no")
    } else {
        moved
    })
}

fn archived(json: serde_json::Value) -> Foreign {
    Foreign {
        provider: "registry.terraform.io/example/archive".to_owned(),
        type_name: "archive_volume".to_owned(),
        version: 4,
        json: json.to_string(),
        ..Foreign::default()
    }
}

fn emma() -> Foreign {
    archived(json!({
        "label": "Emma",
        "shelfmark": {"room": [1, null]},
        "parts": [{"pages": 400, "cover": "red"}, {"pages": 74, "cover": null}],
    }))
}

async fn refused(books: &ResourceType, source: &Foreign) -> Diagnostic {
    let told = books.take_over(source).await.expect_err("refused");
    assert_eq!(told.len(), 1, "{told:#?}");
    told.into_iter().next().expect("one")
}

#[tokio::test]
async fn an_object_of_another_provider_becomes_one_of_ours_before_the_provider_is_configured() {
    let (core, _) = unconfigured().await;
    let books = core.resource("library_book").expect("a resource");
    for provider in [
        "registry.terraform.io/example/archive",
        "registry.opentofu.org/example/archive",
    ] {
        let source = Foreign {
            provider: provider.to_owned(),
            identity: Some(r#"{"signature": "A 7", "account": "1"}"#.to_owned()),
            ..emma()
        };
        let (state, warnings) = books.take_over(&source).await.expect("moved");
        assert_eq!(state.value.get("title"), Some(&Value::string("Emma")));
        assert_eq!(state.value.get("pages"), Some(&Value::number(474)));
        assert_eq!(state.value.get("place"), Some(&Value::string("A 7")));
        assert_eq!(state.identity, Some(Value::object([("title", Value::string("Emma"))])));
        assert_eq!(only(&warnings).0, "Dust was wiped off");
        assert!(state.private.is_empty());
    }
}

#[tokio::test]
async fn what_was_moved_is_read_and_then_plans_no_change() {
    let (core, _) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let config = books.config(r#"{"title": "Emma", "pages": 474}"#).expect("config");
    let made = books.converge(&State::default(), &config).await.expect("created");

    let (moved, _) = books.take_over(&emma()).await.expect("moved");
    let read = books.read(&moved).await.expect("read");
    assert_eq!((&read.value, &read.identity), (&made.value, &made.identity));
    assert_eq!(books.plan(&read, &config).await.expect("plan").action, Action::NoOp);
}

#[tokio::test]
async fn an_older_type_of_the_same_provider_is_taken_over_by_version_with_its_private_data() {
    let (core, _) = unconfigured().await;
    let books = core.resource("library_book").expect("a resource");
    let booklet = |version, json: serde_json::Value| Foreign {
        // A fork, from a registry of its own.
        provider: "registry.example/corp/library".to_owned(),
        type_name: "library_booklet".to_owned(),
        version,
        json: json.to_string(),
        private: br#"{"nonce": "n-1", "other": 2}"#.to_vec(),
        ..Foreign::default()
    };
    let (new, _) = books
        .take_over(&booklet(2, json!({"name": "Evelina"})))
        .await
        .expect("moved");
    assert_eq!(new.value.get("title"), Some(&Value::string("Evelina")));
    assert_eq!(new.private, br#"{"nonce":"n-1"}"#);
    let (old, _) = books.take_over(&booklet(1, json!({"id": 7}))).await.expect("moved");
    assert_eq!(old.value.get("title"), Some(&Value::string("Booklet 7")));
    assert!(old.private.is_empty());
}

#[tokio::test]
async fn of_several_ways_the_first_that_does_not_decline_is_taken() {
    let (core, _) = unconfigured().await;
    let books = core.resource("library_book").expect("a resource");
    let heap = |json: serde_json::Value| Foreign {
        provider: "registry.example/chaos/heap".to_owned(),
        type_name: "heap_thing".to_owned(),
        json: json.to_string(),
        private: vec![0xff; 3],
        ..Foreign::default()
    };
    let (first, _) = books.take_over(&heap(json!({"spine": "Emma"}))).await.expect("moved");
    assert_eq!(first.value.get("title"), Some(&Value::string("Emma")));
    let (second, _) = books.take_over(&heap(json!({"spine": null}))).await.expect("moved");
    assert_eq!(second.value.get("title"), Some(&Value::string("heap_thing of 3 bytes")));
}

#[tokio::test]
async fn what_cannot_be_moved_is_told_what_can() {
    let (core, _) = unconfigured().await;
    let books = core.resource("library_book").expect("a resource");
    let other = Foreign {
        type_name: "archive_map".to_owned(),
        ..emma()
    };
    let told = refused(&books, &other).await;
    assert_eq!(told.summary, "This object cannot be moved here");
    for part in [
        "A `archive_map` of `registry.terraform.io/example/archive` (schema version 4) cannot become a `library_book`",
        "`archive_volume` of `example/archive`",
        "`library_booklet` of `library` (schema version 2 or later)",
        "`library_booklet` of `library` (schema versions up to 1)",
    ] {
        assert!(told.detail.contains(part), "{}", told.detail);
    }
    let stranger = Foreign {
        provider: "registry.terraform.io/corp/archive".to_owned(),
        ..emma()
    };
    assert_eq!(
        refused(&books, &stranger).await.summary,
        "This object cannot be moved here"
    );
}

#[tokio::test]
async fn a_state_that_does_not_fit_says_where_and_no_value() {
    let (core, _) = unconfigured().await;
    let books = core.resource("library_book").expect("a resource");
    for (json, place) in [
        (json!({"label": ["secret"], "parts": []}), "does not fit at `label`"),
        (json!({"parts": []}), "does not fit at `label`"),
        (
            json!({"label": "Emma", "parts": [{"pages": "secret"}]}),
            "does not fit at `parts[0].pages`",
        ),
    ] {
        let told = refused(&books, &archived(json)).await;
        assert_eq!(told.summary, "This object cannot be moved here");
        assert!(
            told.detail.contains(place) && !told.detail.contains("secret"),
            "{}",
            told.detail
        );
    }
}

#[tokio::test]
async fn what_the_host_cannot_have_meant_is_refused() {
    let (core, _) = unconfigured().await;
    let books = core.resource("library_book").expect("a resource");
    let with = |json: &str, identity: Option<&str>| Foreign {
        json: json.to_owned(),
        identity: identity.map(str::to_owned),
        ..emma()
    };
    for (source, summary) in [
        (with("", None), "Incomplete request"),
        (with("{", None), "Request cannot be read"),
        (
            with(r#"{"label": "Emma", "parts": []}"#, Some("{")),
            "Request cannot be read",
        ),
        (
            with(r#"{"label": "Emma", "parts": []}"#, Some(r#"{"signature": []}"#)),
            "Request cannot be read",
        ),
        (
            with(r#"{"label": "Forbidden", "parts": []}"#, None),
            "This volume may not leave",
        ),
        (
            with(r#"{"label": "Burning", "parts": []}"#, None),
            "The provider crashed",
        ),
    ] {
        assert_eq!(refused(&books, &source).await.summary, summary, "{source:?}");
    }
}

#[tokio::test]
async fn what_is_moved_here_is_held_to_the_rules_of_a_state() {
    let moved = async |quirk| {
        let (core, shelf) = unconfigured().await;
        shelf.set(quirk);
        core.resource("library_book")
            .expect("a resource")
            .take_over(&emma())
            .await
    };
    let unknown = moved(Quirk::LeavesUnknown).await.expect_err("refused");
    assert_eq!(told(&unknown)[0].1, "edition");
    let reserved = moved(Quirk::UsesReservedKey).await.expect_err("refused");
    assert!(
        told(&reserved)
            .iter()
            .any(|(summary, _)| summary == "Reserved private key")
    );
    let (state, _) = moved(Quirk::ReturnsWriteOnly).await.expect("moved");
    assert_eq!(state.value.get("author"), Some(&Value::Null));
}
