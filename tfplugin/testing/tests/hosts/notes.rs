//! What the example has not: identities, warnings, nested and sensitive attributes, errors at an attribute.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;
use tfplugin::model::plan::TypedDraft;
use tfplugin::model::{Diagnostic, Diagnostics, Model, Path, Value};
use tfplugin::{Configure, Create, Cx, Delete, ImportKey, Provider, Read, Registry, Resource, Update};
use tfplugin_testing::Failure;
use tfplugin_testing::cli::{Cli, Feature};
use tfplugin_testing::scenario::{Apply, Fails, Import, Message, PlanOnly, Scenario, known, plan, state};

const NOTE: &str = "notes_note.it";

#[derive(Clone, Debug, Model)]
struct Note {
    /// Where it is pinned.
    #[tf(required, replace)]
    place: Value<String>,
    /// What it says.
    #[tf(optional, sensitive)]
    text: Value<String>,
    /// How it looks.
    #[tf(optional)]
    paper: Value<Paper>,
    /// Counts the notes of a board.
    #[tf(computed)]
    serial: Value<i64>,
}

#[derive(Clone, Debug, Model)]
struct Paper {
    /// Its name.
    #[tf(required)]
    color: Value<String>,
}

#[derive(Clone, Debug, Model)]
struct NoteIdentity {
    /// Where it is pinned.
    #[tf(required)]
    place: Value<String>,
}

/// What outlives the provider of one command.
type Board = Arc<Mutex<BTreeMap<String, Note>>>;

struct Notes(Board);

impl Provider for Notes {
    const ADDRESS: &'static str = "registry.terraform.io/example/notes";
    const VERSION: &'static str = "0.1.0";
    type Config = ();
    type Data = Board;

    fn registry(&self) -> Registry<Board> {
        Registry::new().resource(NoteType)
    }

    async fn configure(&self, _: &Cx<()>, _: Configure<()>) -> Result<Board, Diagnostics> {
        Ok(Arc::clone(&self.0))
    }
}

struct NoteType;

type NoteCx = Cx<Board, Note>;

impl Resource for NoteType {
    const TYPE: &'static str = "notes_note";
    type Data = Board;
    type Model = Note;
    type Identity = NoteIdentity;

    fn validate(&self, config: &Note) -> Diagnostics {
        let color = config.paper.known().and_then(|paper| paper.color.known());
        if color.is_some_and(|color| color == "black") {
            let at = Path::attribute("paper").with_attribute("color");
            return Diagnostic::error("Nobody can read that", "Black paper hides the ink.")
                .at(at)
                .into();
        }
        if config.place.known().is_some_and(String::is_empty) {
            return Diagnostic::error("A note needs a place", "It is empty.")
                .at(Path::attribute("place"))
                .into();
        }
        Diagnostics::new()
    }

    async fn plan(&self, cx: &NoteCx, draft: TypedDraft<Note>) -> Result<TypedDraft<Note>, Diagnostics> {
        if draft.planned.place.known().is_some_and(|place| place == "outdoors") {
            cx.warn("It may rain", "Notes outdoors do not last.");
        }
        Ok(draft)
    }

    async fn create(&self, cx: &NoteCx, request: Create<Note>) -> Result<Note, Diagnostics> {
        let mut board = cx.data()?.lock().unwrap_or_else(PoisonError::into_inner);
        let mut note = request.planned;
        note.serial = Value::Known(i64::try_from(board.len()).expect("a few") + 1);
        board.insert(key(&note), note.clone());
        Ok(note)
    }

    async fn read(&self, cx: &NoteCx, request: Read<Note>) -> Result<Option<Note>, Diagnostics> {
        let board = cx.data()?.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(board.get(&key(&request.state)).cloned())
    }

    async fn update(&self, cx: &NoteCx, request: Update<Note>) -> Result<Note, Diagnostics> {
        let mut board = cx.data()?.lock().unwrap_or_else(PoisonError::into_inner);
        let mut note = request.planned;
        note.serial = request.prior.serial;
        board.insert(key(&note), note.clone());
        Ok(note)
    }

    async fn delete(&self, cx: &NoteCx, request: Delete<Note>) -> Result<(), Diagnostics> {
        let mut board = cx.data()?.lock().unwrap_or_else(PoisonError::into_inner);
        board.remove(&key(&request.prior));
        Ok(())
    }

    async fn import(&self, _: &NoteCx, import: ImportKey<NoteIdentity>) -> Result<Note, Diagnostics> {
        let place = match import {
            ImportKey::Id(place) => place.into(),
            ImportKey::Identity(identity) => identity.place,
        };
        Ok(Note {
            place,
            text: Value::Null,
            paper: Value::Null,
            serial: Value::Null,
        })
    }

    fn identity(&self, _: &NoteCx, state: &Note) -> Option<NoteIdentity> {
        Some(NoteIdentity {
            place: state.place.clone(),
        })
    }
}

fn key(note: &Note) -> String {
    note.place.known().cloned().unwrap_or_default()
}

fn scenario(cli: Cli) -> Scenario {
    let board = Board::default();
    let shared = Arc::clone(&board);
    Scenario::new(cli)
        .provider(move || Notes(Arc::clone(&shared)))
        .check_destroyed(move || {
            let left = board.lock().unwrap_or_else(PoisonError::into_inner);
            assert!(left.is_empty(), "{left:?}");
        })
}

fn note(place: &str, color: &str) -> String {
    format!(
        "resource \"notes_note\" \"it\" {{\n  place = \"{place}\"\n  text = \"hush\"\n  paper = {{\n    color = \"{color}\"\n  }}\n}}\n"
    )
}

#[test]
fn identities_are_seen_and_imported_by() -> Result<(), Failure> {
    scenario(Cli::Tofu)
        .needs(Feature::Identity)
        .step(Apply::config(note("kitchen", "white")).state_check(state::identity(NOTE, json!({ "place": "kitchen" }))))
        .step(Import::identity(NOTE, json!({ "place": "kitchen" })))
        .run()
}

#[test]
fn an_identity_that_is_another_is_shown() {
    let step = Apply::config(note("kitchen", "white")).state_check(state::identity(NOTE, json!({ "place": "hall" })));
    let failure = scenario(Cli::Tofu).step(step).run().expect_err("another identity");
    let expected = "the identity of `notes_note.it` is `{\"place\":\"kitchen\"}` and not `{\"place\":\"hall\"}`";
    assert!(failure.to_string().contains(expected), "{failure}");
}

#[test]
fn importing_by_identity_where_there_is_none_says_since_when_there_is() {
    let cli = Cli::Terraform;
    let workspace = tfplugin_testing::cli::Workspace::new(&cli.program().expect("terraform"), &[]).expect("a folder");
    let version = workspace.version().expect("a version");
    let played = scenario(cli)
        .step(Apply::config(note("kitchen", "white")))
        .step(Import::identity(NOTE, json!({ "place": "kitchen" })))
        .run();
    match Feature::Identity.lacking(cli, version) {
        None => played.expect("this terraform has identities"),
        Some(lacking) => {
            let failure = played.expect_err("this terraform has no identities").to_string();
            assert!(failure.contains(&lacking), "{failure}");
        }
    }
}

#[test]
fn values_of_the_schema_are_checked_at_their_paths() -> Result<(), Failure> {
    for cli in Cli::ALL {
        scenario(cli)
            .step(
                Apply::config(note("kitchen", "white"))
                    .plan_check(plan::unknown(NOTE, "serial"))
                    .plan_check(plan::sensitive(NOTE, "text"))
                    .plan_check(plan::value(NOTE, "paper.color", "white"))
                    .state_check(state::sensitive(NOTE, "text"))
                    .state_check(state::value(
                        NOTE,
                        "paper",
                        known::including(json!({ "color": "white" })),
                    ))
                    .state_check(state::value(NOTE, "serial", 1)),
            )
            .step(Import::block(NOTE, "kitchen"))
            .run()?;
    }
    Ok(())
}

#[test]
fn errors_are_expected_at_the_attribute_that_the_host_shows() -> Result<(), Failure> {
    for cli in Cli::ALL {
        scenario(cli)
            .step(
                Fails::validate(note("", "white")).error(Message::summary("A note needs a place").at("place").of(NOTE)),
            )
            // What is wrong inside of an attribute has no place of its own in what hosts show.
            .step(
                Fails::validate(note("kitchen", "black")).error(
                    Message::summary("Nobody can read that")
                        .detail("hides the ink")
                        .of(NOTE),
                ),
            )
            .run()?;
    }
    Ok(())
}

#[test]
fn warnings_are_expected_of_plans_and_applies() -> Result<(), Failure> {
    let rain = || Message::summary("It may rain").detail("do not last");
    for cli in Cli::ALL {
        scenario(cli)
            .step(PlanOnly::config(note("outdoors", "white")).warning(rain()))
            .step(Apply::config(note("outdoors", "white")).warning(rain()))
            .run()?;
    }
    Ok(())
}
