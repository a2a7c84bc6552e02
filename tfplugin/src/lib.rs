//! A framework for Terraform and OpenTofu providers.
#![deny(missing_docs)]

mod logging;
pub mod transport;
