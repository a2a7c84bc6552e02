//! Which pod may be which IAM role: the domain engine, pure.
//!
//! It does no I/O and knows no clock, randomness or environment; what it prints is deterministic. Everything starts from parsed [`ids`].
//!
//! - [`policy`] reads, compares, edits, merges and explains IAM policy documents.
//! - [`evaluate`] answers whether a trust policy lets a request in; [`evaluate::pod`] knows what the request of a pod carries.
//! - [`findings`] are mistakes in trust policies and around them, each with its place and, where it is mechanical, a fix.
//! - [`binding`] is the resource `pod_identity_binding`: the facts that a plan needs, the plan, and the steps from what is there to what is
//!   wanted.
//! - [`workload`] reads what kubectl prints; [`precedence`] says which credentials its containers use, [`advice`] which mechanism suits it.
//! - [`functions`] are those of the provider, as functions of values; [`report`] is what people and tools read; [`docs`] are the pages that are
//!   written from the engine's tables.

#![deny(missing_docs)]

pub mod advice;
pub mod argument;
pub mod binding;
pub mod docs;
pub mod evaluate;
mod fact;
pub mod faults;
pub mod findings;
pub mod functions;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
pub mod ids;
pub mod inventory;
mod mode;
pub mod policy;
pub mod precedence;
pub mod report;
pub mod workload;
