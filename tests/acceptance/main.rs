//! The built provider under the real terraform and tofu, on real third-party AWS servers and on our own strict one.
//!
//! `cargo xtask test acceptance` builds, starts and names what these tests need.

#[cfg(test)]
mod adoption;
#[cfg(test)]
mod aws;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod deletion;
#[cfg(test)]
mod drift;
#[cfg(test)]
mod early_errors;
#[cfg(test)]
mod existing_role;
#[cfg(test)]
mod findings;
#[cfg(test)]
mod functions;
#[cfg(test)]
mod import;
#[cfg(test)]
mod in_effect;
#[cfg(test)]
mod lab;
#[cfg(test)]
mod late_cluster;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod neighbours;
#[cfg(test)]
mod ownership;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod servers;
#[cfg(test)]
mod signatures;
#[cfg(test)]
mod switching;
#[cfg(test)]
mod trust_policies;
#[cfg(test)]
mod unknown_values;
