//! Failures to start.

use std::io;

use super::handshake::PROTOCOL_VERSION;

/// Why a plugin serves nobody.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The host is older than Terraform 1.0.
    #[error(
        "the host offers plugin protocol {offered}, and this provider speaks {PROTOCOL_VERSION}: \
         use a newer terraform or tofu"
    )]
    Protocol {
        /// What the host offers, in its own words.
        offered: String,
    },
    /// `PLUGIN_CLIENT_CERT` holds no certificate.
    #[error("the host's certificate in `PLUGIN_CLIENT_CERT` cannot be read: {reason}")]
    ClientCertificate {
        /// What is wrong with it.
        reason: String,
    },
    /// The own certificate cannot be made.
    #[error("no TLS certificate can be made: {0}")]
    ServerCertificate(String),
    /// No socket can be opened.
    #[error("cannot listen on {at}: {source}")]
    Listen {
        /// A path or an address.
        at: String,
        /// Why.
        source: io::Error,
    },
    /// The handshake cannot be printed.
    #[error("cannot write to standard output: {0}")]
    Stdout(io::Error),
    /// Signals cannot be handled.
    #[error("cannot handle signals: {0}")]
    Signals(io::Error),
    /// Threads cannot be started.
    #[error("cannot start threads: {0}")]
    Runtime(io::Error),
    /// The server ended by itself.
    #[error("the gRPC server failed: {0}")]
    Server(String),
}
