//! What RPCs mean, over a provider in this process.

mod actions;
mod beside;
mod calls;
mod checks;
mod deferrals;
mod documentation;
mod ephemeral;
mod failures;
mod functions;
mod generated;
mod identities;
mod library;
mod lifecycle;
mod list_resources;
mod moves;
mod offer;
mod rules;
mod state;
mod vocabulary;
mod waiter;

use tfplugin::model::Diagnostics;

/// Summary and place of each diagnostic.
fn told(all: &Diagnostics) -> Vec<(String, String)> {
    all.iter()
        .map(|one| {
            let at = one.path.as_ref().map(ToString::to_string).unwrap_or_default();
            (one.summary.clone(), at)
        })
        .collect()
}

/// The only diagnostic.
#[track_caller]
fn only(all: &Diagnostics) -> (String, String) {
    let mut told = told(all);
    assert_eq!(told.len(), 1, "{all:#?}");
    told.remove(0)
}
