use std::collections::BTreeMap;
use std::time::SystemTime;

use aws_sdk_iam::error::BuildError;
use aws_sdk_iam::types::{EntityType, Role as SdkRole, RoleDetail, RoleLastUsed, Tag};
use pod_identity_core::binding::TagChange;
use pod_identity_core::policy::decode;

use super::{Aws, present};
use crate::cloud::{CloudError, Iam, NewRole, Problem, Role, Service, Tags};

impl Iam for Aws {
    async fn role(&self, name: &str) -> Result<Role, CloudError> {
        const OPERATION: &str = "GetRole";
        let answer = self
            .iam
            .get_role()
            .role_name(name)
            .send()
            .await
            .map_err(|error| self.failure(Service::Iam, OPERATION, &error))?;
        answer.role().map(role).ok_or_else(|| incomplete(OPERATION))
    }

    async fn roles(&self) -> Result<Vec<Role>, CloudError> {
        let mut pages = self
            .iam
            .get_account_authorization_details()
            .filter(EntityType::Role)
            .into_paginator()
            .send();
        let mut roles = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.failure(Service::Iam, "GetAccountAuthorizationDetails", &error))?;
            roles.extend(page.role_detail_list().iter().filter_map(role_detail));
        }
        Ok(roles)
    }

    async fn create_role(&self, new: &NewRole) -> Result<Role, CloudError> {
        const OPERATION: &str = "CreateRole";
        let answer = self
            .iam
            .create_role()
            .role_name(&new.name)
            .path(&new.path)
            .assume_role_policy_document(&new.trust_policy)
            .max_session_duration(session_duration(new.max_session_duration))
            .set_description(new.description.clone())
            .set_permissions_boundary(new.permissions_boundary.clone())
            .set_tags(Some(sdk_tags(&new.tags, OPERATION)?))
            .send()
            .await
            .map_err(|error| self.failure(Service::Iam, OPERATION, &error))?;
        answer.role().map(role).ok_or_else(|| incomplete(OPERATION))
    }

    async fn update_role(
        &self,
        name: &str,
        description: Option<&str>,
        max_session_duration: i64,
    ) -> Result<(), CloudError> {
        self.iam
            .update_role()
            .role_name(name)
            // An absent description would leave the old one in place.
            .description(description.unwrap_or_default())
            .max_session_duration(session_duration(max_session_duration))
            .send()
            .await
            .map(drop)
            .map_err(|error| self.failure(Service::Iam, "UpdateRole", &error))
    }

    async fn delete_role(&self, name: &str) -> Result<(), CloudError> {
        self.iam
            .delete_role()
            .role_name(name)
            .send()
            .await
            .map(drop)
            .map_err(|error| self.failure(Service::Iam, "DeleteRole", &error))
    }

    async fn write_trust(&self, name: &str, document: &str) -> Result<(), CloudError> {
        self.iam
            .update_assume_role_policy()
            .role_name(name)
            .policy_document(document)
            .send()
            .await
            .map(drop)
            .map_err(|error| self.failure(Service::Iam, "UpdateAssumeRolePolicy", &error))
    }

    async fn write_boundary(&self, name: &str, boundary: Option<&str>) -> Result<(), CloudError> {
        match boundary {
            Some(arn) => self
                .iam
                .put_role_permissions_boundary()
                .role_name(name)
                .permissions_boundary(arn)
                .send()
                .await
                .map(drop)
                .map_err(|error| self.failure(Service::Iam, "PutRolePermissionsBoundary", &error)),
            None => self
                .iam
                .delete_role_permissions_boundary()
                .role_name(name)
                .send()
                .await
                .map(drop)
                .map_err(|error| self.failure(Service::Iam, "DeleteRolePermissionsBoundary", &error)),
        }
    }

    async fn retag_role(&self, name: &str, change: &TagChange) -> Result<(), CloudError> {
        const TAG: &str = "TagRole";
        if !change.set.is_empty() {
            self.iam
                .tag_role()
                .role_name(name)
                .set_tags(Some(sdk_tags(&change.set, TAG)?))
                .send()
                .await
                .map_err(|error| self.failure(Service::Iam, TAG, &error))?;
        }
        if !change.remove.is_empty() {
            self.iam
                .untag_role()
                .role_name(name)
                .set_tag_keys(Some(change.remove.clone()))
                .send()
                .await
                .map_err(|error| self.failure(Service::Iam, "UntagRole", &error))?;
        }
        Ok(())
    }

    async fn attached_policies(&self, name: &str) -> Result<Vec<String>, CloudError> {
        let mut pages = self
            .iam
            .list_attached_role_policies()
            .role_name(name)
            .into_paginator()
            .send();
        let mut arns = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.failure(Service::Iam, "ListAttachedRolePolicies", &error))?;
            arns.extend(
                page.attached_policies()
                    .iter()
                    .filter_map(|policy| present(policy.policy_arn())),
            );
        }
        arns.sort();
        Ok(arns)
    }

    async fn attach_policy(&self, name: &str, arn: &str) -> Result<(), CloudError> {
        self.iam
            .attach_role_policy()
            .role_name(name)
            .policy_arn(arn)
            .send()
            .await
            .map(drop)
            .map_err(|error| self.failure(Service::Iam, "AttachRolePolicy", &error))
    }

    async fn detach_policy(&self, name: &str, arn: &str) -> Result<(), CloudError> {
        self.iam
            .detach_role_policy()
            .role_name(name)
            .policy_arn(arn)
            .send()
            .await
            .map(drop)
            .map_err(|error| self.failure(Service::Iam, "DetachRolePolicy", &error))
    }

    async fn inline_policies(&self, name: &str) -> Result<BTreeMap<String, String>, CloudError> {
        let mut pages = self.iam.list_role_policies().role_name(name).into_paginator().send();
        let mut policies = BTreeMap::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.failure(Service::Iam, "ListRolePolicies", &error))?;
            for policy in page.policy_names() {
                let answer = self
                    .iam
                    .get_role_policy()
                    .role_name(name)
                    .policy_name(policy)
                    .send()
                    .await
                    .map_err(|error| self.failure(Service::Iam, "GetRolePolicy", &error))?;
                policies.insert(policy.clone(), decode(answer.policy_document()).into_owned());
            }
        }
        Ok(policies)
    }

    async fn put_inline_policy(&self, name: &str, policy: &str, document: &str) -> Result<(), CloudError> {
        self.iam
            .put_role_policy()
            .role_name(name)
            .policy_name(policy)
            .policy_document(document)
            .send()
            .await
            .map(drop)
            .map_err(|error| self.failure(Service::Iam, "PutRolePolicy", &error))
    }

    async fn delete_inline_policy(&self, name: &str, policy: &str) -> Result<(), CloudError> {
        self.iam
            .delete_role_policy()
            .role_name(name)
            .policy_name(policy)
            .send()
            .await
            .map(drop)
            .map_err(|error| self.failure(Service::Iam, "DeleteRolePolicy", &error))
    }
}

pub(super) fn role(found: &SdkRole) -> Role {
    let boundary = found.permissions_boundary();
    Role {
        name: found.role_name().to_owned(),
        arn: found.arn().to_owned(),
        path: found.path().to_owned(),
        unique_id: found.role_id().to_owned(),
        description: present(found.description()),
        permissions_boundary: boundary.and_then(|boundary| present(boundary.permissions_boundary_arn())),
        max_session_duration: found.max_session_duration().map(i64::from),
        trust_policy: decode(found.assume_role_policy_document().unwrap_or_default()).into_owned(),
        created: SystemTime::try_from(*found.create_date()).ok(),
        last_used: found.role_last_used().and_then(last_used),
        tags: tags(found.tags()),
    }
}

fn last_used(found: &RoleLastUsed) -> Option<SystemTime> {
    SystemTime::try_from(*found.last_used_date()?).ok()
}

fn role_detail(found: &RoleDetail) -> Option<Role> {
    let boundary = found.permissions_boundary();
    Some(Role {
        name: present(found.role_name())?,
        arn: present(found.arn())?,
        path: found.path().unwrap_or("/").to_owned(),
        unique_id: present(found.role_id())?,
        description: None,
        permissions_boundary: boundary.and_then(|boundary| present(boundary.permissions_boundary_arn())),
        max_session_duration: None,
        trust_policy: decode(found.assume_role_policy_document().unwrap_or_default()).into_owned(),
        created: found.create_date().and_then(|date| SystemTime::try_from(*date).ok()),
        last_used: found.role_last_used().and_then(last_used),
        tags: tags(found.tags()),
    })
}

pub(super) fn tags(found: &[Tag]) -> Tags {
    found
        .iter()
        .map(|tag| (tag.key().to_owned(), tag.value().to_owned()))
        .collect()
}

pub(super) fn sdk_tags(tags: &Tags, operation: &'static str) -> Result<Vec<Tag>, CloudError> {
    tags.iter()
        .map(|(key, value)| Tag::builder().key(key).value(value).build())
        .collect::<Result<_, BuildError>>()
        .map_err(|error| CloudError::new(Service::Iam, operation, Problem::Other, error.to_string()))
}

/// IAM counts seconds in 32 bits; what does not fit is out of its range anyway, and IAM says so.
fn session_duration(seconds: i64) -> i32 {
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

pub(super) fn incomplete(operation: &'static str) -> CloudError {
    CloudError::new(
        Service::Iam,
        operation,
        Problem::Other,
        "an answer without what was asked for",
    )
}
