use super::{Fake, no_resource};
use crate::cloud::{AssociationSummary, CloudError, ClusterRef, Role, Survey};

impl Survey for Fake {
    async fn clusters(&self, region: &str) -> Result<Vec<String>, CloudError> {
        self.read("ListClusters", |account| {
            let there = account.clusters.keys().filter(|at| at.region == region);
            Ok(there.map(|at| at.name.clone()).collect())
        })
    }

    async fn associations(&self, at: &ClusterRef) -> Result<Vec<AssociationSummary>, CloudError> {
        self.read("ListPodIdentityAssociations", |account| {
            if !account.clusters.contains_key(at) {
                return Err(no_resource("ListPodIdentityAssociations", &at.name));
            }
            let there = account.associations.iter().filter(|((cluster, _), _)| cluster == at);
            Ok(there
                .map(|(_, found)| AssociationSummary {
                    id: found.id.clone(),
                    namespace: found.namespace.clone(),
                    service_account: found.service_account.clone(),
                    owner_arn: found.owner_arn.clone(),
                })
                .collect())
        })
    }

    async fn roles_without_tags(&self) -> Result<Vec<Role>, CloudError> {
        self.read("ListRoles", |account| {
            let roles = account.roles.values().map(|found| Role {
                tags: std::collections::BTreeMap::new(),
                ..found.role.clone()
            });
            Ok(roles.collect())
        })
    }
}
