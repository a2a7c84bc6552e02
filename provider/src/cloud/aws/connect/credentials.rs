//! As whom to call: keys, a profile or what the environment gives, and then the roles that are assumed with them, one after the other.

use std::fmt;

use aws_config::SdkConfig;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::profile::credentials::Builder as ProfileCredentials;
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::future::ProvideCredentials as Provided;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};

use super::Connection;
use super::assume::{Assume, Assumed};
use super::endpoints::Endpoints;
use super::transport::expanded;

/// Credentials written into the configuration.
#[derive(Clone)]
pub(crate) struct StaticKeys {
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
    pub(crate) token: Option<String>,
}

/// The credentials that the settings name, or `None` for those that the SDK finds by itself.
pub(super) fn named(
    connection: &Connection,
    files: EnvConfigFiles,
    config: &ProviderConfig,
) -> Option<SharedCredentialsProvider> {
    if let Some(keys) = &connection.keys {
        return Some(SharedCredentialsProvider::new(Credentials::new(
            &keys.access_key,
            &keys.secret_key,
            keys.token.clone(),
            None,
            "provider configuration",
        )));
    }
    if let Some(profile) = &connection.profile {
        // Asked for by name, it comes before variables, as in hashicorp/aws.
        return Some(SharedCredentialsProvider::new(OfProfile {
            files,
            config: config.clone(),
            name: profile.clone(),
        }));
    }
    let without_metadata = || SharedCredentialsProvider::new(without_metadata(files, config));
    connection.skip_metadata_api_check.then(without_metadata)
}

/// The same configuration with the credentials of the last role that is to be assumed.
pub(super) fn assume(config: SdkConfig, roles: &[Assume], endpoints: &Endpoints) -> SdkConfig {
    roles.iter().fold(config, |config, role| {
        let sts = aws_sdk_sts::Client::from_conf(endpoints.sts(&config));
        let provider = SharedCredentialsProvider::new(Assumed::new(role.clone(), sts));
        config
            .into_builder()
            .credentials_provider(provider)
            .identity_cache(super::identity_cache())
            .build()
    })
}

pub(super) fn profile_files(connection: &Connection) -> EnvConfigFiles {
    let mut files = EnvConfigFiles::builder();
    let config = connection
        .shared_config_files
        .iter()
        .map(|path| (EnvConfigFileKind::Config, path));
    let credentials = connection
        .shared_credentials_files
        .iter()
        .map(|path| (EnvConfigFileKind::Credentials, path));
    for (kind, path) in config.chain(credentials) {
        files = files.with_file(kind, expanded(path));
    }
    files
        .include_default_config_file(connection.shared_config_files.is_empty())
        .include_default_credentials_file(connection.shared_credentials_files.is_empty())
        .build()
}

/// The credentials of a profile that was asked for by name. The SDK's own provider says only the first time what is wrong with the files, and
/// is asked more than once.
struct OfProfile {
    files: EnvConfigFiles,
    config: ProviderConfig,
    name: String,
}

impl ProvideCredentials for OfProfile {
    fn provide_credentials<'a>(&'a self) -> Provided<'a>
    where
        Self: 'a,
    {
        let provider = of_profile(self.files.clone(), &self.config)
            .profile_name(&self.name)
            .build();
        Provided::new(async move { provider.provide_credentials().await })
    }
}

/// Without the files, which hold keys.
impl fmt::Debug for OfProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OfProfile")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

fn of_profile(files: EnvConfigFiles, config: &ProviderConfig) -> ProfileCredentials {
    ProfileFileCredentialsProvider::builder()
        .configure(config)
        .profile_files(files)
}

fn without_metadata(files: EnvConfigFiles, config: &ProviderConfig) -> CredentialsProviderChain {
    CredentialsProviderChain::first_try("Environment", EnvironmentVariableCredentialsProvider::new())
        .or_else("Profile", of_profile(files, config).build())
        .or_else(
            "WebIdentityToken",
            WebIdentityTokenCredentialsProvider::builder().configure(config).build(),
        )
        .or_else(
            "EcsContainer",
            EcsCredentialsProvider::builder().configure(config).build(),
        )
}
