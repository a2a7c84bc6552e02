//! Names and identifiers, parsed once: what is held here is well formed.
//!
//! Each is a text with [`FromStr`](std::str::FromStr) and [`Display`](std::fmt::Display); errors say in a phrase what is asked for.

mod association;
mod aws;
mod binding;
mod cluster;
mod digest;
mod import;
mod kubernetes;
mod oidc;
mod role;
mod text;

pub use association::{AssociationArn, AssociationId};
pub use aws::{AccountId, Partition, Region};
pub use binding::{BindingKey, Mechanism, OWNER_TAG};
pub use cluster::{ClusterArn, ClusterName};
pub use import::ImportId;
pub use kubernetes::{Namespace, ServiceAccount};
pub use oidc::{EksIssuer, OidcIssuer, OidcProviderArn};
pub use role::{PolicyArn, PolicyName, RoleArn, RoleName, RolePath};
pub use text::IdError;

pub(crate) use digest::digest;
pub(crate) use text::arn_parts;
