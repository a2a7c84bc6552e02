//! A provider with one of every kind: notes, as files in a folder.

mod archive;
mod functions;
mod list;
mod memo;
mod note;
mod password;
mod search;
mod store;

use std::process::ExitCode;

use tfplugin::model::{Diagnostics, Model, Value};
use tfplugin::{Configure, Cx, Provider, Registry};

use self::store::Store;

/// Manages notes.
#[derive(Clone, Model)]
pub(crate) struct Settings {
    /// The folder that holds the notes.
    #[tf(required)]
    folder: Value<String>,
}

#[derive(Debug)]
pub(crate) struct Notebook;

impl Provider for Notebook {
    const ADDRESS: &'static str = "registry.terraform.io/example/notebook";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    type Config = Settings;
    /// Unknown if the folder is known only after apply.
    type Data = Value<Store>;

    fn registry(&self) -> Registry<Self::Data> {
        Registry::new()
            .resource(note::Notes)
            .resource(memo::Memos)
            .data_source(search::Search)
            .ephemeral_resource(password::Passwords)
            .list_resource(list::Listed)
            .action(archive::Archive)
            .function(functions::Title)
            .function(functions::Excerpt)
            .function(functions::Kind)
    }

    async fn configure(&self, _: &Cx<()>, request: Configure<Settings>) -> Result<Self::Data, Diagnostics> {
        Ok(request.config.folder.map(Store::new))
    }
}

fn main() -> ExitCode {
    tfplugin::serve(Notebook)
}
