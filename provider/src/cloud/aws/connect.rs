//! From settings to clients: region, credentials, endpoints, time limits.

use std::path::PathBuf;
use std::time::Duration;

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider};
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::credentials::Builder as ProfileCredentials;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_types::service_config::ServiceConfigKey;

use super::{Aws, EksClients};
use crate::cloud::Service;

/// A connection takes milliseconds where there is somebody; three attempts of this length and their pauses stay well below half a minute.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);
/// For one attempt, so that a server that accepts and then says nothing is noticed within half a minute too.
const ATTEMPT_LIMIT: Duration = Duration::from_secs(8);

/// Where and as whom to call. What is absent comes from `AWS_*` variables and shared files, as in every AWS tool.
#[derive(Clone, Debug, Default)]
pub(crate) struct Connection {
    pub(crate) region: Option<String>,
    pub(crate) profile: Option<String>,
    pub(crate) keys: Option<StaticKeys>,
    pub(crate) shared_config_files: Vec<String>,
    pub(crate) shared_credentials_files: Vec<String>,
    pub(crate) endpoints: Endpoints,
    pub(crate) max_retries: Option<u32>,
    pub(crate) custom_ca_bundle: Option<String>,
    pub(crate) skip_metadata_api_check: bool,
}

/// Credentials written into the configuration.
#[derive(Clone)]
pub(crate) struct StaticKeys {
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
    pub(crate) token: Option<String>,
}

impl std::fmt::Debug for StaticKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StaticKeys")
            .field("access_key", &self.access_key)
            .finish_non_exhaustive()
    }
}

/// Addresses other than AWS's own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Endpoints {
    pub(crate) eks: Option<String>,
    pub(crate) iam: Option<String>,
    pub(crate) sts: Option<String>,
}

impl Endpoints {
    pub(super) fn of(&self, service: Service) -> Option<&str> {
        match service {
            Service::Eks => self.eks.as_deref(),
            Service::Iam => self.iam.as_deref(),
            Service::Sts => self.sts.as_deref(),
        }
    }
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
}

impl Aws {
    /// Reads shared files and makes the clients. Nothing is sent, unless credentials or the region come from the instance metadata
    /// service.
    pub(crate) async fn connect(connection: &Connection) -> Result<Self, ConnectError> {
        let config = shared_config(connection).await?;
        let region = config.region().ok_or(ConnectError::NoRegion)?.as_ref().to_owned();
        let endpoints = Endpoints {
            eks: endpoint(Service::Eks, connection, &config),
            iam: endpoint(Service::Iam, connection, &config),
            sts: endpoint(Service::Sts, connection, &config),
        };
        let mut eks = aws_sdk_eks::config::Builder::from(&config);
        eks.set_endpoint_url(endpoints.eks.clone());
        let mut iam = aws_sdk_iam::config::Builder::from(&config);
        iam.set_endpoint_url(endpoints.iam.clone());
        let mut sts = aws_sdk_sts::config::Builder::from(&config);
        sts.set_endpoint_url(endpoints.sts.clone());
        Ok(Self {
            eks: EksClients::new(eks.build()),
            iam: aws_sdk_iam::Client::from_conf(iam.build()),
            sts: aws_sdk_sts::Client::from_conf(sts.build()),
            endpoints,
            region,
        })
    }
}

/// The address of a service, if not AWS's own. As in the SDK itself, what is set for one service comes before what is set for all.
fn endpoint(service: Service, connection: &Connection, config: &SdkConfig) -> Option<String> {
    let configured = || connection.endpoints.of(service).map(str::to_owned);
    let of_service = || {
        let name = service.to_string();
        let key = ServiceConfigKey::builder()
            .service_id(&name)
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build();
        config.service_config()?.load_config(key.ok()?)
    };
    configured()
        .or_else(of_service)
        .or_else(|| config.endpoint_url().map(str::to_owned))
}

async fn shared_config(connection: &Connection) -> Result<SdkConfig, ConnectError> {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_LIMIT)
        .operation_attempt_timeout(ATTEMPT_LIMIT)
        .build();
    let files = profile_files(connection);
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .timeout_config(timeouts)
        .profile_files(files.clone());
    if let Some(profile) = &connection.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(retries) = connection.max_retries {
        loader = loader.retry_config(RetryConfig::standard().with_max_attempts(retries.saturating_add(1)));
    }
    let mut credentials_config = ProviderConfig::without_region();
    if let Some(path) = &connection.custom_ca_bundle {
        let client = aws_smithy_http_client::Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .tls_context(trust(path)?)
            .build_https();
        loader = loader.http_client(client.clone());
        credentials_config = credentials_config.with_http_client(client);
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
    if let Some(keys) = &connection.keys {
        loader = loader.credentials_provider(Credentials::new(
            &keys.access_key,
            &keys.secret_key,
            keys.token.clone(),
            None,
            "provider configuration",
        ));
    } else if let Some(profile) = &connection.profile {
        // Asked for by name, it comes before variables, as in hashicorp/aws.
        let provider = of_profile(files, &credentials_config.with_region(region)).profile_name(profile);
        loader = loader.credentials_provider(provider.build());
    } else if connection.skip_metadata_api_check {
        loader = loader.credentials_provider(credentials_without_metadata(
            files,
            &credentials_config.with_region(region),
        ));
    }
    Ok(loader.load().await)
}

fn profile_files(connection: &Connection) -> EnvConfigFiles {
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

/// A path as the shell would read it: `~/` is the home directory.
fn expanded(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
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

fn of_profile(files: EnvConfigFiles, config: &ProviderConfig) -> ProfileCredentials {
    ProfileFileCredentialsProvider::builder()
        .configure(config)
        .profile_files(files)
}

fn credentials_without_metadata(files: EnvConfigFiles, config: &ProviderConfig) -> CredentialsProviderChain {
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

fn trust(path: &str) -> Result<TlsContext, ConnectError> {
    let pem = std::fs::read(expanded(path)).map_err(|source| ConnectError::CaBundle {
        path: path.to_owned(),
        source,
    })?;
    TlsContext::builder()
        .with_trust_store(TrustStore::empty().with_pem_certificate(pem))
        .build()
        .map_err(|error| ConnectError::CaBundleContents {
            path: path.to_owned(),
            reason: error.to_string(),
        })
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use aws_credential_types::provider::ProvideCredentials;

    use super::*;

    const VARIABLE: &str = "AKIAVARIABLE";

    /// The environment can only be set for another process: a test runs itself in one. True there.
    fn runs_with(variables: &[(&str, &str)], test: &str) -> bool {
        let is_set = |(name, value): &(&str, &str)| std::env::var(name).is_ok_and(|found| found == *value);
        if variables.iter().all(is_set) {
            return true;
        }
        let run = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &format!("cloud::aws::connect::tests::{test}")])
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success() && told.contains("1 passed"), "{told}");
        false
    }

    #[tokio::test]
    async fn a_profile_that_is_asked_for_comes_before_variables() {
        let variables = [("AWS_ACCESS_KEY_ID", VARIABLE), ("AWS_SECRET_ACCESS_KEY", "secret")];
        if runs_with(&variables, "a_profile_that_is_asked_for_comes_before_variables") {
            assert_profile_wins().await;
        }
    }

    #[tokio::test]
    async fn an_address_for_one_service_comes_before_one_for_all_and_settings_before_both() {
        let variables = [
            ("AWS_ENDPOINT_URL", "http://all"),
            ("AWS_ENDPOINT_URL_IAM", "http://iam"),
            ("AWS_ENDPOINT_URL_EKS", "http://eks"),
        ];
        let test = "an_address_for_one_service_comes_before_one_for_all_and_settings_before_both";
        if !runs_with(&variables, test) {
            return;
        }
        let connection = Connection {
            region: Some("eu-central-1".to_owned()),
            endpoints: Endpoints {
                eks: Some("http://settings".to_owned()),
                ..Endpoints::default()
            },
            ..Connection::default()
        };
        let aws = Aws::connect(&connection).await.unwrap();
        let of = |service| aws.endpoints.of(service);
        assert_eq!(of(Service::Eks), Some("http://settings"));
        assert_eq!(of(Service::Iam), Some("http://iam"));
        assert_eq!(of(Service::Sts), Some("http://all"));
    }

    async fn assert_profile_wins() {
        let file = std::env::temp_dir().join(format!("pod-credentials-{}", std::process::id()));
        let text = "[work]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = secret\n";
        std::fs::write(&file, text).unwrap();
        let mut found = Vec::new();
        for profile in [Some("work".to_owned()), None] {
            for skip_metadata_api_check in [false, true] {
                let connection = Connection {
                    region: Some("eu-central-1".to_owned()),
                    profile: profile.clone(),
                    shared_credentials_files: vec![file.display().to_string()],
                    skip_metadata_api_check,
                    ..Connection::default()
                };
                let config = shared_config(&connection).await.unwrap();
                let credentials = config.credentials_provider().unwrap().provide_credentials().await;
                found.push(credentials.unwrap().access_key_id().to_owned());
            }
        }
        std::fs::remove_file(&file).unwrap();
        assert_eq!(found, ["AKIAPROFILE", "AKIAPROFILE", VARIABLE, VARIABLE]);
    }
}
