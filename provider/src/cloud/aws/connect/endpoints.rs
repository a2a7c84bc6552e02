//! Where the services are.

use aws_config::SdkConfig;
use aws_sdk_sts::config::SharedInterceptor;
use aws_types::service_config::ServiceConfigKey;

use super::ConnectError;
use super::log::Log;
use crate::cloud::Service;

/// Addresses other than AWS's own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Endpoints {
    pub(crate) eks: Option<String>,
    pub(crate) iam: Option<String>,
    pub(crate) sts: Option<String>,
}

/// The settings of one service's client. AWS has no variant of an address that somebody chose, and the SDK refuses to look for one.
macro_rules! at {
    ($config:expr, $endpoint:expr, $builder:path) => {{
        let mut builder = <$builder>::from($config);
        builder.push_interceptor(SharedInterceptor::new(Log));
        builder.set_endpoint_url($endpoint.clone());
        if $endpoint.is_some() {
            builder.set_use_fips(Some(false));
            builder.set_use_dual_stack(Some(false));
        }
        builder.build()
    }};
}

impl Endpoints {
    pub(in crate::cloud::aws) fn of(&self, service: Service) -> Option<&str> {
        match service {
            Service::Eks => self.eks.as_deref(),
            Service::Iam => self.iam.as_deref(),
            Service::Sts => self.sts.as_deref(),
        }
    }

    /// With what variables and shared files say about services that these say nothing about.
    pub(super) fn completed(&self, config: &SdkConfig) -> Result<Self, ConnectError> {
        let endpoint = |service| {
            let configured = self.of(service).map(str::to_owned);
            match configured.or_else(|| of_environment(service, config)) {
                // The address is not repeated: it may hold a password.
                Some(address) if has_user(&address) => Err(ConnectError::User { service }),
                address => Ok(address),
            }
        };
        Ok(Self {
            eks: endpoint(Service::Eks)?,
            iam: endpoint(Service::Iam)?,
            sts: endpoint(Service::Sts)?,
        })
    }

    pub(super) fn eks(&self, config: &SdkConfig) -> aws_sdk_eks::Config {
        at!(config, self.eks, aws_sdk_eks::config::Builder)
    }

    pub(super) fn iam(&self, config: &SdkConfig) -> aws_sdk_iam::Config {
        at!(config, self.iam, aws_sdk_iam::config::Builder)
    }

    pub(super) fn sts(&self, config: &SdkConfig) -> aws_sdk_sts::Config {
        at!(config, self.sts, aws_sdk_sts::config::Builder)
    }
}

/// Whether an address names somebody: `http://user:password@localhost:4566`.
fn has_user(address: &str) -> bool {
    let (_, rest) = address.split_once("://").unwrap_or(("", address));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    authority.contains('@')
}

/// As in the SDK itself, what is set for one service comes before what is set for all.
fn of_environment(service: Service, config: &SdkConfig) -> Option<String> {
    let of_service = || {
        let name = service.to_string();
        let key = ServiceConfigKey::builder()
            .service_id(&name)
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build();
        config.service_config()?.load_config(key.ok()?)
    };
    of_service().or_else(|| config.endpoint_url().map(str::to_owned))
}
