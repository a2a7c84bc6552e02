//! Connections to a provider, good ones and bad ones.

use std::sync::Arc;
use std::time::Duration;

use hyper_util::rt::TokioIo;
use rustls::client::WebPkiServerVerifier;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::ServerName;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint, Uri};

use crate::certificate::HostIdentity;
use crate::failure::{During, Failure};
use crate::handshake::Handshake;

/// A call that takes longer has hung.
const CALL_LIMIT: Duration = Duration::from_secs(30);

/// What a client shows and demands.
#[derive(Clone, Copy, Debug)]
pub enum Trust<'a> {
    /// TLS with this identity.
    Mutual(&'a HostIdentity),
    /// TLS without a certificate of its own.
    ServerOnly,
    /// No TLS.
    Plain,
}

pub(crate) trait Socket: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Socket for T {}

/// Connects as a host does: the server's certificate must be the one of the handshake, for
/// `localhost`, and HTTP/2 must be agreed on.
///
/// # Errors
///
/// When no connection is made. A server that refuses the client's certificate is not seen here:
/// in TLS 1.3 the client is done before the server has looked.
pub async fn connect(handshake: &Handshake, trust: Trust<'_>) -> Result<Channel, Failure> {
    let socket = open(&handshake.network, &handshake.address).await?;
    let socket: Box<dyn Socket> = match tls_config(handshake, trust)? {
        None => socket,
        Some(config) => {
            let name = ServerName::try_from("localhost").during("server name")?;
            let tls = TlsConnector::from(Arc::new(config))
                .connect(name, socket)
                .await
                .during("TLS handshake")?;
            let protocol = tls.get_ref().1.alpn_protocol();
            if protocol != Some(b"h2") {
                return Err(Failure::new("the server did not agree on HTTP/2 (ALPN `h2`)"));
            }
            Box::new(tls)
        }
    };
    let mut socket = Some(socket);
    let connector = tower::service_fn(move |_: Uri| {
        let socket = socket.take();
        async move { socket.map(TokioIo::new).ok_or("the connection is closed") }
    });
    Endpoint::from_static("http://localhost")
        .timeout(CALL_LIMIT)
        .connect_with_connector(connector)
        .await
        .during("HTTP/2 connection")
}

/// Opens a socket and says nothing.
pub(crate) async fn open(network: &str, address: &str) -> Result<Box<dyn Socket>, Failure> {
    match network {
        #[cfg(unix)]
        "unix" => {
            let stream = tokio::net::UnixStream::connect(address).await.during(address)?;
            Ok(Box::new(stream))
        }
        "tcp" => Ok(Box::new(TcpStream::connect(address).await.during(address)?)),
        _ => Err(Failure::new(format!("no such network here: `{network}`"))),
    }
}

fn tls_config(handshake: &Handshake, trust: Trust<'_>) -> Result<Option<ClientConfig>, Failure> {
    let identity = match trust {
        Trust::Plain => return Ok(None),
        Trust::ServerOnly => None,
        Trust::Mutual(identity) => Some(identity),
    };
    let server = handshake
        .certificate
        .clone()
        .ok_or_else(|| Failure::new("the handshake has no certificate"))?;
    let mut roots = RootCertStore::empty();
    roots.add(server).during("server certificate")?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .build()
        .during("server certificate")?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .during("TLS configuration")?
        .with_webpki_verifier(verifier);
    let mut config = match identity {
        None => builder.with_no_client_auth(),
        Some(identity) => builder.with_client_cert_resolver(Arc::new(certified(identity)?)),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(Some(config))
}

/// Unlike rustls's shorter way, this does not check that certificate and key belong together.
fn certified(identity: &HostIdentity) -> Result<SingleCertAndKey, Failure> {
    let key = aws_lc_rs::sign::any_supported_type(&identity.key).during("host key")?;
    Ok(SingleCertAndKey::from(CertifiedKey::new(
        vec![identity.der.clone()],
        key,
    )))
}
