//! The three services over the AWS SDK for Rust.

mod addons;
mod connect;
mod eks;
mod failure;
mod iam;
mod nodes;
mod oidc;
#[cfg(test)]
mod permissions;
mod sts;
mod survey;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

pub(crate) use aws_config::retry::RetryMode;
pub(crate) use connect::{Assume, ConnectError, Connection, Endpoints, Extras, StaticKeys, Token, Transport, With};

/// Clients of the three services, which share connections and credentials.
pub(crate) struct Aws {
    eks: EksClients,
    iam: aws_sdk_iam::Client,
    sts: aws_sdk_sts::Client,
    endpoints: Endpoints,
    region: String,
}

impl Aws {
    /// The region that applies where a binding names none.
    pub(crate) fn region(&self) -> &str {
        &self.region
    }
}

/// One EKS client per region that was asked for.
struct EksClients {
    config: aws_sdk_eks::Config,
    by_region: Mutex<BTreeMap<String, aws_sdk_eks::Client>>,
}

impl EksClients {
    fn new(config: aws_sdk_eks::Config) -> Self {
        Self {
            config,
            by_region: Mutex::default(),
        }
    }

    fn in_region(&self, region: &str) -> aws_sdk_eks::Client {
        let mut clients = self.by_region.lock().unwrap_or_else(PoisonError::into_inner);
        clients
            .entry(region.to_owned())
            .or_insert_with(|| {
                let region = aws_sdk_eks::config::Region::new(region.to_owned());
                aws_sdk_eks::Client::from_conf(self.config.to_builder().region(region).build())
            })
            .clone()
    }
}

/// Some servers send an empty string for what is absent.
fn present(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests;
