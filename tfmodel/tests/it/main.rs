//! The derive macro and what derived models do.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod computed_blocks;
mod defaults;
mod generated;
mod kinds;
mod refusals;
mod rules;
mod schema_check;
mod schemas;
mod validation;
