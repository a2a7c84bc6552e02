//! The gRPC service: from the protocol's messages to the framework's types and back. With the transport, the only place that names them.

mod action;
mod client;
mod crash;
mod data_source;
mod diagnostics;
mod dump;
mod ephemeral_resource;
mod function;
mod list_resource;
mod log;
mod message;
mod offer;
mod provider;
mod resource;
mod schema;
mod service;
mod stream;
mod value;

pub use self::service::Service;
