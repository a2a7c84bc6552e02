use std::collections::BTreeSet;

use pod_identity_core::policy::decode;

use super::eks::incomplete;
use super::{Aws, present};
use crate::cloud::{CloudError, ClusterRef, FargateProfile, FargateSelector, Nodes, Service};

/// Above the default quota of node groups in a cluster, and that of Fargate profiles.
const MOST_DESCRIBED: usize = 50;

impl Nodes for Aws {
    async fn node_roles(&self, at: &ClusterRef) -> Result<Vec<String>, CloudError> {
        let client = self.eks.in_region(&at.region);
        let names = client
            .list_nodegroups()
            .cluster_name(&at.name)
            .send()
            .await
            .map_err(|error| self.failure(Service::Eks, "ListNodegroups", &error))?;
        let mut roles = BTreeSet::new();
        for name in names.nodegroups().iter().take(MOST_DESCRIBED) {
            let answer = client
                .describe_nodegroup()
                .cluster_name(&at.name)
                .nodegroup_name(name)
                .send()
                .await
                .map_err(|error| self.failure(Service::Eks, "DescribeNodegroup", &error))?;
            roles.extend(answer.nodegroup().and_then(|group| present(group.node_role())));
        }
        Ok(roles.into_iter().collect())
    }

    async fn fargate_profiles(&self, at: &ClusterRef) -> Result<Vec<FargateProfile>, CloudError> {
        const OPERATION: &str = "DescribeFargateProfile";
        let client = self.eks.in_region(&at.region);
        let names = client
            .list_fargate_profiles()
            .cluster_name(&at.name)
            .send()
            .await
            .map_err(|error| self.failure(Service::Eks, "ListFargateProfiles", &error))?;
        let mut profiles = Vec::new();
        for name in names.fargate_profile_names().iter().take(MOST_DESCRIBED) {
            let answer = client
                .describe_fargate_profile()
                .cluster_name(&at.name)
                .fargate_profile_name(name)
                .send()
                .await
                .map_err(|error| self.failure(Service::Eks, OPERATION, &error))?;
            let profile = answer.fargate_profile().ok_or_else(|| incomplete(OPERATION))?;
            let selectors = profile.selectors().iter().filter_map(|selector| {
                Some(FargateSelector {
                    namespace: present(selector.namespace())?,
                    labels: selector.labels().cloned().unwrap_or_default().into_iter().collect(),
                })
            });
            profiles.push(FargateProfile {
                name: name.clone(),
                selectors: selectors.collect(),
            });
        }
        Ok(profiles)
    }

    async fn managed_policy(&self, arn: &str) -> Result<String, CloudError> {
        let answer = self
            .iam
            .get_policy()
            .policy_arn(arn)
            .send()
            .await
            .map_err(|error| self.failure(Service::Iam, "GetPolicy", &error))?;
        let version = answer.policy().and_then(|policy| policy.default_version_id());
        let answer = self
            .iam
            .get_policy_version()
            .policy_arn(arn)
            .version_id(version.unwrap_or("v1"))
            .send()
            .await
            .map_err(|error| self.failure(Service::Iam, "GetPolicyVersion", &error))?;
        let document = answer.policy_version().and_then(|version| version.document());
        Ok(decode(document.unwrap_or_default()).into_owned())
    }
}
