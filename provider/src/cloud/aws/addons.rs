use aws_sdk_eks::types::{Addon as SdkAddon, ResolveConflicts, UpdateStatus};

use super::eks::incomplete;
use super::{Aws, present};
use crate::cloud::{Addon, AddonChange, AddonUpdate, Addons, CloudError, ClusterRef, NewAddon, Service, Software};

impl Addons for Aws {
    async fn addon(&self, at: &ClusterRef, name: &str) -> Result<Addon, CloudError> {
        const OPERATION: &str = "DescribeAddon";
        let answer = self
            .eks
            .in_region(&at.region)
            .describe_addon()
            .cluster_name(&at.name)
            .addon_name(name)
            .send()
            .await
            .map_err(|error| self.failure(Service::Eks, OPERATION, &error))?;
        answer.addon().map(addon).ok_or_else(|| incomplete(OPERATION))
    }

    async fn create_addon(&self, at: &ClusterRef, new: &NewAddon) -> Result<Addon, CloudError> {
        const OPERATION: &str = "CreateAddon";
        let answer = self
            .eks
            .in_region(&at.region)
            .create_addon()
            .cluster_name(&at.name)
            .addon_name(&new.name)
            .client_request_token(&new.token)
            .set_addon_version(new.version.clone())
            .set_configuration_values(new.configuration.clone())
            .set_resolve_conflicts(new.resolve_conflicts.map(ResolveConflicts::from))
            .set_tags(Some(new.tags.clone().into_iter().collect()))
            .send()
            .await
            .map_err(|error| self.failure(Service::Eks, OPERATION, &error))?;
        answer.addon().map(addon).ok_or_else(|| incomplete(OPERATION))
    }

    async fn update_addon(&self, at: &ClusterRef, change: &AddonChange) -> Result<Option<String>, CloudError> {
        let answer = self
            .eks
            .in_region(&at.region)
            .update_addon()
            .cluster_name(&at.name)
            .addon_name(&change.name)
            .client_request_token(&change.token)
            .set_addon_version(change.version.clone())
            .set_configuration_values(change.configuration.clone())
            .set_resolve_conflicts(change.resolve_conflicts.map(ResolveConflicts::from))
            .send()
            .await
            .map_err(|error| self.failure(Service::Eks, "UpdateAddon", &error))?;
        Ok(answer.update().and_then(|update| present(update.id())))
    }

    async fn addon_update(&self, at: &ClusterRef, addon: &str, id: &str) -> Result<AddonUpdate, CloudError> {
        const OPERATION: &str = "DescribeUpdate";
        let answer = self
            .eks
            .in_region(&at.region)
            .describe_update()
            .name(&at.name)
            .addon_name(addon)
            .update_id(id)
            .send()
            .await
            .map_err(|error| self.failure(Service::Eks, OPERATION, &error))?;
        let update = answer.update().ok_or_else(|| incomplete(OPERATION))?;
        Ok(match update.status() {
            Some(UpdateStatus::Failed | UpdateStatus::Cancelled) => AddonUpdate::Failed(
                update
                    .errors()
                    .iter()
                    .map(|error| issue(error.error_code().map(|code| code.as_str()), error.error_message()))
                    .collect(),
            ),
            Some(UpdateStatus::InProgress) => AddonUpdate::InProgress,
            // What is neither is told by the state of the add-on.
            _ => AddonUpdate::Successful,
        })
    }

    async fn delete_addon(&self, at: &ClusterRef, name: &str, software: Software) -> Result<(), CloudError> {
        self.eks
            .in_region(&at.region)
            .delete_addon()
            .cluster_name(&at.name)
            .addon_name(name)
            .preserve(software == Software::Kept)
            .send()
            .await
            .map(drop)
            .map_err(|error| self.failure(Service::Eks, "DeleteAddon", &error))
    }
}

fn addon(found: &SdkAddon) -> Addon {
    let issues = found.health().map(|health| health.issues()).unwrap_or_default();
    Addon {
        arn: present(found.addon_arn()),
        version: present(found.addon_version()),
        status: found.status().map(|status| status.as_str().to_owned()),
        configuration: present(found.configuration_values()),
        issues: issues
            .iter()
            .map(|found| issue(found.code().map(|code| code.as_str()), found.message()))
            .collect(),
        tags: found.tags().cloned().unwrap_or_default().into_iter().collect(),
    }
}

fn issue(code: Option<&str>, message: Option<&str>) -> String {
    match (code, message) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(text), None) | (None, Some(text)) => text.to_owned(),
        (None, None) => "EKS does not say why".to_owned(),
    }
}
