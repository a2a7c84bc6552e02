//! Lists: as many objects as the host takes, at its pace, and an end that says how it came about.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tfplugin::model::validators::length;
use tfplugin::model::{Diagnostic, Diagnostics, Model, Path, Value, msgpack};
use tfplugin::{Cx, Found, List, ListResource, ListScope, Listing};
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_testing::Core;
use tfplugin_testing::core::{ListType, Listed};

use super::library::{Book, BookIdentity, Books, Notes, Quirk, Shelf, library, text, unconfigured};
use super::{only, told};

/// Which books to find.
#[derive(Clone, Debug, Model)]
pub(super) struct Wanted {
    /// How titles have to begin.
    #[tf(optional, validate(length(1..=30)))]
    prefix: Value<String>,
}

/// The books on the shelf, in the order of their titles.
#[derive(Debug)]
pub(super) struct Stock;

/// Says that the author's code is gone, however it went.
struct Gone(Arc<Shelf>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.done.notify_one();
    }
}

impl ListResource for Stock {
    type Resource = Books;
    type Config = Wanted;

    fn validate(&self, config: &Wanted, scope: &ListScope) -> Diagnostics {
        let mut problems = Diagnostics::new();
        if config.prefix.known().is_some_and(|prefix| prefix == "?") {
            problems.push(Diagnostic::error("No title begins so", "Name a letter.").at(Path::attribute("prefix")));
        }
        if scope.limit.known().is_some_and(|limit| *limit > 500) {
            problems.push(Diagnostic::error("Nobody reads so many", "Ask for fewer."));
        }
        if scope.wants_objects.is_unknown() {
            problems.push(Diagnostic::warning("Whole books may be fetched", "That takes a while."));
        }
        problems
    }

    async fn list(
        &self,
        cx: &Cx<Arc<Shelf>>,
        request: List<Wanted>,
        found: &mut Listing<Books>,
    ) -> Result<(), Diagnostics> {
        let shelf = cx.data()?;
        let _gone = Gone(Arc::clone(shelf));
        let quirk = shelf.quirk();
        let prefix = request.config.prefix.known().map_or("", String::as_str);
        let wanted = |book: &&Book| text(&book.title).starts_with(prefix);
        let books: Vec<Book> = shelf
            .books
            .lock()
            .expect("books")
            .values()
            .filter(wanted)
            .cloned()
            .collect();
        if quirk == Quirk::Warns {
            cx.warn("The catalogue is old", "Books may be missing.");
        }
        for (number, mut book) in books.into_iter().enumerate() {
            let title = text(&book.title);
            let mut identity = BookIdentity {
                title: book.title.clone(),
            };
            match quirk {
                Quirk::FailsToRead if number == 2 => {
                    return Err(Diagnostic::error("It is dark", "Nothing can be read.").into());
                }
                Quirk::PanicsInRead if number == 2 => panic!("list"),
                Quirk::WaitsTooLong if number == 2 => {
                    shelf.waiting.notify_one();
                    std::future::pending().await
                }
                Quirk::ReportsAndGoesOn if number == 2 => {
                    cx.report([Diagnostic::error("A page is torn", "It cannot be read.")]);
                }
                Quirk::ForgetsIdentity => identity.title = Value::Null,
                Quirk::ChangesIdentity => identity.title = Value::unknown(),
                Quirk::LeavesUnknown => book.edition = Value::unknown(),
                Quirk::ReturnsWriteOnly => book.author = Value::from("Jane"),
                _ => {}
            }
            shelf.pushed.fetch_add(1, Ordering::SeqCst);
            let one = Found::new(identity, &title);
            let one = if quirk == Quirk::WithholdsObjects {
                one
            } else {
                one.object(book)
            };
            match found.push(one).await {
                Err(_) if quirk == Quirk::ReportsAndGoesOn => {}
                pushed => pushed?,
            }
        }
        Ok(())
    }
}

pub(super) fn book(title: &str) -> Book {
    Book {
        title: Value::from(title),
        pages: Value::Known(100),
        pen_name: Value::Null,
        notes: Value::Null,
        author: Value::Null,
        place: Value::from("shelf 1"),
        edition: Value::Known(1),
    }
}

const TITLES: [&str; 5] = ["Emma", "Evelina", "Middlemarch", "Persuasion", "Villette"];

async fn five_books() -> (Core, ListType, Arc<Shelf>) {
    let (core, shelf) = library().await;
    TITLES.map(book).into_iter().for_each(|book| shelf.put(book));
    let books = core.list_resource("library_book").expect("a list resource");
    (core, books, shelf)
}

/// Ten thousand books of a kilobyte each.
async fn many_books() -> (Core, ListType, Arc<Shelf>) {
    let (core, books, shelf) = five_books().await;
    shelf.books.lock().expect("books").clear();
    for number in 0..10_000 {
        let notes = Value::Known(Notes(format!("\"{}\"", "x".repeat(1000))));
        shelf.put(Book {
            notes,
            ..book(&format!("Volume {number:05}"))
        });
    }
    (core, books, shelf)
}

fn names(listed: &Listed) -> Vec<&str> {
    listed.found.iter().map(|one| one.display_name.as_str()).collect()
}

fn everything(books: &ListType) -> Value {
    books.config("{}").expect("config")
}

/// Lets everything run that can.
async fn settled(shelf: &Shelf) -> usize {
    loop {
        let before = shelf.pushed.load(Ordering::SeqCst);
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        if shelf.pushed.load(Ordering::SeqCst) == before {
            return before;
        }
    }
}

async fn gone(shelf: &Shelf) {
    tokio::time::timeout(Duration::from_secs(20), shelf.done.notified())
        .await
        .expect("the author's code has ended");
}

#[tokio::test]
async fn objects_are_found_by_identity_and_come_whole_when_asked_for() {
    let (core, books, _) = five_books().await;
    let config = books.config(r#"{"prefix": "E"}"#).expect("config");
    let listed = books.query(&config).all().await;
    assert_eq!((names(&listed), listed.diagnostics.len()), (vec!["Emma", "Evelina"], 0));
    assert!(listed.found.iter().all(|one| one.object.is_none()));

    let whole = books
        .query(&config)
        .with_objects()
        .all()
        .await
        .success()
        .expect("listed");
    // What is listed can be imported, and is what a read returns.
    let resource = core.resource("library_book").expect("a resource");
    for one in whole {
        let imported = resource.import_identity(&one.identity).await.expect("imported");
        assert_eq!(one.object, Some(imported.value));
    }
}

#[tokio::test]
async fn nothing_found_is_an_empty_list() {
    let (_, books, _) = five_books().await;
    let config = books.config(r#"{"prefix": "Z"}"#).expect("config");
    assert_eq!(books.query(&config).all().await, Listed::default());
}

#[tokio::test]
async fn a_limit_ends_the_list_and_the_authors_work() {
    let (core, books, shelf) = five_books().await;
    let config = everything(&books);
    let listed = books.query(&config).limit(3).all().await;
    assert_eq!((names(&listed), listed.diagnostics.len()), (TITLES[..3].to_vec(), 0));
    gone(&shelf).await;
    assert_eq!(shelf.pushed.load(Ordering::SeqCst), 3);

    // Also for a host that reads on.
    let request = proto::list_resource::Request {
        type_name: "library_book".to_owned(),
        config: Some(sent(&books, &config)),
        include_resource_object: false,
        limit: 3,
    };
    assert_eq!(events(&core, request.clone()).await.len(), 3);

    for limit in [0, -1] {
        shelf.pushed.store(0, Ordering::SeqCst);
        assert!(
            events(
                &core,
                proto::list_resource::Request {
                    limit,
                    ..request.clone()
                }
            )
            .await
            .is_empty()
        );
        assert_eq!(shelf.pushed.load(Ordering::SeqCst), 0);
    }
}

fn sent(books: &ListType, config: &Value) -> proto::DynamicValue {
    proto::DynamicValue {
        msgpack: msgpack::encode(config, &books.schema().ty()).expect("encoded"),
        json: Vec::new(),
    }
}

/// All events, from a host that reads to the end.
async fn events(core: &Core, request: proto::list_resource::Request) -> Vec<proto::list_resource::Event> {
    let mut stream = core.rpc().list_resource(request).await.expect("a stream").into_inner();
    let mut all = Vec::new();
    while let Some(event) = stream.message().await.expect("an orderly end") {
        all.push(event);
    }
    all
}

#[tokio::test]
async fn a_slow_reader_makes_the_author_wait() {
    let (_, books, shelf) = many_books().await;
    let query = books.query(&everything(&books)).limit(20_000).with_objects();
    let mut listing = query.start().await.expect("a stream");
    let mut read = 0;
    for pause in [0, 1, 10, 500, 9_000] {
        while read < pause {
            let found = listing.next().await.expect("no error").expect("an object");
            assert_eq!(found.display_name, format!("Volume {read:05}"));
            read += 1;
        }
        // What waits for the reader is a matter of buffers, and none of them grows with the list.
        let pushed = settled(&shelf).await;
        assert!((read + 1..read + 100).contains(&pushed), "{pushed} after {read}");
    }
    while listing.next().await.expect("no error").is_some() {
        read += 1;
    }
    assert_eq!(read, 10_000);
}

#[tokio::test]
async fn a_reader_that_has_enough_ends_the_authors_work() {
    let (_, books, shelf) = many_books().await;
    let mut listing = books
        .query(&everything(&books))
        .limit(10_000)
        .start()
        .await
        .expect("a stream");
    for _ in 0..3 {
        assert!(listing.next().await.expect("no error").is_some());
    }
    drop(listing);
    gone(&shelf).await;
    assert!(shelf.pushed.load(Ordering::SeqCst) < 10_000);
}

#[tokio::test]
async fn a_reader_that_goes_ends_work_that_waits_for_something_else() {
    let (_, books, shelf) = five_books().await;
    shelf.set(Quirk::WaitsTooLong);
    let listing = books.query(&everything(&books)).start().await.expect("a stream");
    shelf.waiting.notified().await;
    drop(listing);
    gone(&shelf).await;
}

#[tokio::test]
async fn a_stop_ends_the_list_and_says_that_it_is_not_complete() {
    let (core, books, shelf) = five_books().await;
    shelf.set(Quirk::WaitsTooLong);
    let stop = async {
        shelf.waiting.notified().await;
        core.stop().await.expect("stopped");
    };
    let (listed, ()) = tokio::join!(books.query(&everything(&books)).all(), stop);
    assert_eq!(names(&listed), TITLES[..2]);
    assert_eq!(only(&listed.diagnostics).0, "Stopped on request");

    // A stop ends what was in flight and nothing else.
    shelf.set(Quirk::None);
    assert_eq!(names(&books.query(&everything(&books)).all().await), TITLES);
}

#[tokio::test]
async fn a_stop_ends_the_wait_for_a_slow_reader() {
    let (core, books, shelf) = many_books().await;
    let mut listing = books
        .query(&everything(&books))
        .limit(10_000)
        .start()
        .await
        .expect("a stream");
    assert!(listing.next().await.expect("no error").is_some());
    let pushed = settled(&shelf).await;
    core.stop().await.expect("stopped");
    gone(&shelf).await;
    let (mut read, mut end) = (1, None);
    while end.is_none() {
        match listing.next().await {
            Ok(Some(_)) => read += 1,
            Ok(None) => panic!("the list seems complete"),
            Err(problems) => end = Some(problems),
        }
    }
    assert_eq!(only(&end.expect("an end")).0, "Stopped on request");
    assert!(read <= pushed, "{read} of {pushed}");
}

#[tokio::test]
async fn an_error_or_a_panic_is_the_end_and_what_was_found_stands() {
    let (_, books, shelf) = five_books().await;
    for (quirk, summary) in [
        (Quirk::FailsToRead, "It is dark"),
        (Quirk::PanicsInRead, "The provider crashed"),
        (Quirk::ReportsAndGoesOn, "A page is torn"),
    ] {
        shelf.set(quirk);
        let listed = books.query(&everything(&books)).all().await;
        assert_eq!(names(&listed), TITLES[..2], "{quirk:?}");
        assert_eq!(only(&listed.diagnostics).0, summary);
    }
    shelf.set(Quirk::None);
    assert_eq!(names(&books.query(&everything(&books)).all().await), TITLES);
}

#[tokio::test]
async fn a_warning_needs_no_object_and_reaches_a_host_that_stops_at_the_limit() {
    let (core, books, shelf) = five_books().await;
    shelf.set(Quirk::Warns);
    let nothing = books.config(r#"{"prefix": "Z"}"#).expect("config");
    let listed = books.query(&nothing).all().await;
    assert_eq!(
        (listed.found.len(), only(&listed.diagnostics).0.as_str()),
        (0, "The catalogue is old")
    );
    let request = proto::list_resource::Request {
        type_name: "library_book".to_owned(),
        config: Some(sent(&books, &nothing)),
        include_resource_object: false,
        limit: 1,
    };
    let events = events(&core, request).await;
    assert!(
        matches!(&events[..], [only] if only.identity.is_none() && only.diagnostic.len() == 1),
        "{events:?}"
    );

    let listed = books.query(&everything(&books)).limit(1).all().await;
    assert_eq!(
        (listed.found.len(), only(&listed.diagnostics).0.as_str()),
        (1, "The catalogue is old")
    );
}

#[tokio::test]
async fn an_object_that_the_host_would_refuse_is_the_providers_bug() {
    let (_, books, shelf) = five_books().await;
    for (quirk, place) in [
        (Quirk::ForgetsIdentity, "identity"),
        (Quirk::ChangesIdentity, "`title` of the identity is unknown"),
        (Quirk::LeavesUnknown, "`edition` of the listed object is unknown"),
        (Quirk::WithholdsObjects, "listed object is missing"),
    ] {
        shelf.set(quirk);
        shelf.pushed.store(0, Ordering::SeqCst);
        let listed = books.query(&everything(&books)).with_objects().all().await;
        assert!(listed.found.is_empty(), "{quirk:?}");
        let problem = listed.diagnostics.iter().next().expect("a diagnostic");
        assert!(
            problem.detail.contains(place) && problem.detail.contains("bug in the provider"),
            "{problem:?}"
        );
        assert!(
            problem.detail.contains("`Emma`") && problem.path.is_none(),
            "{problem:?}"
        );
        assert_eq!(shelf.pushed.load(Ordering::SeqCst), 1);
    }
    // Neither is sent where nobody asked for objects.
    for quirk in [Quirk::LeavesUnknown, Quirk::WithholdsObjects] {
        shelf.set(quirk);
        assert_eq!(names(&books.query(&everything(&books)).all().await), TITLES);
    }
    // A write-only value is left out, as everywhere.
    shelf.set(Quirk::ReturnsWriteOnly);
    let listed = books
        .query(&everything(&books))
        .with_objects()
        .all()
        .await
        .success()
        .expect("listed");
    assert!(
        listed
            .iter()
            .all(|one| one.object.as_ref().and_then(|book| book.get("author")) == Some(&Value::Null))
    );
}

#[tokio::test]
async fn a_configuration_is_checked_with_what_the_block_asks_for() {
    let (core, _) = unconfigured().await;
    let books = core.list_resource("library_book").expect("a list resource");
    let config = |json: &str| books.config(json).expect("config");
    assert!(books.validate(&config("{}")).await.is_empty());
    assert_eq!(only(&books.validate(&config(r#"{"prefix": ""}"#)).await).1, "prefix");
    assert_eq!(
        only(&books.validate(&config(r#"{"prefix": "?"}"#)).await),
        ("No title begins so".to_owned(), "prefix".to_owned())
    );
    let (none, number) = (config("{}"), Value::number);
    assert!(
        books
            .validate_scope(&none, &number(500), &Value::bool(true))
            .await
            .is_empty()
    );
    let scoped = books.validate_scope(&none, &number(501), &Value::unknown()).await;
    let summaries: Vec<_> = told(&scoped).into_iter().map(|(summary, _)| summary).collect();
    assert_eq!(summaries, ["Nobody reads so many", "Whole books may be fetched"]);
    assert!(
        books
            .validate_scope(&none, &Value::unknown(), &Value::Null)
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn what_cannot_be_listed_is_an_error_and_no_empty_list() {
    let (core, _) = unconfigured().await;
    let books = core.list_resource("library_book").expect("a list resource");
    let listed = books.query(&everything(&books)).all().await;
    assert_eq!(only(&listed.diagnostics).0, "The provider is not configured");

    let request = proto::list_resource::Request {
        type_name: "library_book".to_owned(),
        config: None,
        include_resource_object: false,
        limit: 10,
    };
    let garbage = Some(proto::DynamicValue {
        msgpack: vec![0xc1],
        json: Vec::new(),
    });
    let null = Some(proto::DynamicValue {
        msgpack: vec![0xc0],
        json: Vec::new(),
    });
    for (request, summary) in [
        (request.clone(), "Incomplete request"),
        (
            proto::list_resource::Request {
                config: null,
                ..request.clone()
            },
            "Incomplete request",
        ),
        (
            proto::list_resource::Request {
                config: garbage,
                ..request.clone()
            },
            "Request cannot be read",
        ),
        (
            proto::list_resource::Request {
                type_name: "library_scroll".to_owned(),
                ..request
            },
            "Unknown list resource",
        ),
    ] {
        let events = events(&core, request).await;
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].diagnostic[0].summary, summary);
        assert!(events[0].identity.is_none());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_lists_at_once_do_not_get_in_each_others_way() {
    let (_, books, _) = many_books().await;
    let mut all = tokio::task::JoinSet::new();
    for number in 10..60 {
        let books = books.clone();
        all.spawn(async move {
            let config = books
                .config(&format!(r#"{{"prefix": "Volume 0{number}"}}"#))
                .expect("config");
            let listed = books
                .query(&config)
                .with_objects()
                .all()
                .await
                .success()
                .expect("listed");
            assert_eq!(listed.len(), 100);
            for one in listed {
                assert!(one.display_name.starts_with(&format!("Volume 0{number}")));
            }
        });
    }
    while let Some(one) = all.join_next().await {
        one.expect("listed");
    }
}
