//! The Terraform provider `pod`: which pods on EKS may be which IAM role.

mod binding;
mod cloud;
mod cluster;
mod configuration;
#[cfg(test)]
mod lab;
mod provider;
mod session;
mod trust_policy;

use std::process::ExitCode;

fn main() -> ExitCode {
    tfplugin::serve(provider::Pod(session::ConnectAws))
}
