//! What a pod, its service account and its node say, as far as it bears on credentials of AWS.
//!
//! [`read`] takes what `kubectl get … -o json` prints: pods, what makes pods, service accounts, nodes, and lists of them. Values that may be
//! secret are never kept. What a Secret or ConfigMap holds, what an image brings along and what a program does are not here: nobody can
//! see them from the outside.

mod environment;
mod error;
mod model;
mod read;

pub use environment::{Origin, Variable};
pub use error::{Fault, ReadError};
pub use model::{
    Compute, Container, ContainerKind, EnvFrom, EnvValue, EnvVar, Mount, Node, Objects, PodSpec, Reference,
    ServiceAccountObject, SourceKind, TokenProjection, Volume, VolumeSource, Workload,
};
pub use read::read;
