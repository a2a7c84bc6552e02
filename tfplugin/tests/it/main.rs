//! The framework as hosts see it, over real sockets and from real processes.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod reattach;
