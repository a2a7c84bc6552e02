//! Wire types of Terraform's plugin protocol 6.11 and of go-plugin.
//!
//! Nothing here interprets anything: the modules are generated from the files in `proto/` by
//! `cargo xtask codegen`, and everything with a meaning lives in the crates on top.

/// Messages and service of the plugin protocol, package `tfplugin6`.
#[allow(
    clippy::all,
    clippy::allow_attributes_without_reason,
    unreachable_pub,
    unused_qualifications,
    reason = "generated code"
)]
#[rustfmt::skip]
pub mod tfplugin6 {
    include!("gen/tfplugin6.rs");
}

/// Messages and services that go-plugin adds, package `plugin`.
#[allow(
    clippy::all,
    clippy::allow_attributes_without_reason,
    unreachable_pub,
    unused_qualifications,
    reason = "generated code"
)]
#[rustfmt::skip]
pub mod go_plugin {
    include!("gen/plugin.rs");
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
