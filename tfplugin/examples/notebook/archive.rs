//! An action: something done once, that is no object.

use tfplugin::model::{Diagnostics, Model, Value};
use tfplugin::{Action, Cx, Invoke, Progress};

use super::store::Store;

/// Keeps a copy of a note where nobody changes it.
#[derive(Clone, Model)]
pub(crate) struct Archived {
    /// The name of the note.
    #[tf(required)]
    note: Value<String>,
}

pub(crate) struct Archive;

impl Action for Archive {
    const TYPE: &'static str = "notebook_archive";
    type Data = Value<Store>;
    type Model = Archived;

    async fn invoke(
        &self,
        cx: &Cx<Value<Store>>,
        request: Invoke<Archived>,
        progress: &Progress,
    ) -> Result<(), Diagnostics> {
        let note = request.config.note.known().map_or("", String::as_str);
        progress.say(format!("copying `{note}`"));
        Store::of(cx.data()?)?.archive(note)
    }
}
