//! Being a go-plugin, with a stub in place of a provider.

mod authentication;
#[cfg(unix)]
mod debug;
mod handshake;
mod lifecycle;
mod logs;
mod reattach;

use serde_json::Value;
use tfplugin_proto::tfplugin6::{DynamicValue, validate_provider_config};
use tfplugin_testing::{Client, Failure, Handshake, Launch, example};
use tonic::Status;

/// The stub's source address.
const ADDRESS: &str = "registry.terraform.io/example/stub";

/// The stub provider, as a host starts it.
fn stub() -> Result<Launch, Failure> {
    Launch::new(example("transport-stub")?)
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

/// Where the value of `TF_REATTACH_PROVIDERS` leads.
fn reattach_handshake(reattach: &Value) -> Handshake {
    let addr = &reattach[ADDRESS]["Addr"];
    let text = |key: &str| addr[key].as_str().expect("a text").to_owned();
    Handshake {
        network: text("Network"),
        address: text("String"),
        certificate: None,
    }
}
