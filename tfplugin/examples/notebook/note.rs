//! A managed resource with identity, import, upgrade, move and a write-only attribute.

use tfplugin::model::plan::TypedDraft;
use tfplugin::model::{Diagnostics, Model, Set, Value};
use tfplugin::{Create, Cx, Delete, ImportKey, Moves, Origin, Read, Resource, Source, Update, Upgrades};

use super::memo::Memo;
use super::store::Store;

/// A note.
#[derive(Clone, Model)]
#[tf(version = 1)]
pub(crate) struct Note {
    /// Its name; no other note has it.
    #[tf(required, replace)]
    pub(crate) name: Value<String>,
    /// What it says.
    #[tf(default = "")]
    pub(crate) text: Value<String>,
    /// Words to find it by.
    #[tf(optional)]
    pub(crate) labels: Value<Set<String>>,
    /// What to know before one may read it. It is set and never read back, and no plan or state holds it.
    #[tf(optional, sensitive, write_only)]
    pub(crate) password: Value<String>,
    /// Any number; another one sets the password anew.
    #[tf(optional)]
    pub(crate) password_version: Value<i64>,
    /// How many words it has.
    #[tf(computed)]
    pub(crate) words: Value<i64>,
}

impl Note {
    /// A note of which only name and text are known.
    pub(crate) fn new(name: impl Into<Value<String>>, text: impl Into<Value<String>>) -> Self {
        let text = text.into();
        Self {
            name: name.into(),
            words: text.as_ref().map(|text| words(text)),
            text,
            labels: Value::Null,
            password: Value::Null,
            password_version: Value::Null,
        }
    }
}

/// The note of that name.
#[derive(Clone, Model)]
pub(crate) struct NoteIdentity {
    /// Its name.
    #[tf(required)]
    pub(crate) name: Value<String>,
}

/// What a note was in the first version: the text was called body.
#[derive(Clone, Model)]
#[tf(version = 0)]
struct NoteV0 {
    /// Its name.
    #[tf(required)]
    name: String,
    /// What it says.
    #[tf(optional)]
    body: Option<String>,
}

/// A text file of the provider `example/example`.
#[derive(Clone, Model)]
struct TextFile {
    /// Its name in its folder.
    #[tf(required)]
    name: String,
    /// What is in it.
    #[tf(optional)]
    text: Option<String>,
}

pub(crate) struct Notes;

type NoteCx = Cx<Value<Store>, Note>;

impl Resource for Notes {
    const TYPE: &'static str = "notebook_note";
    type Data = Value<Store>;
    type Model = Note;
    type Identity = NoteIdentity;

    async fn plan(&self, _: &NoteCx, mut draft: TypedDraft<Note>) -> Result<TypedDraft<Note>, Diagnostics> {
        draft.planned.words = draft.planned.text.as_ref().map(|text| words(text));
        Ok(draft)
    }

    async fn create(&self, cx: &NoteCx, request: Create<Note>) -> Result<Note, Diagnostics> {
        let store = Store::of(cx.data()?)?;
        let (name, text) = (text(&request.planned.name), text(&request.planned.text));
        store.create(name, text)?;
        cx.checkpoint(&request.planned);
        if let Some(password) = request.config.password.known() {
            store.set_password(name, password)?;
        }
        Ok(with_words(request.planned))
    }

    async fn read(&self, cx: &NoteCx, request: Read<Note>) -> Result<Option<Note>, Diagnostics> {
        let Some(store) = cx.data()?.known() else {
            return Ok(Some(request.state));
        };
        let found = store.read(text(&request.state.name))?;
        Ok(found.map(|text| {
            with_words(Note {
                text: text.into(),
                ..request.state
            })
        }))
    }

    async fn update(&self, cx: &NoteCx, request: Update<Note>) -> Result<Note, Diagnostics> {
        let store = Store::of(cx.data()?)?;
        let name = text(&request.planned.name);
        store.write(name, text(&request.planned.text))?;
        // Whether the password is another one cannot be seen: the version says so.
        if let Some(password) = request.config.password.known()
            && request.planned.password_version != request.prior.password_version
        {
            store.set_password(name, password)?;
        }
        Ok(with_words(request.planned))
    }

    async fn delete(&self, cx: &NoteCx, request: Delete<Note>) -> Result<(), Diagnostics> {
        Store::of(cx.data()?)?.delete(text(&request.prior.name))
    }

    async fn import(&self, _: &NoteCx, key: ImportKey<NoteIdentity>) -> Result<Note, Diagnostics> {
        // The read that follows finds the text.
        Ok(match key {
            ImportKey::Id(name) => Note::new(name, Value::Null),
            ImportKey::Identity(identity) => Note::new(identity.name, Value::Null),
        })
    }

    fn identity(&self, _: &NoteCx, state: &Note) -> Option<NoteIdentity> {
        Some(NoteIdentity {
            name: state.name.clone(),
        })
    }

    fn upgrades(&self) -> Upgrades {
        Upgrades::new().step(|old: NoteV0| Ok(Note::new(old.name, old.body.unwrap_or_default())))
    }

    fn moves(&self) -> Moves<Note> {
        Moves::new()
            .from(Origin::new("notebook", "notebook_memo"), |memo: Source<Memo>| {
                Ok(Note::new(memo.state.title, memo.state.body))
            })
            .from(
                Origin::new("example/example", "example_text_file"),
                |file: Source<TextFile>| {
                    let name = file
                        .state
                        .name
                        .strip_suffix(".txt")
                        .unwrap_or(&file.state.name)
                        .to_owned();
                    Ok(Note::new(name, file.state.text.unwrap_or_default()))
                },
            )
    }
}

pub(crate) fn words(text: &str) -> i64 {
    i64::try_from(text.split_whitespace().count()).unwrap_or(i64::MAX)
}

fn text(value: &Value<String>) -> &str {
    value.known().map_or("", String::as_str)
}

fn with_words(note: Note) -> Note {
    let words = words(text(&note.text)).into();
    Note { words, ..note }
}
