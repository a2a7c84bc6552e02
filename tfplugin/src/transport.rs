//! Being a go-plugin: everything between the start of the process and a call of the provider's
//! gRPC service, and between the last call and the end of the process.
//!
//! A host starts a process per provider configuration and phase, so the way to the handshake is short: a few milliseconds, if the build
//! sets `AWS_LC_SYS_NO_JITTER_ENTROPY=1` (in `.cargo/config.toml`, under `[env]`), and 26 more if it does not.
//!
//! Nothing here knows what an RPC means; the service is whatever implements the generated
//! [`Provider`] trait.

mod environment;
mod error;
mod go_plugin;
mod handshake;
mod lifecycle;
mod listen;
mod reattach;
mod server;
mod tls;

use std::io::Write;
use std::process::ExitCode;

use tfplugin_proto::tfplugin6::provider_server::Provider;
use tokio::runtime::{Builder, Runtime};

pub use self::error::StartError;
pub use self::handshake::usage;
pub use self::lifecycle::Lifecycle;
pub(crate) use self::lifecycle::Lost;
pub use self::reattach::{Attached, attach};
pub use self::server::MAX_MESSAGE_BYTES;

use self::environment::Environment;
use self::listen::Listener;
use self::server::Host;

/// What a process says about the provider it serves.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The type, which is the prefix of its resources: `pod`.
    pub type_name: &'a str,
    /// The full source address: `registry.terraform.io/pod-identity/pod`.
    pub address: &'a str,
    /// The version: `0.1.0`.
    pub version: &'a str,
    /// The crate that the provider is written in. Of all others, only errors are logged.
    pub crate_name: &'static str,
}

/// Serves a provider to the host that started this process, until the host ends it; with the
/// argument `-debug`, to any host that is told where it is, until it is interrupted.
///
/// `make` builds the service. It gets the [`Lifecycle`] in which calls run, and is called after
/// the handshake, so that it costs no start-up time.
pub fn run<S, F>(about: &About<'_>, make: F) -> ExitCode
where
    S: Provider,
    F: FnOnce(Lifecycle) -> S,
{
    let debug = std::env::args_os()
        .skip(1)
        .any(|arg| arg == "-debug" || arg == "--debug");
    let environment = Environment::of_process();
    if !debug && !environment.has_cookie() {
        complain(&usage(about));
        return ExitCode::FAILURE;
    }
    let log = crate::logging::install(about.type_name, about.crate_name);
    let served = runtime().and_then(|runtime| {
        let served = runtime.block_on(async {
            if debug {
                reattach::debug(about, make).await
            } else {
                hosted(&environment, make).await
            }
        });
        // Work that outlived its grace must not keep the process alive.
        runtime.shutdown_background();
        served
    });
    if let Some(log) = log {
        log.flush();
    }
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("terraform-provider-{}: {error}\n", about.type_name));
            ExitCode::FAILURE
        }
    }
}

async fn hosted<S, F>(environment: &Environment, make: F) -> Result<(), StartError>
where
    S: Provider,
    F: FnOnce(Lifecycle) -> S,
{
    handshake::negotiate(environment.protocol_versions.as_deref())?;
    let lifecycle = Lifecycle::default();
    lifecycle.stop_on_termination()?;
    let tls = environment
        .client_certificate
        .as_deref()
        .map(tls::Identity::for_host)
        .transpose()?;
    let listener = Listener::bind(environment)?;
    let certificate = tls.as_ref().map(|identity| &identity.certificate);
    print(&handshake::line(listener.address(), certificate))?;
    server::serve(listener, tls.map(|tls| tls.acceptor), make, lifecycle, Host::Owns).await
}

/// What a thread that works on calls may have on its stack, in bytes. Calls start on top of the server's own frames, and clients of remote
/// services stack up futures that are megabytes deep in builds without optimisation. Only what is used is taken from memory.
const STACK: usize = 16 * 1024 * 1024;

fn runtime() -> Result<Runtime, StartError> {
    // Calls wait for remote services most of their time; more threads cost start-up time.
    let threads = std::thread::available_parallelism().map_or(2, |n| n.get().clamp(2, 4));
    Builder::new_multi_thread()
        .worker_threads(threads)
        .thread_stack_size(STACK)
        .enable_all()
        .build()
        .map_err(StartError::Runtime)
}

/// The only way to standard output, which belongs to the protocol.
fn print(text: &str) -> Result<(), StartError> {
    let mut stdout = std::io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(StartError::Stdout)
}

fn complain(text: &str) {
    // Nobody is left to tell when standard error is closed.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;

    use super::runtime;

    /// Takes 64 KiB of the stack for each level.
    fn deep(levels: usize) -> u8 {
        let frame = black_box([1_u8; 64 * 1024]);
        if levels == 0 {
            return frame[0];
        }
        let below = deep(levels - 1);
        black_box(frame[levels]).wrapping_add(below)
    }

    #[test]
    fn a_call_has_megabytes_of_stack() {
        let runtime = runtime().unwrap();
        let used = runtime.block_on(async { tokio::spawn(async { deep(32) }).await.unwrap() });
        assert_eq!(used, 33);
    }
}
