//! A provider of books in memory, which breaks the rule that a test asks it to break.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tfplugin::model::equality::Json;
use tfplugin::model::plan::TypedDraft;
use tfplugin::model::validators::length;
use tfplugin::model::{Diagnostic, Diagnostics, Model, Path, Value};
use tfplugin::{
    Configure, Create, Cx, DataSource, Deferral, Delete, ImportKey, Moves, Provider, Read, Registry, Resource, Update,
    Upgrades,
};
use tfplugin_testing::Core;
use tokio::sync::Notify;

use super::actions::Reprint;
use super::ephemeral::ReadersPass;
use super::functions::{Count, Join, Kind};
use super::list_resources::Stock;
use super::moves::book_moves;

/// Settings of the library.
#[derive(Clone, Debug, Model)]
pub(super) struct Settings {
    /// Its name.
    #[tf(optional, validate(length(1..=20)))]
    pub(super) name: Value<String>,
}

/// Notes in JSON.
#[derive(Clone, Debug, PartialEq, Model)]
#[tf(meaning = Json)]
pub(super) struct Notes(pub(super) String);

/// A book.
#[derive(Clone, Debug, PartialEq, Model)]
#[tf(version = 2)]
pub(super) struct Book {
    /// Its title.
    #[tf(required, replace, validate(length(1..=30)))]
    pub(super) title: Value<String>,
    /// How many pages it has.
    #[tf(default = 100)]
    pub(super) pages: Value<i64>,
    /// What readers wrote.
    #[tf(optional)]
    pub(super) notes: Value<Notes>,
    /// Who may not be named.
    #[tf(optional, sensitive, write_only)]
    pub(super) author: Value<String>,
    /// The name on the cover.
    #[tf(optional, prefer_write_only(author))]
    pub(super) pen_name: Value<String>,
    /// Where it stands.
    #[tf(computed, keep_prior)]
    pub(super) place: Value<String>,
    /// How often it was printed.
    #[tf(computed)]
    pub(super) edition: Value<i64>,
}

/// What makes a book this book.
#[derive(Clone, Debug, PartialEq, Model)]
pub(super) struct BookIdentity {
    /// Its title.
    #[tf(required)]
    pub(super) title: Value<String>,
}

/// Version 0 of the state: the number of pages was a text.
#[derive(Clone, Debug, Model)]
#[tf(version = 0)]
pub(super) struct BookV0 {
    /// Its title.
    #[tf(required)]
    pub(super) title: String,
    /// How many pages it has.
    #[tf(optional)]
    pub(super) pages: Option<String>,
}

/// Version 1 of the state: there was no edition.
#[derive(Clone, Debug, Model)]
#[tf(version = 1)]
pub(super) struct BookV1 {
    /// Its title.
    #[tf(required)]
    pub(super) title: String,
    /// How many pages it has.
    #[tf(optional)]
    pub(super) pages: Option<i64>,
}

/// Which rule the provider breaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Quirk {
    #[default]
    None,
    FailsBeforeCheckpoint,
    FailsAfterCheckpoint,
    PanicsAfterCheckpoint,
    WaitsAfterCheckpoint,
    WaitsTooLong,
    WaitsThenWrites,
    LeavesUnknown,
    MakesSomethingElse,
    PlansAgainstConfig,
    PlansReplacementOfNothing,
    PanicsInPlan,
    PanicsInRead,
    PanicsInValidate,
    FailsToRead,
    ReturnsWriteOnly,
    ChangesIdentity,
    ForgetsIdentity,
    LeavesIdentityOpen,
    LeavesIdentityEmpty,
    UsesReservedKey,
    RefusesDeletion,
    WithholdsObjects,
    ReportsAndGoesOn,
    Warns,
    Defers(Deferral),
    FailsBeforeOpening,
    FailsAfterOpening,
    PanicsAfterOpening,
    WaitsAfterOpening,
    OpensSomethingElse,
    ReportsAnError,
    ExpiredAlready,
    FailsToRenew,
    DefersAfterOpening,
    FailsToClose,
    FailsToOpenAndToClose,
}

/// What is really there.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    pub(super) books: Mutex<BTreeMap<String, Book>>,
    pub(super) quirk: Mutex<Quirk>,
    /// An operation waits.
    pub(super) waiting: Notify,
    /// A waiting operation may go on.
    pub(super) go: Notify,
    /// An operation has ended.
    pub(super) done: Notify,
    /// How many objects a list was given.
    pub(super) pushed: AtomicUsize,
    pub(super) hosts: Mutex<Vec<String>>,
    /// Passes that are open, with how often each was renewed.
    pub(super) passes: Mutex<BTreeMap<String, u32>>,
}

impl Shelf {
    pub(super) fn set(&self, quirk: Quirk) {
        *self.quirk.lock().expect("quirk") = quirk;
    }

    pub(super) fn quirk(&self) -> Quirk {
        *self.quirk.lock().expect("quirk")
    }

    pub(super) fn get(&self, title: &str) -> Option<Book> {
        self.books.lock().expect("books").get(title).cloned()
    }

    pub(super) fn put(&self, book: Book) {
        let title = text(&book.title);
        self.books.lock().expect("books").insert(title, book);
    }
}

pub(super) fn text(value: &Value<String>) -> String {
    value.known().cloned().expect("a known text")
}

#[derive(Clone, Debug, Default)]
pub(super) struct Library(pub(super) Arc<Shelf>);

/// A configured library in this process, and what is really there.
pub(super) async fn library() -> (Core, Arc<Shelf>) {
    let (core, shelf) = unconfigured().await;
    let config = core.provider_config("{}").expect("settings");
    core.configure(&config).await.expect("configured");
    (core, shelf)
}

pub(super) async fn unconfigured() -> (Core, Arc<Shelf>) {
    let library = Library::default();
    let shelf = Arc::clone(&library.0);
    (Core::in_process(library).await.expect("schemas"), shelf)
}

impl Provider for Library {
    const ADDRESS: &'static str = "registry.terraform.io/example/library";
    const VERSION: &'static str = "1.2.3";
    type Config = Settings;
    type Data = Arc<Shelf>;

    fn registry(&self) -> Registry<Arc<Shelf>> {
        Registry::new()
            .resource(Books(Arc::clone(&self.0)))
            .list_resource(Stock)
            .action(Reprint)
            .data_source(Catalogue)
            .ephemeral_resource(ReadersPass)
            .function(Join)
            .function(Count)
            .function(Kind)
    }

    fn validate(&self, config: &Settings) -> Diagnostics {
        match config.name.known() {
            Some(name) if name == "burnt" => Diagnostic::error("This library burnt down", "Name another.").into(),
            Some(_) | None => Diagnostics::new(),
        }
    }

    async fn configure(&self, cx: &Cx<()>, request: Configure<Settings>) -> Result<Arc<Shelf>, Diagnostics> {
        self.0.hosts.lock().expect("hosts").push(request.host_version);
        if request.has_unknown {
            cx.warn("The name is not known yet", "It is needed at apply.");
        }
        Ok(Arc::clone(&self.0))
    }
}

/// The shelf is also here, for methods that run in an unconfigured process.
#[derive(Debug)]
pub(super) struct Books(Arc<Shelf>);

type BookCx = Cx<Arc<Shelf>, Book>;

impl Resource for Books {
    const TYPE: &'static str = "library_book";
    type Data = Arc<Shelf>;
    type Model = Book;
    type Identity = BookIdentity;

    fn validate(&self, config: &Book) -> Diagnostics {
        assert!(self.0.quirk() != Quirk::PanicsInValidate, "validate");
        match (config.title.known(), config.pages.known()) {
            (Some(title), Some(pages)) if title == "Pamphlet" && *pages > 10 => {
                Diagnostic::error("Too many pages for a pamphlet", "Ten are enough.")
                    .at(Path::attribute("pages"))
                    .into()
            }
            _ => Diagnostics::new(),
        }
    }

    async fn plan(&self, cx: &BookCx, mut draft: TypedDraft<Book>) -> Result<TypedDraft<Book>, Diagnostics> {
        match self.0.quirk() {
            Quirk::PanicsInPlan => panic!("plan"),
            Quirk::PlansAgainstConfig => draft.planned.notes = Value::Known(Notes("\"planned\"".to_owned())),
            Quirk::PlansReplacementOfNothing => draft.replace.push(Path::attribute("publisher")),
            _ => {}
        }
        if draft.prior.is_none() && draft.planned.title.known().is_some_and(|title| title == "Dull") {
            cx.warn("Nobody will read this", "It is dull.");
        }
        cx.set_private("planned", "yes");
        Ok(draft)
    }

    async fn plan_delete(&self, cx: &BookCx, prior: &Book) -> Result<(), Diagnostics> {
        if self.0.quirk() == Quirk::RefusesDeletion {
            return Err(Diagnostic::error("The book is lent", format!("`{}` is out.", text(&prior.title))).into());
        }
        cx.warn("Books are gone for ever", "There is no second copy.");
        Ok(())
    }

    async fn create(&self, cx: &BookCx, request: Create<Book>) -> Result<Book, Diagnostics> {
        let shelf = cx.data()?;
        let quirk = shelf.quirk();
        if quirk == Quirk::FailsBeforeCheckpoint {
            return Err(Diagnostic::error("The press broke", "Nothing was printed.").into());
        }
        if quirk == Quirk::WaitsThenWrites {
            shelf.waiting.notify_one();
            shelf.go.notified().await;
        }
        let mut made = request.planned;
        made.place = Value::from("shelf 1");
        shelf.put(made.clone());
        cx.set_private("nonce", format!("n-{}", text(&made.title)));
        cx.checkpoint(&made);
        match quirk {
            Quirk::FailsAfterCheckpoint => return Err(Diagnostic::error("The shelf broke", "The book fell.").into()),
            Quirk::PanicsAfterCheckpoint => panic!("create"),
            Quirk::WaitsAfterCheckpoint => {
                shelf.waiting.notify_one();
                cx.unless_stopped(std::future::pending::<()>()).await?;
            }
            Quirk::WaitsTooLong => cx.within(Duration::from_secs(90), std::future::pending()).await?,
            Quirk::LeavesUnknown => return Ok(made),
            Quirk::MakesSomethingElse => made.pages = Value::Known(1),
            Quirk::ReturnsWriteOnly => made.author = request.config.author,
            Quirk::UsesReservedKey => cx.set_private(".imported", "no"),
            _ => {}
        }
        made.edition = Value::Known(1);
        shelf.put(made.clone());
        shelf.done.notify_one();
        Ok(made)
    }

    async fn read(&self, cx: &BookCx, request: Read<Book>) -> Result<Option<Book>, Diagnostics> {
        let shelf = cx.data()?;
        match shelf.quirk() {
            Quirk::PanicsInRead => panic!("read"),
            Quirk::FailsToRead => return Err(Diagnostic::error("It is dark", "Nothing can be read.").into()),
            _ => {}
        }
        if request.imported {
            cx.set_private("first read after import", "yes");
        }
        Ok(shelf.get(&text(&request.state.title)))
    }

    async fn update(&self, cx: &BookCx, request: Update<Book>) -> Result<Book, Diagnostics> {
        let shelf = cx.data()?;
        let mut book = request.planned;
        if shelf.quirk() == Quirk::FailsBeforeCheckpoint {
            return Err(Diagnostic::error("The press broke", "Nothing was printed.").into());
        }
        book.edition = request.prior.edition.map(|edition| edition + 1);
        shelf.put(book.clone());
        if shelf.quirk() == Quirk::FailsAfterCheckpoint {
            cx.checkpoint(&book);
            return Err(Diagnostic::error("The shelf broke", "The book fell.").into());
        }
        Ok(book)
    }

    async fn delete(&self, cx: &BookCx, request: Delete<Book>) -> Result<(), Diagnostics> {
        let shelf = cx.data()?;
        if shelf.quirk() == Quirk::FailsBeforeCheckpoint {
            return Err(Diagnostic::error("It does not burn", "Try again.").into());
        }
        shelf.books.lock().expect("books").remove(&text(&request.prior.title));
        Ok(())
    }

    async fn import(&self, _: &BookCx, key: ImportKey<BookIdentity>) -> Result<Book, Diagnostics> {
        let title = match key {
            ImportKey::Id(title) => Value::Known(title),
            ImportKey::Identity(identity) => identity.title,
        };
        Ok(Book {
            title,
            pages: Value::Null,
            notes: Value::Null,
            pen_name: Value::Null,
            author: Value::Null,
            place: Value::Null,
            edition: Value::Null,
        })
    }

    fn identity(&self, _: &BookCx, state: &Book) -> Option<BookIdentity> {
        match self.0.quirk() {
            Quirk::ForgetsIdentity => None,
            Quirk::LeavesIdentityOpen => Some(BookIdentity {
                title: Value::unknown(),
            }),
            Quirk::LeavesIdentityEmpty => Some(BookIdentity { title: Value::Null }),
            Quirk::ChangesIdentity => Some(BookIdentity {
                title: Value::from("another"),
            }),
            _ => Some(BookIdentity {
                title: state.title.clone(),
            }),
        }
    }

    fn moves(&self) -> Moves<Book> {
        book_moves(Arc::clone(&self.0))
    }

    fn upgrades(&self) -> Upgrades {
        Upgrades::new()
            .step(|old: BookV0| {
                let pages = old.pages.map(|pages| pages.parse()).transpose();
                Ok(BookV1 {
                    title: old.title,
                    pages: pages.map_err(|_| Diagnostic::error("Pages are no number", "Write a number."))?,
                })
            })
            .step(|old: BookV1| {
                Ok(Book {
                    title: Value::Known(old.title),
                    pages: old.pages.into(),
                    notes: Value::Null,
                    pen_name: Value::Null,
                    author: Value::Null,
                    place: Value::from("shelf 1"),
                    edition: Value::Known(1),
                })
            })
    }
}

/// What there is.
#[derive(Clone, Debug, Model)]
pub(super) struct Titles {
    /// How the titles have to begin.
    #[tf(optional)]
    pub(super) prefix: Value<String>,
    /// How many titles to name.
    #[tf(default = 100)]
    pub(super) limit: Value<i64>,
    /// The titles, in order.
    #[tf(computed)]
    pub(super) titles: Value<Vec<String>>,
}

#[derive(Debug)]
struct Catalogue;

impl DataSource for Catalogue {
    const TYPE: &'static str = "library_catalogue";
    type Data = Arc<Shelf>;
    type Model = Titles;

    fn validate(&self, config: &Titles) -> Diagnostics {
        match config.prefix.known() {
            Some(prefix) if prefix.is_empty() => Diagnostic::error("An empty prefix", "Leave it out.").into(),
            Some(_) | None => Diagnostics::new(),
        }
    }

    async fn read(&self, cx: &Cx<Arc<Shelf>>, config: Titles) -> Result<Titles, Diagnostics> {
        let shelf = cx.data()?;
        if shelf.quirk() == Quirk::LeavesUnknown {
            return Ok(Titles {
                titles: Value::unknown(),
                ..config
            });
        }
        let prefix = config.prefix.known().map_or("", String::as_str);
        let books = shelf.books.lock().expect("books");
        let limit = config.limit.known().and_then(|limit| usize::try_from(*limit).ok());
        let found = books.keys().filter(|title| title.starts_with(prefix));
        let titles = found.take(limit.expect("a default")).cloned();
        Ok(Titles {
            titles: Value::Known(titles.collect()),
            ..config
        })
    }
}
