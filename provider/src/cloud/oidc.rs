//! OIDC providers of IAM.

use std::future::Future;

use pod_identity_core::binding::TagChange;

use super::{CloudError, Tags};

/// OIDC providers of the account.
pub(crate) trait OidcProviders: Send + Sync + 'static {
    /// One provider.
    fn oidc_provider(&self, arn: &str) -> impl Future<Output = Result<OidcProvider, CloudError>> + Send;

    /// ARNs of all providers of the account.
    fn oidc_provider_arns(&self) -> impl Future<Output = Result<Vec<String>, CloudError>> + Send;

    /// Makes a provider and returns its ARN.
    fn create_oidc_provider(&self, new: &NewOidcProvider) -> impl Future<Output = Result<String, CloudError>> + Send;

    /// Lets tokens for one more client in.
    fn add_client_id(&self, arn: &str, client_id: &str) -> impl Future<Output = Result<(), CloudError>> + Send;

    /// No longer lets tokens for a client in.
    fn remove_client_id(&self, arn: &str, client_id: &str) -> impl Future<Output = Result<(), CloudError>> + Send;

    /// Sets and removes tags of a provider.
    fn retag_oidc_provider(&self, arn: &str, change: &TagChange)
    -> impl Future<Output = Result<(), CloudError>> + Send;

    /// Removes a provider, whoever trusts it.
    fn delete_oidc_provider(&self, arn: &str) -> impl Future<Output = Result<(), CloudError>> + Send;
}

/// An OIDC provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OidcProvider {
    /// Tokens for these audiences are taken.
    pub(crate) client_ids: Vec<String>,
    pub(crate) tags: Tags,
}

/// What a new provider is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewOidcProvider {
    /// With its scheme.
    pub(crate) url: String,
    pub(crate) client_ids: Vec<String>,
    pub(crate) tags: Tags,
}
