mod answers;
mod asks;
mod corpus;
mod questions;
mod table;

use pod_identity_core::evaluate::pod::{AskedRole, Pod};
use pod_identity_core::ids::{Mechanism, Partition};

pub(crate) const ISSUER: &str = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";

/// A pod of whom everything is known but its name and uid.
pub(crate) fn pod(mechanism: Mechanism) -> Pod {
    Pod {
        partition: Some(Partition::Aws),
        region: Some("eu-west-1".parse().unwrap()),
        account: Some("111122223333".parse().unwrap()),
        cluster: Some("main".parse().unwrap()),
        namespace: Some("prod".parse().unwrap()),
        service_account: Some("api".parse().unwrap()),
        issuer: Some(ISSUER.parse().unwrap()),
        provider_account: Some("111122223333".parse().unwrap()),
        ..Pod::new(mechanism)
    }
}

pub(crate) fn role(arn: &str) -> AskedRole {
    AskedRole {
        arn: Some(arn.parse().unwrap()),
        ..AskedRole::default()
    }
}
