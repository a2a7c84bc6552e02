//! A list resource: what exists, for `terraform query`.

use tfplugin::model::{Diagnostics, Model, Value};
use tfplugin::{Cx, Found, List, ListResource, Listing};

use super::note::{Note, NoteIdentity, Notes};
use super::store::Store;

/// Which notes to list.
#[derive(Clone, Model)]
pub(crate) struct Scope {
    /// How their names have to begin.
    #[tf(optional)]
    prefix: Value<String>,
}

pub(crate) struct Listed;

impl ListResource for Listed {
    type Resource = Notes;
    type Config = Scope;

    async fn list(
        &self,
        cx: &Cx<Value<Store>>,
        request: List<Scope>,
        found: &mut Listing<Notes>,
    ) -> Result<(), Diagnostics> {
        let store = Store::of(cx.data()?)?;
        let prefix = request.config.prefix.known().map_or("", String::as_str);
        for name in store.names()? {
            if !name.starts_with(prefix) {
                continue;
            }
            let identity = NoteIdentity {
                name: name.clone().into(),
            };
            let mut one = Found::new(identity, &name);
            if request.wants_objects {
                let Some(text) = store.read(&name)? else { continue };
                one = one.object(Note::new(name, text));
            }
            found.push(one).await?;
        }
        Ok(())
    }
}
