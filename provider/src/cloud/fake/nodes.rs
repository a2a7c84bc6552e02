use super::{Fake, no_entity};
use crate::cloud::{CloudError, ClusterRef, FargateProfile, Nodes};

impl Nodes for Fake {
    async fn node_roles(&self, at: &ClusterRef) -> Result<Vec<String>, CloudError> {
        self.read("ListNodegroups", |account| {
            Ok(account.node_roles.get(at).cloned().unwrap_or_default())
        })
    }

    async fn fargate_profiles(&self, at: &ClusterRef) -> Result<Vec<FargateProfile>, CloudError> {
        self.read("ListFargateProfiles", |account| {
            Ok(account.fargate_profiles.get(at).cloned().unwrap_or_default())
        })
    }

    async fn managed_policy(&self, arn: &str) -> Result<String, CloudError> {
        self.read("GetPolicyVersion", |account| {
            let found = account.policies.get(arn).cloned();
            found.ok_or_else(|| no_entity("GetPolicyVersion", arn))
        })
    }
}
