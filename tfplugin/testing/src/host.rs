//! Starting a provider as a host does.

use std::ffi::OsString;
use std::path::Path;

use tfplugin_proto::go_plugin::Empty;
use tokio::process::Command;

use crate::certificate::HostIdentity;
use crate::client::Client;
use crate::connect::{Trust, connect};
use crate::failure::{During, Failure};
use crate::handshake::Handshake;
use crate::process::{Ear, Ended, Process};

/// The variable that tells a provider that a host has started it, and its value.
pub const COOKIE: (&str, &str) = (
    "TF_PLUGIN_MAGIC_COOKIE",
    "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
);

/// How a provider is to be started; as Terraform does it unless told otherwise.
#[derive(Debug)]
pub struct Launch {
    command: Command,
    identity: HostIdentity,
    tls: bool,
    ear: Ear,
}

/// A provider's process, and a connection to it.
#[derive(Debug)]
pub struct Host {
    /// The process.
    pub process: Process,
    /// What it printed.
    pub handshake: Handshake,
    /// Who the host is.
    pub identity: HostIdentity,
    /// The connection.
    pub client: Client,
}

impl Launch {
    /// Of a program, with a fresh identity.
    ///
    /// # Errors
    ///
    /// When no key can be made.
    pub fn new(program: impl AsRef<Path>) -> Result<Self, Failure> {
        let mut command = Command::new(program.as_ref());
        command
            .env(COOKIE.0, COOKIE.1)
            .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
            .env("PLUGIN_MIN_PORT", "10000")
            .env("PLUGIN_MAX_PORT", "25000");
        Ok(Self {
            command,
            identity: HostIdentity::like_go()?,
            tls: true,
            ear: Ear::Open,
        })
    }

    /// With a variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.command.env(name, value.into());
        self
    }

    /// Without a variable.
    #[must_use]
    pub fn env_remove(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// With an argument.
    #[must_use]
    pub fn arg(mut self, arg: &str) -> Self {
        self.command.arg(arg);
        self
    }

    /// With another identity.
    #[must_use]
    pub fn identity(mut self, identity: HostIdentity) -> Self {
        self.identity = identity;
        self
    }

    /// As a host with `TF_DISABLE_PLUGIN_TLS`.
    #[must_use]
    pub fn without_tls(mut self) -> Self {
        self.tls = false;
        self
    }

    /// As a host that never reads standard error.
    #[must_use]
    pub fn deaf(mut self) -> Self {
        self.ear = Ear::Deaf;
        self
    }

    /// Starts the process and does no more.
    ///
    /// # Errors
    ///
    /// When it cannot be started.
    pub fn process(self) -> Result<(Process, HostIdentity), Failure> {
        let Self {
            mut command,
            identity,
            tls,
            ear,
        } = self;
        if tls {
            command.env("PLUGIN_CLIENT_CERT", identity.pem());
        }
        Ok((Process::start_with(command, ear)?, identity))
    }

    /// Starts the process and connects to it.
    ///
    /// # Errors
    ///
    /// When it does not serve, with what it wrote to standard error.
    pub async fn start(self) -> Result<Host, Failure> {
        let tls = self.tls;
        let (mut process, identity) = self.process()?;
        let handshake =
            Handshake::parse(&process.line().await?).map_err(|failure| process.failure(&failure.to_string()))?;
        let trust = if tls { Trust::Mutual(&identity) } else { Trust::Plain };
        let channel = connect(&handshake, trust)
            .await
            .map_err(|failure| process.failure(&failure.to_string()))?;
        Ok(Host {
            process,
            handshake,
            identity,
            client: Client::new(channel),
        })
    }
}

impl Host {
    /// Asks the process to end, closes the connection, and waits.
    ///
    /// # Errors
    ///
    /// When it does not end.
    pub async fn shutdown(self) -> Result<Ended, Failure> {
        let Self {
            process, mut client, ..
        } = self;
        client.controller.shutdown(Empty {}).await.during("shutdown")?;
        drop(client);
        process.ended().await
    }
}
