//! The wire form of values, as the host writes and reads it.
//!
//! Strings are sent as they are: the host normalises what it reads to NFC, and so does it before it compares anything.

mod decode;
mod encode;
mod reader;
#[cfg(test)]
mod tests;

pub use decode::decode;
pub use encode::encode;

/// Extension type of an unknown value with a refinement; every other extension type is an unknown value without one.
const REFINED: i8 = 12;

/// The host refuses longer refinements.
const MAX_REFINEMENT_BYTES: usize = 1024;

/// The host cuts prefixes here, so that they fit into a refinement.
const MAX_PREFIX_BYTES: usize = 256;

/// Keys of a refinement.
mod refined {
    pub(super) const NULLNESS: u64 = 1;
    pub(super) const PREFIX: u64 = 2;
    pub(super) const LOWER: u64 = 3;
    pub(super) const UPPER: u64 = 4;
    pub(super) const MIN_LENGTH: u64 = 5;
    pub(super) const MAX_LENGTH: u64 = 6;
}
