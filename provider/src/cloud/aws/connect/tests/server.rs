//! A server for HTTP on loopback.

use std::sync::{Arc, Mutex};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// Request line and headers.
    pub(super) head: String,
    pub(super) body: String,
}

impl Asked {
    pub(super) fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    /// The access key that signed it.
    pub(super) fn signer(&self) -> Option<&str> {
        let (_, credential) = self.head.split_once("Credential=")?;
        credential.split('/').next()
    }

    /// A field of a form, decoded as far as these tests need it.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        let start = format!("{name}=");
        let value = self.body.split('&').find_map(|field| field.strip_prefix(&start))?;
        let value = value.replace("%3A", ":").replace("%2F", "/").replace("%40", "@");
        Some(
            value
                .replace("%7B", "{")
                .replace("%7D", "}")
                .replace("%22", "\"")
                .replace("%5B", "[")
                .replace("%5D", "]"),
        )
    }
}

/// It answers as it is told, and keeps what it was asked.
pub(super) struct Server {
    pub(super) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

type Answer = dyn Fn(&Asked) -> (u16, String) + Send + Sync;

impl Server {
    pub(super) async fn start(answer: impl Fn(&Asked) -> (u16, String) + Send + Sync + 'static) -> Self {
        Self::listen("http", None, Arc::new(answer)).await
    }

    /// With TLS; its certificate comes back as PEM.
    pub(super) async fn start_tls(answer: impl Fn(&Asked) -> (u16, String) + Send + Sync + 'static) -> (Self, String) {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        (
            Self::listen("https", Some(acceptor), Arc::new(answer)).await,
            cert.pem(),
        )
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    async fn listen(scheme: &str, tls: Option<TlsAcceptor>, answer: Arc<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("{scheme}://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, answer, tls) = (Arc::clone(&kept), Arc::clone(&answer), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, &kept, &*answer).await,
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => serve(stream, &kept, &*answer).await,
                            Err(_) => None,
                        },
                    }
                });
            }
        });
        Self { url, asked }
    }
}

/// One request for each connection.
async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    kept: &Mutex<Vec<Asked>>,
    answer: &Answer,
) -> Option<()> {
    let mut read = Vec::new();
    let head_end = loop {
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&read[..head_end]).into_owned();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    });
    while read.len() < head_end + length.unwrap_or(0) {
        if stream.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    }
    let body = String::from_utf8_lossy(&read[head_end..]).into_owned();
    let asked = Asked { head, body };
    let (status, body) = answer(&asked);
    kept.lock().unwrap().push(asked);
    let head = format!(
        "HTTP/1.1 {status} Told\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.ok()?;
    stream.write_all(body.as_bytes()).await.ok()?;
    stream.shutdown().await.ok()
}

/// STS that gives everybody every role: the access key names the role.
pub(super) fn sts(asked: &Asked) -> (u16, String) {
    let action = asked.field("Action").unwrap_or_default();
    let role = asked.field("RoleArn").unwrap_or_default();
    let name = role.rsplit('/').next().unwrap_or_default();
    let result = match action.as_str() {
        "GetCallerIdentity" => {
            "<Arn>arn:aws-cn:sts::111122223333:assumed-role/x/y</Arn><Account>111122223333</Account>".to_owned()
        }
        _ => format!(
            "<Credentials><AccessKeyId>ASIA-{name}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
             <SessionToken>token of {name}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
        ),
    };
    (
        200,
        format!("<{action}Response><{action}Result>{result}</{action}Result></{action}Response>"),
    )
}

/// The same, but nobody gets the role of this name.
pub(super) fn sts_without(name: &'static str) -> impl Fn(&Asked) -> (u16, String) + Send + Sync + 'static {
    move |asked| {
        if asked.field("RoleArn").is_some_and(|role| role.ends_with(name)) {
            let error = "<Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform this</Message>";
            return (403, format!("<ErrorResponse><Error>{error}</Error></ErrorResponse>"));
        }
        sts(asked)
    }
}
