use serde::Serialize;

use super::sdk::Sdk;
use crate::fact::Fact;
use crate::ids::RoleArn;
use crate::workload::{Compute, Objects, ServiceAccountObject, Workload};

/// A workload, and what is known of where it runs. What is not known is not guessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Situation {
    /// The pod, or what makes pods.
    pub workload: Workload,
    /// Its service account.
    pub service_account: Fact<ServiceAccountObject>,
    /// The Pod Identity association of its namespace and service account.
    pub association: Fact<Association>,
    /// What it runs on.
    pub compute: Option<Compute>,
    /// Whether the EKS Pod Identity Agent runs on its node.
    pub agent: Option<bool>,
    /// Whether pods with a network of their own reach the instance metadata of the node: the hop limit of 1 that AWS recommends keeps them away.
    pub metadata_reachable: Option<bool>,
    /// Whether kube2iam or kiam answers in place of the instance metadata to pods that carry its annotation.
    pub node_proxy: Option<bool>,
    /// The SDK in its containers; all of them are looked at if it is not known.
    pub sdk: Option<UsedSdk>,
}

/// A Pod Identity association.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Association {
    /// Its role; lists of associations do not tell it.
    pub role: Option<RoleArn>,
    /// The role that is assumed from it, in another account or this.
    pub target_role: Option<RoleArn>,
}

/// An SDK and its version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UsedSdk {
    /// Which.
    pub sdk: Sdk,
    /// Its version as its makers write it.
    pub version: Option<String>,
}

impl Situation {
    /// A workload of which nothing else is known.
    pub fn of(workload: Workload) -> Self {
        Self {
            compute: workload.pod.compute(),
            workload,
            service_account: Fact::Unknown,
            association: Fact::Unknown,
            agent: None,
            metadata_reachable: None,
            node_proxy: None,
            sdk: None,
        }
    }

    /// A workload, with its service account and node if they are among the objects.
    pub fn among(objects: &Objects, workload: &Workload) -> Self {
        let account = objects.service_account_of(workload).cloned();
        Self {
            service_account: account.map_or(Fact::Unknown, Fact::Known),
            compute: objects.compute_of(workload),
            ..Self::of(workload.clone())
        }
    }
}
