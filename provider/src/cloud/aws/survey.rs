use super::{Aws, iam, present};
use crate::cloud::{AssociationSummary, CloudError, ClusterRef, Role, Service, Survey};

impl Survey for Aws {
    async fn clusters(&self, region: &str) -> Result<Vec<String>, CloudError> {
        let client = self.eks.in_region(region);
        let mut pages = client.list_clusters().into_paginator().send();
        let mut names = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.failure(Service::Eks, "ListClusters", &error))?;
            names.extend_from_slice(page.clusters());
        }
        Ok(names)
    }

    async fn associations(&self, at: &ClusterRef) -> Result<Vec<AssociationSummary>, CloudError> {
        let mut pages = self
            .eks
            .in_region(&at.region)
            .list_pod_identity_associations()
            .cluster_name(&at.name)
            .into_paginator()
            .send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.failure(Service::Eks, "ListPodIdentityAssociations", &error))?;
            found.extend(page.associations().iter().filter_map(|summary| {
                Some(AssociationSummary {
                    id: present(summary.association_id())?,
                    namespace: present(summary.namespace())?,
                    service_account: present(summary.service_account())?,
                    owner_arn: present(summary.owner_arn()),
                })
            }));
        }
        Ok(found)
    }

    async fn roles_without_tags(&self) -> Result<Vec<Role>, CloudError> {
        let mut pages = self.iam.list_roles().into_paginator().send();
        let mut roles = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.failure(Service::Iam, "ListRoles", &error))?;
            roles.extend(page.roles().iter().map(iam::role));
        }
        Ok(roles)
    }
}
