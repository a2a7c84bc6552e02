//! What fuzzing feeds with bytes: for any bytes, a target returns, quickly, and the laws that it asserts hold.
//!
//! `cargo xtask fuzz` looks for bytes that break a law; the tests replay the seeds, and every input that once did.

#![allow(clippy::panic, reason = "a law that does not hold is reported so")]

mod evaluate;
mod findings;
#[cfg(test)]
mod tests;
mod workload;

/// A target, and the name of its folder of seeds.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: &[Target] = &[
    ("evaluate", evaluate::evaluate),
    ("findings", findings::findings),
    ("workload", workload::workload),
];
