//! A provider's process as its host sees it, mostly with a stub in place of a provider.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod actions;
mod authentication;
#[cfg(unix)]
mod debug;
mod example;
mod handshake;
mod lifecycle;
mod lists;
mod logs;
mod notebook;
mod secrets;

use tfplugin_proto::tfplugin6::{DynamicValue, validate_provider_config};
use tfplugin_testing::{Client, Failure, Launch};
use tonic::Status;

/// The stub provider, as a host starts it.
fn stub() -> Result<Launch, Failure> {
    Launch::new(env!("CARGO_BIN_EXE_transport-stub"))
}

/// One call, there and back, with a message of about this many bytes in both directions; the stub
/// answers with the number of bytes it got.
async fn call(client: &mut Client, bytes: usize) -> Result<String, Status> {
    let config = DynamicValue {
        msgpack: vec![b'x'; bytes],
        json: vec![],
    };
    let request = validate_provider_config::Request { config: Some(config) };
    let response = client.provider.validate_provider_config(request).await?.into_inner();
    let diagnostic = response.diagnostics.into_iter().next();
    Ok(diagnostic.map(|diagnostic| diagnostic.summary).unwrap_or_default())
}
