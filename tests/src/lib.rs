//! What the acceptance tests and the demo stand on: local AWS servers on loopback, and what a scenario finds in them.
//!
//! The scenarios themselves are in `tests/acceptance`; the rules of the workspace are in
//! `tests/architecture`.

pub mod cluster;
pub mod http;
pub mod servers;
