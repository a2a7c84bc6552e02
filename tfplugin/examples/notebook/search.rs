//! A data source.

use tfplugin::model::{Diagnostics, Model, Value};
use tfplugin::{Cx, DataSource};

use super::store::Store;

/// Finds notes by what they say.
#[derive(Clone, Model)]
pub(crate) struct Found {
    /// What they have to say somewhere; all notes do if this is left out.
    #[tf(optional)]
    containing: Value<String>,
    /// Their names, in order.
    #[tf(computed)]
    names: Value<Vec<String>>,
}

pub(crate) struct Search;

impl DataSource for Search {
    const TYPE: &'static str = "notebook_search";
    type Data = Value<Store>;
    type Model = Found;

    async fn read(&self, cx: &Cx<Value<Store>>, config: Found) -> Result<Found, Diagnostics> {
        let store = Store::of(cx.data()?)?;
        let wanted = config.containing.known().map_or("", String::as_str);
        let mut names = Vec::new();
        for name in store.names()? {
            if store.read(&name)?.is_some_and(|text| text.contains(wanted)) {
                names.push(name);
            }
        }
        Ok(Found {
            names: Value::Known(names),
            ..config
        })
    }
}
