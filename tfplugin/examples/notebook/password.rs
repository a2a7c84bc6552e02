//! An ephemeral resource: its values are in no plan and no state.

use tfplugin::model::{Diagnostics, Model, Value};
use tfplugin::{Cx, Ephemeral, EphemeralResource, Opened};

use super::store::Store;

/// The password of a note. Nobody else can have it until it is closed.
#[derive(Clone, Model)]
pub(crate) struct Password {
    /// The name of the note.
    #[tf(required)]
    note: Value<String>,
    /// Its password.
    #[tf(computed, sensitive)]
    value: Value<String>,
}

pub(crate) struct Passwords;

const NOTE: &str = "note";

impl EphemeralResource for Passwords {
    const TYPE: &'static str = "notebook_password";
    type Data = Value<Store>;
    type Model = Password;

    async fn open(&self, cx: &Cx<Value<Store>, Ephemeral>, config: Password) -> Result<Opened<Password>, Diagnostics> {
        let note = config.note.known().map_or("", String::as_str);
        let password = Store::of(cx.data()?)?.open(note)?;
        cx.set_private(NOTE, note);
        Ok(Password {
            value: password.into(),
            ..config
        }
        .into())
    }

    async fn close(&self, cx: &Cx<Value<Store>, Ephemeral>) -> Result<(), Diagnostics> {
        match cx.private(NOTE) {
            Some(note) => Store::of(cx.data()?)?.close(&note),
            None => Ok(()),
        }
    }
}
