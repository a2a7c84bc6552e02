//! What the acceptance tests and the demo stand on: child processes that end with their owner,
//! local AWS servers on loopback, and a driver of the real terraform and tofu.
//!
//! The scenarios themselves are in `tests/acceptance`; the rules of the workspace are in
//! `tests/architecture`.

pub mod cli;
pub mod cluster;
pub mod http;
pub mod process;
pub mod servers;
