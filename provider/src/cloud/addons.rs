//! Add-ons of EKS.

use std::future::Future;

use super::{CloudError, ClusterRef, Tags};

/// Add-ons of clusters.
pub(crate) trait Addons: Send + Sync + 'static {
    /// One add-on of a cluster.
    fn addon(&self, at: &ClusterRef, name: &str) -> impl Future<Output = Result<Addon, CloudError>> + Send;

    /// Begins to install an add-on.
    fn create_addon(&self, at: &ClusterRef, new: &NewAddon) -> impl Future<Output = Result<Addon, CloudError>> + Send;

    /// Begins to change an add-on and returns the id of the update, where the server gives one.
    fn update_addon(
        &self,
        at: &ClusterRef,
        change: &AddonChange,
    ) -> impl Future<Output = Result<Option<String>, CloudError>> + Send;

    /// How far an update is.
    fn addon_update(
        &self,
        at: &ClusterRef,
        addon: &str,
        id: &str,
    ) -> impl Future<Output = Result<AddonUpdate, CloudError>> + Send;

    /// Begins to remove an add-on.
    fn delete_addon(
        &self,
        at: &ClusterRef,
        name: &str,
        software: Software,
    ) -> impl Future<Output = Result<(), CloudError>> + Send;
}

/// An add-on of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Addon {
    pub(crate) arn: Option<String>,
    pub(crate) version: Option<String>,
    /// As EKS spells it, such as `ACTIVE`.
    pub(crate) status: Option<String>,
    /// JSON.
    pub(crate) configuration: Option<String>,
    /// What is wrong with it, a sentence each.
    pub(crate) issues: Vec<String>,
    pub(crate) tags: Tags,
}

/// What a new add-on is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewAddon {
    pub(crate) name: String,
    /// One per logical create: the same token again is the same create.
    pub(crate) token: String,
    pub(crate) version: Option<String>,
    pub(crate) configuration: Option<String>,
    /// As EKS spells it; its default if absent.
    pub(crate) resolve_conflicts: Option<&'static str>,
    pub(crate) tags: Tags,
}

/// What is to be different about an add-on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AddonChange {
    pub(crate) name: String,
    pub(crate) token: String,
    pub(crate) version: Option<String>,
    pub(crate) configuration: Option<String>,
    pub(crate) resolve_conflicts: Option<&'static str>,
}

/// How far a change of an add-on is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AddonUpdate {
    InProgress,
    Successful,
    /// Why, a sentence each.
    Failed(Vec<String>),
}

/// What happens to what an add-on put into the cluster when EKS no longer manages it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Software {
    Removed,
    Kept,
}
