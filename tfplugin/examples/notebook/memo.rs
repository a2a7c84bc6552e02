//! The older kind of note, which users leave with a `moved` block.

use tfplugin::model::{Diagnostics, Model, Value};
use tfplugin::{Create, Cx, Delete, Read, Resource};

use super::store::Store;

/// A memo. Notes have taken its place.
#[derive(Clone, Model)]
#[tf(deprecated = "Use `notebook_note`, and a `moved` block from one to the other.")]
pub(crate) struct Memo {
    /// Its title; no other memo or note has it.
    #[tf(required, replace)]
    pub(crate) title: Value<String>,
    /// What it says.
    #[tf(required, replace)]
    pub(crate) body: Value<String>,
}

pub(crate) struct Memos;

type MemoCx = Cx<Value<Store>, Memo>;

impl Resource for Memos {
    const TYPE: &'static str = "notebook_memo";
    type Data = Value<Store>;
    type Model = Memo;
    type Identity = ();

    async fn create(&self, cx: &MemoCx, request: Create<Memo>) -> Result<Memo, Diagnostics> {
        let memo = request.planned;
        if let (Some(title), Some(body)) = (memo.title.known(), memo.body.known()) {
            Store::of(cx.data()?)?.create(title, body)?;
        }
        Ok(memo)
    }

    async fn read(&self, cx: &MemoCx, request: Read<Memo>) -> Result<Option<Memo>, Diagnostics> {
        let memo = request.state;
        let (Some(store), Some(title)) = (cx.data()?.known(), memo.title.known()) else {
            return Ok(Some(memo));
        };
        let found = store.read(title)?;
        Ok(found.map(|body| Memo {
            body: body.into(),
            ..memo
        }))
    }

    async fn delete(&self, cx: &MemoCx, request: Delete<Memo>) -> Result<(), Diagnostics> {
        match request.prior.title.known() {
            Some(title) => Store::of(cx.data()?)?.delete(title),
            None => Ok(()),
        }
    }
}
