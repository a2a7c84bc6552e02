//! Reads of everything of a kind, for who looks at a whole cluster or account.

use std::future::Future;

use super::{CloudError, ClusterRef, Role};

/// What there is, whoever made it.
pub(crate) trait Survey: Send + Sync + 'static {
    /// Names of the clusters of a region.
    fn clusters(&self, region: &str) -> impl Future<Output = Result<Vec<String>, CloudError>> + Send;

    /// Every association of a cluster. The listing says neither role nor policy.
    fn associations(&self, at: &ClusterRef)
    -> impl Future<Output = Result<Vec<AssociationSummary>, CloudError>> + Send;

    /// Every role of the account with its trust policy, but without tags; [`Iam::roles`](super::Iam::roles) has them and needs a rarer
    /// permission.
    fn roles_without_tags(&self) -> impl Future<Output = Result<Vec<Role>, CloudError>> + Send;
}

/// What the listing says of an association.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AssociationSummary {
    pub(crate) id: String,
    pub(crate) namespace: String,
    pub(crate) service_account: String,
    /// The add-on that owns it.
    pub(crate) owner_arn: Option<String>,
}
