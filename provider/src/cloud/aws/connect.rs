//! From settings to clients: region, credentials, endpoints, time limits.

mod assume;
mod credentials;
mod endpoints;
mod log;
#[cfg(test)]
mod tests;
mod transport;

use std::time::Duration;

use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::identity::IdentityCache;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::{RetryConfig, RetryMode};
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_sdk_sts::config::SharedIdentityCache;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::{Aws, EksClients};
use crate::cloud::Service;

pub(crate) use self::assume::{Assume, Extras, NotAssumed, Token, With};
pub(crate) use self::credentials::StaticKeys;
pub(crate) use self::endpoints::Endpoints;
pub(crate) use self::transport::Transport;

/// A connection takes milliseconds where there is somebody; three attempts of this length and their pauses stay well below half a minute.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);
/// For one attempt, so that a server that accepts and then says nothing is noticed within half a minute too.
const ATTEMPT_LIMIT: Duration = Duration::from_secs(8);
/// For credentials, behind which there may be several calls: tokens of SSO, and each role of a chain.
const CREDENTIALS_LIMIT: Duration = Duration::from_secs(20);

/// Where and as whom to call. What is absent comes from `AWS_*` variables and shared files, as in every AWS tool.
#[derive(Clone, Default)]
pub(crate) struct Connection {
    pub(crate) region: Option<String>,
    pub(crate) profile: Option<String>,
    pub(crate) keys: Option<StaticKeys>,
    pub(crate) shared_config_files: Vec<String>,
    pub(crate) shared_credentials_files: Vec<String>,
    /// In the order in which they are assumed.
    pub(crate) roles: Vec<Assume>,
    pub(crate) endpoints: Endpoints,
    pub(crate) use_fips_endpoint: Option<bool>,
    pub(crate) use_dualstack_endpoint: Option<bool>,
    pub(crate) max_retries: Option<u32>,
    pub(crate) retry_mode: Option<RetryMode>,
    pub(crate) transport: Transport,
    pub(crate) skip_metadata_api_check: bool,
}

/// Why there are no clients.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    #[error("no region")]
    NoRegion,
    #[error("cannot read `{path}`: {source}")]
    CaBundle { path: String, source: std::io::Error },
    #[error("`{path}` holds no usable certificate: {reason}")]
    CaBundleContents { path: String, reason: String },
    /// The setting or variable it comes from.
    #[error("`{from}` is no address of a proxy")]
    Proxy { from: &'static str },
    #[error("the address of {service} names a user")]
    User { service: Service },
}

impl Aws {
    /// Reads shared files and makes the clients. Nothing is sent, unless credentials or the region come from the instance metadata
    /// service.
    pub(crate) async fn connect(connection: &Connection) -> Result<Self, ConnectError> {
        Self::connect_through(connection, connection.transport.client()?).await
    }

    async fn connect_through(connection: &Connection, http: SharedHttpClient) -> Result<Self, ConnectError> {
        let config = shared_config(connection, http).await;
        let region = config.region().ok_or(ConnectError::NoRegion)?.as_ref().to_owned();
        let endpoints = connection.endpoints.completed(&config)?;
        let config = credentials::assume(config, &connection.roles, &endpoints);
        Ok(Self {
            eks: EksClients::new(endpoints.eks(&config)),
            iam: aws_sdk_iam::Client::from_conf(endpoints.iam(&config)),
            sts: aws_sdk_sts::Client::from_conf(endpoints.sts(&config)),
            endpoints,
            region,
        })
    }
}

/// Everything but the roles that are to be assumed.
async fn shared_config(connection: &Connection, http: SharedHttpClient) -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_LIMIT)
        .operation_attempt_timeout(ATTEMPT_LIMIT)
        .build();
    let files = credentials::profile_files(connection);
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .timeout_config(timeouts)
        .profile_files(files.clone())
        .identity_cache(identity_cache())
        .http_client(http.clone());
    if let Some(profile) = &connection.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(fips) = connection.use_fips_endpoint {
        loader = loader.use_fips(fips);
    }
    if let Some(dual_stack) = connection.use_dualstack_endpoint {
        loader = loader.use_dual_stack(dual_stack);
    }
    let region = match &connection.region {
        Some(region) => Some(Region::new(region.clone())),
        // A profile that assumes a role needs one to do so.
        None if connection.skip_metadata_api_check || connection.profile.is_some() => {
            region_without_metadata(connection, files.clone()).await
        }
        None => None,
    };
    if let Some(region) = region.clone() {
        loader = loader.region(region);
    }
    let for_credentials = ProviderConfig::without_region()
        .with_http_client(http)
        .with_region(region)
        .with_use_fips(connection.use_fips_endpoint)
        .with_use_dual_stack(connection.use_dualstack_endpoint);
    if let Some(credentials) = credentials::named(connection, files, &for_credentials) {
        loader = loader.credentials_provider(credentials);
    }
    let config = loader.load().await;
    let mut retry = config.retry_config().cloned().unwrap_or_else(RetryConfig::standard);
    if let Some(mode) = connection.retry_mode {
        retry = retry.with_retry_mode(mode);
    }
    if let Some(retries) = connection.max_retries {
        retry = retry.with_max_attempts(retries.saturating_add(1));
    }
    config.into_builder().retry_config(retry).build()
}

fn identity_cache() -> SharedIdentityCache {
    IdentityCache::lazy().load_timeout(CREDENTIALS_LIMIT).build()
}

async fn region_without_metadata(connection: &Connection, files: EnvConfigFiles) -> Option<Region> {
    let mut profile = ProfileFileRegionProvider::builder().profile_files(files);
    if let Some(name) = &connection.profile {
        profile = profile.profile_name(name);
    }
    RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
        .or_else(profile.build())
        .region()
        .await
}
