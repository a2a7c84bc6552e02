use pod_identity_core::binding::TagChange;

use super::{ACCOUNT, Fake, no_entity, retag};
use crate::cloud::{CloudError, NewOidcProvider, OidcProvider, OidcProviders, Problem, Service};

impl Fake {
    fn change_provider<T>(
        &self,
        operation: &'static str,
        arn: &str,
        what: &str,
        effect: impl FnOnce(&mut OidcProvider) -> Result<T, CloudError>,
    ) -> Result<T, CloudError> {
        self.write(operation, what, |account| {
            let provider = account.oidc_providers.get_mut(arn);
            effect(provider.ok_or_else(|| no_entity(operation, arn))?)
        })
    }
}

impl OidcProviders for Fake {
    async fn oidc_provider(&self, arn: &str) -> Result<OidcProvider, CloudError> {
        const OPERATION: &str = "GetOpenIDConnectProvider";
        self.read(OPERATION, |account| {
            let found = account.oidc_providers.get(arn).cloned();
            found.ok_or_else(|| no_entity(OPERATION, arn))
        })
    }

    async fn oidc_provider_arns(&self) -> Result<Vec<String>, CloudError> {
        self.read("ListOpenIDConnectProviders", |account| {
            Ok(account.oidc_providers.keys().cloned().collect())
        })
    }

    async fn create_oidc_provider(&self, new: &NewOidcProvider) -> Result<String, CloudError> {
        const OPERATION: &str = "CreateOpenIDConnectProvider";
        let issuer = new.url.split_once("://").unwrap().1;
        let arn = format!("arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}");
        self.write(OPERATION, issuer, |account| {
            if account.oidc_providers.contains_key(&arn) {
                let taken = CloudError::new(Service::Iam, OPERATION, Problem::Conflict, "Provider already exists.");
                return Err(taken.answered(Some("EntityAlreadyExists".to_owned()), None));
            }
            let provider = OidcProvider {
                client_ids: new.client_ids.clone(),
                tags: new.tags.clone(),
            };
            account.oidc_providers.insert(arn.clone(), provider);
            Ok(arn.clone())
        })
    }

    async fn add_client_id(&self, arn: &str, client_id: &str) -> Result<(), CloudError> {
        self.change_provider("AddClientIDToOpenIDConnectProvider", arn, client_id, |provider| {
            provider.client_ids.push(client_id.to_owned());
            Ok(())
        })
    }

    async fn remove_client_id(&self, arn: &str, client_id: &str) -> Result<(), CloudError> {
        self.change_provider("RemoveClientIDFromOpenIDConnectProvider", arn, client_id, |provider| {
            provider.client_ids.retain(|present| present != client_id);
            Ok(())
        })
    }

    async fn retag_oidc_provider(&self, arn: &str, change: &TagChange) -> Result<(), CloudError> {
        self.change_provider("TagOpenIDConnectProvider", arn, arn, |provider| {
            retag(&mut provider.tags, change);
            Ok(())
        })
    }

    async fn delete_oidc_provider(&self, arn: &str) -> Result<(), CloudError> {
        const OPERATION: &str = "DeleteOpenIDConnectProvider";
        self.write(OPERATION, arn, |account| {
            let removed = account.oidc_providers.remove(arn);
            removed.map(drop).ok_or_else(|| no_entity(OPERATION, arn))
        })
    }
}
