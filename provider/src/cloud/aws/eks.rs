use std::time::SystemTime;

use aws_sdk_eks::types::{Cluster as SdkCluster, PodIdentityAssociation};
use pod_identity_core::binding::{AssociationChange, AssociationTerms, TagChange};

use super::{Aws, present};
use crate::cloud::{Association, CloudError, Cluster, ClusterRef, Eks, NewAssociation, Problem, Service};

impl Eks for Aws {
    async fn cluster(&self, at: &ClusterRef) -> Result<Cluster, CloudError> {
        const OPERATION: &str = "DescribeCluster";
        let answer = self
            .eks
            .in_region(&at.region)
            .describe_cluster()
            .name(&at.name)
            .send()
            .await
            .map_err(|error| self.failure(Service::Eks, OPERATION, &error))?;
        answer.cluster().and_then(cluster).ok_or_else(|| incomplete(OPERATION))
    }

    async fn find_association(
        &self,
        at: &ClusterRef,
        namespace: &str,
        service_account: &str,
    ) -> Result<Option<Association>, CloudError> {
        let mut pages = self
            .eks
            .in_region(&at.region)
            .list_pod_identity_associations()
            .cluster_name(&at.name)
            .namespace(namespace)
            .service_account(service_account)
            .into_paginator()
            .send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.failure(Service::Eks, "ListPodIdentityAssociations", &error))?;
            // The filters are sent, but a server that ignores them must not hand us another pod's association.
            let found = page.associations().iter().find(|summary| {
                summary.namespace() == Some(namespace) && summary.service_account() == Some(service_account)
            });
            if let Some(id) = found.and_then(|summary| summary.association_id()) {
                return match self.association(at, id).await {
                    Ok(association) => Ok(Some(association)),
                    Err(error) if error.is_not_found() => Ok(None),
                    Err(error) => Err(error),
                };
            }
        }
        Ok(None)
    }

    async fn association(&self, at: &ClusterRef, id: &str) -> Result<Association, CloudError> {
        const OPERATION: &str = "DescribePodIdentityAssociation";
        let answer = self
            .eks
            .in_region(&at.region)
            .describe_pod_identity_association()
            .cluster_name(&at.name)
            .association_id(id)
            .send()
            .await
            .map_err(|error| self.failure(Service::Eks, OPERATION, &error))?;
        answer
            .association()
            .and_then(association)
            .ok_or_else(|| incomplete(OPERATION))
    }

    async fn create_association(&self, at: &ClusterRef, new: &NewAssociation) -> Result<Association, CloudError> {
        const OPERATION: &str = "CreatePodIdentityAssociation";
        let answer = self
            .eks
            .in_region(&at.region)
            .create_pod_identity_association()
            .cluster_name(&at.name)
            .client_request_token(&new.token)
            .namespace(&new.namespace)
            .service_account(&new.service_account)
            .role_arn(&new.terms.role_arn)
            .set_target_role_arn(new.terms.target_role_arn.clone())
            .set_policy(new.terms.session_policy.clone())
            // Servers that do not know it are told only where it matters.
            .set_disable_session_tags(new.terms.disable_session_tags.then_some(true))
            .set_tags(Some(new.tags.clone().into_iter().collect()))
            .send()
            .await
            .map_err(|error| self.failure(Service::Eks, OPERATION, &error))?;
        answer
            .association()
            .and_then(association)
            .ok_or_else(|| incomplete(OPERATION))
    }

    async fn update_association(
        &self,
        at: &ClusterRef,
        id: &str,
        change: &AssociationChange,
    ) -> Result<Association, CloudError> {
        const OPERATION: &str = "UpdatePodIdentityAssociation";
        let answer = self
            .eks
            .in_region(&at.region)
            .update_pod_identity_association()
            .cluster_name(&at.name)
            .association_id(id)
            .set_role_arn(change.role_arn.clone())
            // The API Reference says that an empty one takes the target role away. Of the session policy it does not say what does; whether the
            // same did is seen in the answer.
            .set_target_role_arn(change.target_role_arn.clone())
            .set_policy(change.session_policy.clone())
            .set_disable_session_tags(change.disable_session_tags)
            .send()
            .await
            .map_err(|error| self.failure(Service::Eks, OPERATION, &error))?;
        answer
            .association()
            .and_then(association)
            .ok_or_else(|| incomplete(OPERATION))
    }

    async fn delete_association(&self, at: &ClusterRef, id: &str) -> Result<(), CloudError> {
        self.eks
            .in_region(&at.region)
            .delete_pod_identity_association()
            .cluster_name(&at.name)
            .association_id(id)
            .send()
            .await
            .map(drop)
            .map_err(|error| self.failure(Service::Eks, "DeletePodIdentityAssociation", &error))
    }

    async fn retag(&self, region: &str, arn: &str, change: &TagChange) -> Result<(), CloudError> {
        let client = self.eks.in_region(region);
        if !change.set.is_empty() {
            client
                .tag_resource()
                .resource_arn(arn)
                .set_tags(Some(change.set.clone().into_iter().collect()))
                .send()
                .await
                .map_err(|error| self.failure(Service::Eks, "TagResource", &error))?;
        }
        if !change.remove.is_empty() {
            client
                .untag_resource()
                .resource_arn(arn)
                .set_tag_keys(Some(change.remove.clone()))
                .send()
                .await
                .map_err(|error| self.failure(Service::Eks, "UntagResource", &error))?;
        }
        Ok(())
    }
}

fn cluster(cluster: &SdkCluster) -> Option<Cluster> {
    let issuer = cluster.identity().and_then(|identity| identity.oidc());
    Some(Cluster {
        name: present(cluster.name())?,
        arn: present(cluster.arn())?,
        status: cluster.status().map(|status| status.as_str().to_owned()),
        version: present(cluster.version()),
        platform_version: present(cluster.platform_version()),
        oidc_issuer: issuer.and_then(|oidc| present(oidc.issuer())),
        auto_mode: cluster.compute_config().and_then(|compute| compute.enabled()),
    })
}

fn association(found: &PodIdentityAssociation) -> Option<Association> {
    Some(Association {
        id: present(found.association_id())?,
        arn: present(found.association_arn())?,
        namespace: present(found.namespace())?,
        service_account: present(found.service_account())?,
        terms: AssociationTerms {
            role_arn: present(found.role_arn())?,
            target_role_arn: present(found.target_role_arn()),
            session_policy: present(found.policy()),
            disable_session_tags: found.disable_session_tags().unwrap_or(false),
        },
        external_id: present(found.external_id()),
        owner_arn: present(found.owner_arn()),
        created: found.created_at().and_then(|date| SystemTime::try_from(*date).ok()),
        tags: found.tags().cloned().unwrap_or_default().into_iter().collect(),
    })
}

pub(super) fn incomplete(operation: &'static str) -> CloudError {
    CloudError::new(
        Service::Eks,
        operation,
        Problem::Other,
        "an answer without the object's name, ARN or role",
    )
}
