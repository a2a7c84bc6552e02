//! What a Terraform host does, for tests of providers: start the process or attach to one, make
//! the connection, call every RPC.
//!
//! Nothing here knows what a provider is for. Only ever a dev-dependency.
#![deny(missing_docs)]

#[cfg(feature = "client")]
mod certificate;
pub mod child;
pub mod cli;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod connect;
#[cfg(feature = "client")]
pub mod core;
mod failure;
#[cfg(feature = "client")]
mod handshake;
#[cfg(feature = "client")]
mod host;
#[cfg(feature = "client")]
mod in_process;
#[cfg(feature = "client")]
mod process;
pub mod scenario;

#[cfg(feature = "client")]
pub use self::certificate::HostIdentity;
#[cfg(feature = "client")]
pub use self::client::Client;
#[cfg(feature = "client")]
pub use self::connect::{Trust, connect};
#[cfg(feature = "client")]
pub use self::core::Core;
pub use self::failure::Failure;
#[cfg(feature = "client")]
pub use self::handshake::Handshake;
#[cfg(feature = "client")]
pub use self::host::{COOKIE, Host, Launch};
#[cfg(feature = "client")]
pub use self::process::{Ended, Process};

#[cfg(all(doctest, feature = "client"))]
#[doc = include_str!("../README.md")]
struct Readme;
