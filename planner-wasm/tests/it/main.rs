//! What JavaScript calls, called from Rust.

// The attribute tells clippy that the helpers of tests are tests too.
#[cfg(test)]
mod access;
#[cfg(test)]
mod answers;
#[cfg(test)]
mod changes;
#[cfg(test)]
mod engine;
#[cfg(test)]
mod files;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod trust;
