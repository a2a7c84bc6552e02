//! The framework as hosts see it, over real sockets and from real processes.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod reattach;
mod robust;
mod server;
