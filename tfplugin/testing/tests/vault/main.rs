//! A provider of secrets: each kind of thing, with values that no log may show. It says nothing about them itself.

use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use tfplugin::model::{Diagnostic, Diagnostics, Model, Path, Value};
use tfplugin::{
    Action, Configure, Create, Cx, DataSource, Delete, Ephemeral, EphemeralResource, Found, Function, FunctionError,
    ImportKey, Invoke, List, ListResource, Listing, Moved, Moves, Opened, Origin, Progress, Provider, Read, Registry,
    Resource, Signature, Source, Update,
};

/// Settings of the vault.
#[derive(Clone, Model)]
struct Settings {
    /// What opens it.
    #[tf(optional, sensitive)]
    token: Value<String>,
}

struct Vault;

impl Provider for Vault {
    const ADDRESS: &'static str = "registry.terraform.io/example/vault";
    const VERSION: &'static str = "1.2.3";
    type Config = Settings;
    /// The token.
    type Data = String;

    fn registry(&self) -> Registry<String> {
        Registry::new()
            .resource(Entries)
            .list_resource(AllEntries)
            .data_source(Lookup)
            .ephemeral_resource(Leases)
            .action(Rotate)
            .function(Reveal)
    }

    async fn configure(&self, _: &Cx<()>, request: Configure<Settings>) -> Result<String, Diagnostics> {
        Ok(request.config.token.known().cloned().unwrap_or_default())
    }
}

/// An entry, which is there once its name is known.
#[derive(Clone, Model)]
struct Entry {
    /// How it is found.
    #[tf(required, replace, sensitive)]
    name: Value<String>,
    /// What it holds.
    #[tf(optional, sensitive)]
    content: Value<String>,
    /// What it holds, without being stored.
    #[tf(optional, sensitive, write_only)]
    hidden: Value<String>,
    /// More, by name.
    #[tf(optional, sensitive)]
    more: Value<std::collections::BTreeMap<String, String>>,
    /// Made by the vault.
    #[tf(computed, sensitive)]
    made: Value<String>,
}

/// What makes an entry this entry.
#[derive(Clone, Model)]
struct EntryIdentity {
    /// Its name.
    #[tf(required)]
    name: Value<String>,
}

struct Entries;

type EntryCx = Cx<String, Entry>;

/// Fails for contents that say so, at a place and with a detail that tell a secret.
fn refuse_told(entry: &Entry) -> Result<(), Diagnostics> {
    let key = entry.more.known().and_then(|more| more.keys().next());
    match key {
        Some(key) => Err(Diagnostic::error("The entry is refused", format!("It has `{key}`."))
            .at(Path::attribute("more").with_key(key))
            .into()),
        None => Ok(()),
    }
}

impl Resource for Entries {
    const TYPE: &'static str = "vault_entry";
    type Data = String;
    type Model = Entry;
    type Identity = EntryIdentity;

    async fn create(&self, cx: &EntryCx, request: Create<Entry>) -> Result<Entry, Diagnostics> {
        let mut entry = request.planned;
        refuse_told(&entry)?;
        entry.made = Value::Known(cx.data()?.clone());
        cx.set_private("nonce", cx.data()?.as_str());
        Ok(entry)
    }

    async fn read(&self, cx: &EntryCx, request: Read<Entry>) -> Result<Option<Entry>, Diagnostics> {
        let mut entry = request.state;
        entry.made = Value::Known(cx.data()?.clone());
        Ok(Some(entry))
    }

    async fn update(&self, _: &EntryCx, request: Update<Entry>) -> Result<Entry, Diagnostics> {
        refuse_told(&request.planned)?;
        Ok(Entry {
            made: request.prior.made,
            ..request.planned
        })
    }

    async fn delete(&self, _: &EntryCx, _: Delete<Entry>) -> Result<(), Diagnostics> {
        Ok(())
    }

    async fn import(&self, _: &EntryCx, key: ImportKey<EntryIdentity>) -> Result<Entry, Diagnostics> {
        let name = match key {
            ImportKey::Id(name) => Value::Known(name),
            ImportKey::Identity(identity) => identity.name,
        };
        Ok(entry(name))
    }

    fn identity(&self, _: &EntryCx, state: &Entry) -> Option<EntryIdentity> {
        Some(EntryIdentity {
            name: state.name.clone(),
        })
    }

    fn moves(&self) -> Moves<Entry> {
        Moves::new().from(Origin::new("example/vault", "vault_note"), |source: Source<Note>| {
            let private = source.private("nonce").unwrap_or_default();
            Ok(Moved::to(entry(source.state.text)).with_private("nonce", private))
        })
    }
}

fn entry(name: Value<String>) -> Entry {
    Entry {
        name,
        content: Value::Null,
        hidden: Value::Null,
        more: Value::Null,
        made: Value::Null,
    }
}

/// What entries were before.
#[derive(Clone, Model)]
struct Note {
    /// What it says.
    #[tf(required)]
    text: Value<String>,
}

/// Which entry.
#[derive(Clone, Model)]
struct Key {
    /// Its name.
    #[tf(required, sensitive)]
    name: Value<String>,
    /// What it holds.
    #[tf(computed, sensitive)]
    content: Value<String>,
}

fn opened(key: Key) -> Key {
    Key {
        content: key.name.clone(),
        ..key
    }
}

struct Lookup;

impl DataSource for Lookup {
    const TYPE: &'static str = "vault_lookup";
    type Data = String;
    type Model = Key;

    async fn read(&self, cx: &Cx<String>, config: Key) -> Result<Key, Diagnostics> {
        cx.warn("Lookups are recorded", format!("{:?}", config.name));
        Ok(opened(config))
    }
}

struct Leases;

type LeaseCx = Cx<String, Ephemeral>;

impl EphemeralResource for Leases {
    const TYPE: &'static str = "vault_lease";
    type Data = String;
    type Model = Key;

    async fn open(&self, cx: &LeaseCx, config: Key) -> Result<Opened<Key>, Diagnostics> {
        cx.set_private("lease", cx.data()?.as_str());
        let soon = SystemTime::now() + Duration::from_secs(60);
        Ok(Opened::new(opened(config)).renew_at(soon))
    }

    async fn renew(&self, _: &LeaseCx) -> Result<Option<SystemTime>, Diagnostics> {
        Ok(None)
    }

    async fn close(&self, cx: &LeaseCx) -> Result<(), Diagnostics> {
        let lease = cx.private("lease").unwrap_or_default();
        Err(Diagnostic::error("The lease stays open", lease).into())
    }
}

/// Where to look.
#[derive(Clone, Model)]
struct Place {
    /// A part of the name.
    #[tf(required)]
    name: String,
}

struct AllEntries;

impl ListResource for AllEntries {
    type Resource = Entries;
    type Config = Place;

    async fn list(
        &self,
        _: &Cx<String>,
        request: List<Place>,
        found: &mut Listing<Entries>,
    ) -> Result<(), Diagnostics> {
        let name = Value::Known(request.config.name.clone());
        let identity = EntryIdentity { name: name.clone() };
        Ok(found
            .push(Found::new(identity, request.config.name).object(entry(name)))
            .await?)
    }
}

struct Rotate;

impl Action for Rotate {
    const TYPE: &'static str = "vault_rotate";
    type Data = String;
    type Model = Place;

    async fn invoke(&self, _: &Cx<String>, request: Invoke<Place>, progress: &Progress) -> Result<(), Diagnostics> {
        progress.say(request.config.name.clone());
        Err(Diagnostic::error("It does not turn", request.config.name).into())
    }
}

struct Reveal;

impl Function for Reveal {
    const NAME: &'static str = "reveal";
    type Arguments = (String, bool);
    type Output = String;

    fn signature(&self) -> Signature {
        Signature::new("What is known")
            .parameter("text", "A text.")
            .parameter("refuse", "Whether to refuse it.")
    }

    fn call(&self, (text, refuse): Self::Arguments) -> Result<String, FunctionError> {
        if refuse {
            return Err(FunctionError::argument(0, format!("`{text}` is refused.")));
        }
        Ok(text)
    }
}

fn main() -> ExitCode {
    tfplugin::serve(Vault)
}
