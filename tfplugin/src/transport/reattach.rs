//! Serving hosts that did not start this process: under a debugger, or inside a test.
//!
//! There is no TLS and no handshake; whoever can open the socket is trusted, and on unix that is
//! the own user only.

use tfplugin_proto::tfplugin6::provider_server::Provider;
use tokio::task::JoinHandle;

use super::environment::Environment;
use super::error::StartError;
use super::handshake::PROTOCOL_VERSION;
use super::lifecycle::Lifecycle;
use super::listen::{Address, Listener};
use super::server::{self, Host};
use super::{About, print};

/// What leads a host here.
const VARIABLE: &str = "TF_REATTACH_PROVIDERS";

/// A provider served inside this process. Dropping it stops it without waiting.
#[derive(Debug)]
pub struct Attached {
    at: Address,
    lifecycle: Lifecycle,
    serving: JoinHandle<Result<(), StartError>>,
}

/// Serves a provider inside this process, for hosts that are given [`Attached::reattach`].
///
/// # Errors
///
/// When no socket can be opened.
pub async fn attach<S, F>(make: F) -> Result<Attached, StartError>
where
    S: Provider,
    F: FnOnce(Lifecycle) -> S + Send + 'static,
{
    let listener = Listener::bind(&Environment::default())?;
    let at = listener.address().clone();
    let lifecycle = Lifecycle::default();
    let serving = tokio::spawn(server::serve(listener, None, make, lifecycle.clone(), Host::Visits));
    Ok(Attached { at, lifecycle, serving })
}

impl Attached {
    /// `unix` or `tcp`.
    #[must_use]
    pub fn network(&self) -> &str {
        self.at.network
    }

    /// The socket's path, or address and port.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.at.address
    }

    /// The value of `TF_REATTACH_PROVIDERS` that leads a host here, when it looks for the
    /// provider with this source address.
    #[must_use]
    pub fn reattach(&self, provider: &str) -> String {
        reattach(provider, &self.at)
    }

    /// Stops serving and waits until the socket is gone.
    pub async fn stop(mut self) {
        self.lifecycle.stop();
        let _ = (&mut self.serving).await;
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        self.lifecycle.stop();
    }
}

/// Serves until an interrupt, and says on standard output how to get here.
pub(super) async fn debug<S, F>(about: &About<'_>, make: F) -> Result<(), StartError>
where
    S: Provider,
    F: FnOnce(Lifecycle) -> S,
{
    let lifecycle = Lifecycle::default();
    lifecycle.stop_on_interrupt()?;
    let listener = Listener::bind(&Environment::of_process())?;
    let value = reattach(about.address, listener.address());
    print(&instructions(&value))?;
    server::serve(listener, None, make, lifecycle, Host::Visits).await
}

/// The text that providers written in Go print, so that tools which read theirs read this one.
fn instructions(value: &str) -> String {
    let assignments = if cfg!(windows) {
        let for_powershell = value.replace('\'', "''");
        format!("\tCommand Prompt:\tset \"{VARIABLE}={value}\"\n\tPowerShell:\t$env:{VARIABLE}='{for_powershell}'\n")
    } else {
        let for_shells = value.replace('\'', r#"'"'"'"#);
        format!("\t{VARIABLE}='{for_shells}'\n")
    };
    format!(
        "Provider started. To attach Terraform CLI, set the {VARIABLE} environment variable with the following:\n\n{assignments}\n"
    )
}

/// JSON with its keys in the order in which providers written in Go have them.
fn reattach(provider: &str, at: &Address) -> String {
    let text = |text: &str| serde_json::Value::from(text);
    // `Test` says that the host is not to end the process.
    format!(
        r#"{{{}:{{"Protocol":"grpc","ProtocolVersion":{PROTOCOL_VERSION},"Pid":{},"Test":true,"Addr":{{"Network":{},"String":{}}}}}}}"#,
        text(provider),
        std::process::id(),
        text(at.network),
        text(&at.address),
    )
}
