use pod_identity_core::binding::TagChange;

use super::Aws;
use super::iam::{incomplete, sdk_tags, tags};
use crate::cloud::{CloudError, NewOidcProvider, OidcProvider, OidcProviders, Service};

impl OidcProviders for Aws {
    async fn oidc_provider(&self, arn: &str) -> Result<OidcProvider, CloudError> {
        let answer = self
            .iam
            .get_open_id_connect_provider()
            .open_id_connect_provider_arn(arn)
            .send()
            .await
            .map_err(|error| self.failure(Service::Iam, "GetOpenIDConnectProvider", &error))?;
        Ok(OidcProvider {
            client_ids: answer.client_id_list().to_vec(),
            tags: tags(answer.tags()),
        })
    }

    async fn oidc_provider_arns(&self) -> Result<Vec<String>, CloudError> {
        let answer = self
            .iam
            .list_open_id_connect_providers()
            .send()
            .await
            .map_err(|error| self.failure(Service::Iam, "ListOpenIDConnectProviders", &error))?;
        let providers = answer.open_id_connect_provider_list().iter();
        Ok(providers
            .filter_map(|provider| provider.arn().map(str::to_owned))
            .collect())
    }

    async fn create_oidc_provider(&self, new: &NewOidcProvider) -> Result<String, CloudError> {
        const OPERATION: &str = "CreateOpenIDConnectProvider";
        // Without thumbprints IAM trusts the certificate authorities that it knows, and those of EKS are among them.
        let answer = self
            .iam
            .create_open_id_connect_provider()
            .url(&new.url)
            .set_client_id_list(Some(new.client_ids.clone()))
            .set_tags(Some(sdk_tags(&new.tags, OPERATION)?))
            .send()
            .await
            .map_err(|error| self.failure(Service::Iam, OPERATION, &error))?;
        let arn = answer.open_id_connect_provider_arn().map(str::to_owned);
        arn.ok_or_else(|| incomplete(OPERATION))
    }

    async fn add_client_id(&self, arn: &str, client_id: &str) -> Result<(), CloudError> {
        self.iam
            .add_client_id_to_open_id_connect_provider()
            .open_id_connect_provider_arn(arn)
            .client_id(client_id)
            .send()
            .await
            .map(drop)
            .map_err(|error| self.failure(Service::Iam, "AddClientIDToOpenIDConnectProvider", &error))
    }

    async fn remove_client_id(&self, arn: &str, client_id: &str) -> Result<(), CloudError> {
        self.iam
            .remove_client_id_from_open_id_connect_provider()
            .open_id_connect_provider_arn(arn)
            .client_id(client_id)
            .send()
            .await
            .map(drop)
            .map_err(|error| self.failure(Service::Iam, "RemoveClientIDFromOpenIDConnectProvider", &error))
    }

    async fn retag_oidc_provider(&self, arn: &str, change: &TagChange) -> Result<(), CloudError> {
        const TAG: &str = "TagOpenIDConnectProvider";
        if !change.set.is_empty() {
            self.iam
                .tag_open_id_connect_provider()
                .open_id_connect_provider_arn(arn)
                .set_tags(Some(sdk_tags(&change.set, TAG)?))
                .send()
                .await
                .map_err(|error| self.failure(Service::Iam, TAG, &error))?;
        }
        if !change.remove.is_empty() {
            self.iam
                .untag_open_id_connect_provider()
                .open_id_connect_provider_arn(arn)
                .set_tag_keys(Some(change.remove.clone()))
                .send()
                .await
                .map_err(|error| self.failure(Service::Iam, "UntagOpenIDConnectProvider", &error))?;
        }
        Ok(())
    }

    async fn delete_oidc_provider(&self, arn: &str) -> Result<(), CloudError> {
        self.iam
            .delete_open_id_connect_provider()
            .open_id_connect_provider_arn(arn)
            .send()
            .await
            .map(drop)
            .map_err(|error| self.failure(Service::Iam, "DeleteOpenIDConnectProvider", &error))
    }
}
