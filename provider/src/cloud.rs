//! AWS as the provider sees it: three services cut down to the calls that bindings and their neighbours need, in words of the domain.
//!
//! [`aws`] is the implementation and the only place that names types of the AWS SDK. What is absent reads as absent whatever the server
//! sends for it: AWS leaves a field out, some servers send an empty string.

mod addons;
pub(crate) mod aws;
pub(crate) mod error;
#[cfg(test)]
pub(crate) mod fake;
mod nodes;
mod oidc;
pub(crate) mod settle;
mod survey;

use std::collections::BTreeMap;
use std::future::Future;
use std::time::SystemTime;

pub(crate) use addons::{Addon, AddonChange, AddonUpdate, Addons, NewAddon, Software};
pub(crate) use error::{CloudError, Problem, Service};
pub(crate) use nodes::{FargateProfile, FargateSelector, Nodes};
pub(crate) use oidc::{NewOidcProvider, OidcProvider, OidcProviders};
use pod_identity_core::binding::{AssociationChange, AssociationTerms, TagChange};
pub(crate) use survey::{AssociationSummary, Survey};

/// Tags of a role or an association.
pub(crate) type Tags = BTreeMap<String, String>;

/// The services together. Whoever implements their parts has this for free.
pub(crate) trait Cloud: Sts + Eks + Addons + Nodes + Iam + OidcProviders + Survey {}

impl<T: Sts + Eks + Addons + Nodes + Iam + OidcProviders + Survey> Cloud for T {}

/// Who calls.
pub(crate) trait Sts: Send + Sync + 'static {
    /// The account and principal of the credentials in use.
    fn caller(&self) -> impl Future<Output = Result<Caller, CloudError>> + Send;

    /// The address that is used instead of AWS's own.
    fn endpoint(&self) -> Option<&str>;
}

/// Clusters and Pod Identity associations. Each call names its region, since a binding may lie in another one than the provider.
pub(crate) trait Eks: Send + Sync + 'static {
    /// One cluster.
    fn cluster(&self, at: &ClusterRef) -> impl Future<Output = Result<Cluster, CloudError>> + Send;

    /// The association of one service account. The listing says neither role nor policy, so this reads twice.
    fn find_association(
        &self,
        at: &ClusterRef,
        namespace: &str,
        service_account: &str,
    ) -> impl Future<Output = Result<Option<Association>, CloudError>> + Send;

    /// One association, by id.
    fn association(&self, at: &ClusterRef, id: &str) -> impl Future<Output = Result<Association, CloudError>> + Send;

    /// Makes an association.
    fn create_association(
        &self,
        at: &ClusterRef,
        new: &NewAssociation,
    ) -> impl Future<Output = Result<Association, CloudError>> + Send;

    /// Changes what an association gives to pods.
    fn update_association(
        &self,
        at: &ClusterRef,
        id: &str,
        change: &AssociationChange,
    ) -> impl Future<Output = Result<Association, CloudError>> + Send;

    /// Removes an association.
    fn delete_association(&self, at: &ClusterRef, id: &str) -> impl Future<Output = Result<(), CloudError>> + Send;

    /// Sets and removes tags of an association or a cluster.
    fn retag(&self, region: &str, arn: &str, change: &TagChange)
    -> impl Future<Output = Result<(), CloudError>> + Send;
}

/// Roles and their policies.
pub(crate) trait Iam: Send + Sync + 'static {
    /// One role.
    fn role(&self, name: &str) -> impl Future<Output = Result<Role, CloudError>> + Send;

    /// Every role of the account, for searches by tag. Fields that the bulk call leaves out are absent.
    fn roles(&self) -> impl Future<Output = Result<Vec<Role>, CloudError>> + Send;

    /// Makes a role.
    fn create_role(&self, new: &NewRole) -> impl Future<Output = Result<Role, CloudError>> + Send;

    /// Sets description and session duration.
    fn update_role(
        &self,
        name: &str,
        description: Option<&str>,
        max_session_duration: i64,
    ) -> impl Future<Output = Result<(), CloudError>> + Send;

    /// Removes a role that holds no policies.
    fn delete_role(&self, name: &str) -> impl Future<Output = Result<(), CloudError>> + Send;

    /// Replaces the trust policy; the last writer wins.
    fn write_trust(&self, name: &str, document: &str) -> impl Future<Output = Result<(), CloudError>> + Send;

    /// Sets or removes the permissions boundary.
    fn write_boundary(&self, name: &str, boundary: Option<&str>)
    -> impl Future<Output = Result<(), CloudError>> + Send;

    /// Sets and removes tags of a role.
    fn retag_role(&self, name: &str, change: &TagChange) -> impl Future<Output = Result<(), CloudError>> + Send;

    /// ARNs of the managed policies attached to a role, in name order.
    fn attached_policies(&self, name: &str) -> impl Future<Output = Result<Vec<String>, CloudError>> + Send;

    /// Attaches a managed policy.
    fn attach_policy(&self, name: &str, arn: &str) -> impl Future<Output = Result<(), CloudError>> + Send;

    /// Detaches a managed policy.
    fn detach_policy(&self, name: &str, arn: &str) -> impl Future<Output = Result<(), CloudError>> + Send;

    /// Inline policies of a role: document by name.
    fn inline_policies(&self, name: &str) -> impl Future<Output = Result<BTreeMap<String, String>, CloudError>> + Send;

    /// Writes an inline policy.
    fn put_inline_policy(
        &self,
        name: &str,
        policy: &str,
        document: &str,
    ) -> impl Future<Output = Result<(), CloudError>> + Send;

    /// Removes an inline policy.
    fn delete_inline_policy(&self, name: &str, policy: &str) -> impl Future<Output = Result<(), CloudError>> + Send;
}

/// Whose the credentials are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) account_id: String,
    pub(crate) partition: String,
}

/// A cluster, as calls name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ClusterRef {
    pub(crate) region: String,
    pub(crate) name: String,
}

/// A cluster, as EKS describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cluster {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) status: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) platform_version: Option<String>,
    pub(crate) oidc_issuer: Option<String>,
    /// `None` where the server does not say.
    pub(crate) auto_mode: Option<bool>,
}

/// A Pod Identity association.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Association {
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) namespace: String,
    pub(crate) service_account: String,
    pub(crate) terms: AssociationTerms,
    /// What EKS sends to the target role where it sends no tags.
    pub(crate) external_id: Option<String>,
    /// The add-on that owns it.
    pub(crate) owner_arn: Option<String>,
    /// `None` where the server does not say.
    pub(crate) created: Option<SystemTime>,
    pub(crate) tags: Tags,
}

/// What a new association is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewAssociation {
    /// One per logical create: the same token again is the same create.
    pub(crate) token: String,
    pub(crate) namespace: String,
    pub(crate) service_account: String,
    pub(crate) terms: AssociationTerms,
    pub(crate) tags: Tags,
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) path: String,
    /// Never given to another role, even one of the same name.
    pub(crate) unique_id: String,
    pub(crate) description: Option<String>,
    pub(crate) permissions_boundary: Option<String>,
    pub(crate) max_session_duration: Option<i64>,
    /// JSON.
    pub(crate) trust_policy: String,
    /// `None` where the server does not say.
    pub(crate) created: Option<SystemTime>,
    /// `None` if nobody has used it, as far as IAM has heard: it hears with hours of delay.
    pub(crate) last_used: Option<SystemTime>,
    pub(crate) tags: Tags,
}

/// What a new role is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewRole {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) description: Option<String>,
    pub(crate) permissions_boundary: Option<String>,
    pub(crate) max_session_duration: i64,
    pub(crate) trust_policy: String,
    pub(crate) tags: Tags,
}
