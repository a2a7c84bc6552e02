//! Terraform's semantics as a pure library: types, values, paths, schemas, diagnostics and the plan pipeline.
//!
//! Nothing here does I/O, reads a clock or an environment variable, or knows a cloud. What it prints is deterministic, and it builds for
//! `wasm32-unknown-unknown`.
//!
//! Two kinds of values are kept apart: [`value`] is typed and serves the pipeline between host and provider; [`planfile`] reads the JSON
//! that `terraform show -json` writes, with its marks, for people to look at.

#![deny(missing_docs)]

// Derived code names this crate by its name, also in here.
extern crate self as tfmodel;

#[cfg(test)]
mod arbitrary;
pub mod attributes;
pub mod conformance;
pub mod diagnostics;
pub mod encoding;
pub mod equality;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
pub mod host_checks;
pub mod json;
pub mod model;
pub mod number;
pub mod order;
pub mod path;
pub mod plan;
pub mod planfile;
pub mod schema;
pub mod spelling;
#[cfg(feature = "derive")]
pub mod timeouts;
pub mod ty;
pub mod validate;
pub mod validators;
pub mod value;

#[cfg(feature = "msgpack")]
pub use encoding::msgpack;

pub use attributes::Attributes;
pub use conformance::Mismatch;
pub use diagnostics::{Diagnostic, Diagnostics, Severity};
#[cfg(feature = "derive")]
#[doc(hidden)]
pub use model::TfpluginModel;
pub use model::{Field, Model, Set};
pub use number::Number;
pub use path::{Path, Step};
pub use schema::Schema;
pub use ty::Type;
pub use value::{Datum, Value};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
