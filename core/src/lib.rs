//! Which pod may be which IAM role: the domain engine, pure.
//!
//! It parses identifiers and policies, knows the resource `pod_identity_binding`, says which facts a plan needs, plans, and orders the steps
//! that lead from what is there to what is wanted. It does no I/O and knows no clock, randomness or environment; what it prints is
//! deterministic.

#![deny(missing_docs)]

pub mod advice;
pub mod binding;
pub mod docs;
pub mod evaluate;
pub mod findings;
pub mod functions;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
pub mod ids;
pub mod policy;
pub mod precedence;
pub mod report;
pub mod workload;
