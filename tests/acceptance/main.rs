//! The built provider under the real terraform and tofu, on real third-party AWS servers and on our own strict one.
//!
//! `cargo xtask test acceptance` builds, starts and names what these tests need.

#[cfg(test)]
mod aws;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod existing_role;
#[cfg(test)]
mod functions;
#[cfg(test)]
mod import;
#[cfg(test)]
mod lab;
#[cfg(test)]
mod late_cluster;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod neighbours;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod servers;
