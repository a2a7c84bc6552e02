//! Providers that misbehave and hosts that do: nothing takes the process down, and nothing that exists is lost.

mod fragile;
mod hosts;
mod losses;
mod panics;
mod stops;

use std::sync::Arc;
use std::time::Duration;

use tfplugin::model::Diagnostics;
use tfplugin_testing::Core;
use tfplugin_testing::core::{ResourceType, State};

use self::fragile::{Control, Fragile};

/// Nothing in here takes longer, unless it hangs.
const LIMIT: Duration = Duration::from_secs(60);

async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(LIMIT, work).await.expect("it hangs")
}

/// A configured provider in this process, and what controls it.
async fn fragile() -> (Core, Arc<Control>) {
    let provider = Fragile::default();
    let control = Arc::clone(&provider.0);
    let core = Core::in_process(provider).await.expect("schemas");
    configure(&core, "").await.expect("configured");
    (core, control)
}

async fn configure(core: &Core, suffix: &str) -> Result<Diagnostics, Diagnostics> {
    let config = core.provider_config(&format!(r#"{{"suffix": "{suffix}"}}"#));
    core.configure(&config.expect("settings")).await
}

fn things(core: &Core) -> ResourceType {
    core.resource("fragile_thing").expect("a resource")
}

const CUP: &str = r#"{"name": "cup"}"#;
const HEAVY_CUP: &str = r#"{"name": "cup", "weight": 2}"#;

/// A thing that exists.
async fn cup(core: &Core) -> State {
    let things = things(core);
    let config = things.config(CUP).expect("config");
    things.converge(&State::default(), &config).await.expect("created")
}

/// The summary and the detail of the only diagnostic.
#[track_caller]
fn only(all: &Diagnostics) -> (&str, &str) {
    let all: Vec<_> = all.iter().collect();
    assert_eq!(all.len(), 1, "{all:#?}");
    (&all[0].summary, &all[0].detail)
}
