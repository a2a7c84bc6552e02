//! The Terraform provider `pod`: which pods on EKS may be which IAM role.

mod agent;
mod binding;
mod cloud;
mod cluster;
mod configuration;
mod functions;
mod inventory;
#[cfg(test)]
mod lab;
mod oidc_provider;
mod preflight;
mod provider;
mod roles;
mod session;

use std::process::ExitCode;

fn main() -> ExitCode {
    tfplugin::serve(provider::Pod(session::ConnectAws))
}
