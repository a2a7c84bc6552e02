//! How calls travel: which certificates are trusted, and which proxies they go through.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::ConnectError;

/// What no proxy can reach for this machine: the machine itself, and where it gets credentials from.
const NEVER_PROXIED: &str = "localhost,127.0.0.0/8,::1,169.254.0.0/16,fd00:ec2::/32";

/// Certificates and proxies. What is absent comes from the variables that other tools read.
#[derive(Clone, Default)]
pub(crate) struct Transport {
    pub(crate) custom_ca_bundle: Option<String>,
    /// Empty for none at all.
    pub(crate) http_proxy: Option<String>,
    /// Empty for none at all.
    pub(crate) https_proxy: Option<String>,
    pub(crate) no_proxy: Option<String>,
}

impl Transport {
    /// A client that travels this way.
    pub(super) fn client(&self) -> Result<SharedHttpClient, ConnectError> {
        let trust = self.trust()?;
        let proxies = Proxies::of(self, |name| std::env::var(name).ok())?;
        if proxies.http.is_disabled() && proxies.https.is_disabled() {
            return Ok(Builder::new()
                .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
                .tls_context(trust)
                .build_https());
        }
        Ok(SharedHttpClient::new(Proxied {
            trust,
            proxies,
            connectors: Mutex::default(),
        }))
    }

    fn trust(&self) -> Result<TlsContext, ConnectError> {
        let bundle = self.custom_ca_bundle.clone();
        let store = match bundle.or_else(|| set(std::env::var("AWS_CA_BUNDLE").ok())) {
            None => TrustStore::default(),
            Some(path) => TrustStore::empty().with_pem_certificate(certificates(path)?),
        };
        // It only ever holds what it was given.
        Ok(TlsContext::builder()
            .with_trust_store(store)
            .build()
            .unwrap_or_default())
    }
}

/// A path as the shell would read it: `~/` is the home directory.
pub(super) fn expanded(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}

/// What a file has to say; the SDK would panic over what is no certificate.
fn certificates(path: String) -> Result<Vec<u8>, ConnectError> {
    let pem = match std::fs::read(expanded(&path)) {
        Ok(pem) => pem,
        Err(source) => return Err(ConnectError::CaBundle { path, source }),
    };
    let mut roots = RootCertStore::empty();
    let all = CertificateDer::pem_slice_iter(&pem).map(|certificate| {
        let certificate = certificate.map_err(|error| error.to_string())?;
        roots.add(certificate).map_err(|error| error.to_string())
    });
    let reason = match all.collect::<Result<Vec<()>, String>>() {
        Ok(_) if !roots.is_empty() => return Ok(pem),
        Ok(_) => "there is none in it".to_owned(),
        Err(reason) => reason,
    };
    Err(ConnectError::CaBundleContents { path, reason })
}

/// An empty variable counts as absent.
fn set(variable: Option<String>) -> Option<String> {
    variable.filter(|text| !text.is_empty())
}

struct Proxies {
    http: ProxyConfig,
    https: ProxyConfig,
}

impl Proxies {
    /// As in hashicorp/aws, a proxy of `http_proxy` serves `https://` as well, unless something says otherwise.
    fn of(settings: &Transport, variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConnectError> {
        let variable = |name: &str| set(variable(name)).or_else(|| set(variable(&name.to_ascii_lowercase())));
        let http = ("http_proxy", settings.http_proxy.clone());
        let https = match &settings.https_proxy {
            Some(https) => ("https_proxy", Some(https.clone())),
            None => match variable("HTTPS_PROXY") {
                Some(https) => ("HTTPS_PROXY", Some(https)),
                None => http.clone(),
            },
        };
        let http = match http.1 {
            Some(_) => http,
            None => ("HTTP_PROXY", variable("HTTP_PROXY")),
        };
        let mut around = NEVER_PROXIED.to_owned();
        if let Some(more) = set(settings.no_proxy.clone()).or_else(|| variable("NO_PROXY")) {
            around.push(',');
            around.push_str(&more);
        }
        let proxy = |(from, address): (&'static str, Option<String>), kind: fn(String) -> Option<ProxyConfig>| {
            let Some(address) = set(address) else {
                return Ok(ProxyConfig::disabled());
            };
            let with_scheme = if address.contains("://") {
                address
            } else {
                format!("http://{address}")
            };
            // The address is not repeated: it may hold a password.
            let proxy = kind(with_scheme).ok_or(ConnectError::Proxy { from })?;
            Ok(proxy.no_proxy(&around))
        };
        Ok(Self {
            http: proxy(http, |address| ProxyConfig::http(address).ok())?,
            https: proxy(https, |address| ProxyConfig::https(address).ok())?,
        })
    }
}

/// Connectors by their limits: connecting, reading.
type Connectors = BTreeMap<(Option<Duration>, Option<Duration>), SharedHttpConnector>;

/// A client whose calls may go through proxies.
struct Proxied {
    trust: TlsContext,
    proxies: Proxies,
    connectors: Mutex<Connectors>,
}

/// Without the proxies, whose addresses may hold passwords.
impl fmt::Debug for Proxied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxied").finish_non_exhaustive()
    }
}

impl HttpClient for Proxied {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let connector = |proxy: &ProxyConfig| {
            let mut builder = Connector::builder()
                .connector_settings(settings.clone())
                .proxy_config(proxy.clone())
                .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
                .tls_context(self.trust.clone());
            builder.set_sleep_impl(components.sleep_impl());
            builder.build()
        };
        let limits = (settings.connect_timeout(), settings.read_timeout());
        let mut connectors = self.connectors.lock().unwrap_or_else(PoisonError::into_inner);
        let present = connectors.entry(limits).or_insert_with(|| {
            SharedHttpConnector::new(ByScheme {
                http: connector(&self.proxies.http),
                https: connector(&self.proxies.https),
            })
        });
        present.clone()
    }
}

#[derive(Debug)]
struct ByScheme {
    http: Connector,
    https: Connector,
}

impl HttpConnector for ByScheme {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if request.uri().starts_with("https:") {
            self.https.call(request)
        } else {
            self.http.call(request)
        }
    }
}
