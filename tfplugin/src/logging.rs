//! Log lines that a host understands, on standard error.
//!
//! The framework and providers log through [`tracing`]; so do the libraries they use, of which only errors are logged. As with providers
//! written in Go, nothing is logged unless `TF_LOG` or one of its narrower forms asks.

mod hclog;
mod level;
pub(crate) mod panics;
mod writer;

use tracing_subscriber::layer::SubscriberExt;

use self::hclog::Hclog;
use self::level::Levels;
use self::writer::Writer;

/// Starts logging for the rest of the process, if it is asked for. Leaves a program alone that logs in its own way. `own` is the crate of the
/// provider.
pub(crate) fn install(type_name: &str, own: &'static str) -> Option<Writer> {
    panics::install_hook();
    let levels = Levels::read(type_name, own, |name| std::env::var(name).ok());
    if !levels.any() {
        return None;
    }
    let writer = Writer::start().ok()?;
    let registry = tracing_subscriber::registry().with(Hclog::new(levels, writer.clone()));
    tracing::subscriber::set_global_default(registry).ok()?;
    Some(writer)
}
