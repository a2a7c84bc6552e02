//! A framework for Terraform and OpenTofu providers.

#![deny(missing_docs)]

mod bug;
mod call;
mod data_source;
mod function;
mod logging;
pub mod model;
mod private;
mod provider;
mod resource;
mod serve;
mod server;
pub mod transport;
mod upgrade;
mod wire;

pub use call::{Cx, Stopped};
pub use data_source::DataSource;
pub use function::{Argument, Arguments, Function, FunctionError, Signature, Variadic};
pub use provider::{Configure, Provider, Registry};
pub use resource::{Create, Delete, ImportKey, Read, Resource, Update};
pub use serve::serve;
pub use upgrade::Upgrades;
pub use wire::Service;
