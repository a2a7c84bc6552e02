//! Where the pods of a cluster run.

use std::future::Future;

use super::{CloudError, ClusterRef};

/// Node groups, Fargate profiles, and what roles of nodes may do.
///
/// What has no upper bound is read up to one: these are facts for warnings, and a cluster that goes beyond is not known in full.
pub(crate) trait Nodes: Send + Sync + 'static {
    /// The roles of the managed node groups of a cluster, each once, in order.
    fn node_roles(&self, at: &ClusterRef) -> impl Future<Output = Result<Vec<String>, CloudError>> + Send;

    /// The Fargate profiles of a cluster.
    fn fargate_profiles(&self, at: &ClusterRef)
    -> impl Future<Output = Result<Vec<FargateProfile>, CloudError>> + Send;

    /// The document of a managed policy, as JSON.
    fn managed_policy(&self, arn: &str) -> impl Future<Output = Result<String, CloudError>> + Send;
}

/// Which pods run on Fargate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FargateProfile {
    pub(crate) name: String,
    pub(crate) selectors: Vec<FargateSelector>,
}

/// Pods that run on Fargate: those that match all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FargateSelector {
    /// With `*` and `?`.
    pub(crate) namespace: String,
    pub(crate) labels: std::collections::BTreeMap<String, String>,
}
