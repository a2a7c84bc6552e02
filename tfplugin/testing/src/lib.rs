//! What a Terraform host does, for tests of providers: start the process or attach to one, make
//! the connection, call every RPC.
//!
//! Nothing here knows what a provider is for. Only ever a dev-dependency.
#![deny(missing_docs)]

mod certificate;
mod client;
mod connect;
pub mod core;
mod failure;
mod handshake;
mod host;
mod process;

pub use self::certificate::HostIdentity;
pub use self::client::Client;
pub use self::connect::{Trust, connect};
pub use self::core::Core;
pub use self::failure::Failure;
pub use self::handshake::Handshake;
pub use self::host::{COOKIE, Host, Launch};
pub use self::process::{Ended, Process};
