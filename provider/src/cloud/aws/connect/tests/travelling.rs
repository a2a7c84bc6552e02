//! Certificates and proxies.

use super::server::{Server, sts};
use super::*;
use crate::cloud::Problem;

fn through(sts: &str, transport: Transport) -> Connection {
    Connection {
        transport,
        ..with_keys(sts)
    }
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

fn bundle(path: &std::path::Path) -> Transport {
    Transport {
        custom_ca_bundle: Some(path.display().to_string()),
        ..Transport::default()
    }
}

#[tokio::test]
async fn a_certificate_is_trusted_that_the_bundle_has_and_no_other() {
    let (server, pem) = Server::start_tls(sts).await;
    let (_, other) = Server::start_tls(sts).await;
    let (pem, other) = (file(&pem), file(&other));
    caller(&through(&server.url, bundle(pem.path()))).await.unwrap();
    for transport in [bundle(other.path()), Transport::default()] {
        let error = caller(&through(&server.url, transport)).await.unwrap_err();
        assert!(matches!(error.problem(), Problem::Unreachable { .. }), "{error}");
        assert!(error.to_string().contains("certificate"), "{error}");
    }
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn the_variable_names_a_bundle_too() {
    let (server, pem) = Server::start_tls(sts).await;
    let path = std::env::temp_dir().join("pod-bundle-of-variable.pem");
    if runs_with(
        &[("AWS_CA_BUNDLE", path.to_str().unwrap())],
        "travelling::the_variable_names_a_bundle_too",
    ) {
        std::fs::write(&path, &pem).unwrap();
        let called = caller(&through(&server.url, Transport::default())).await;
        std::fs::remove_file(&path).unwrap();
        called.unwrap();
    }
}

#[tokio::test]
async fn a_bundle_that_holds_no_certificate_is_refused_before_it_is_used() {
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for text in ["", "no certificate", broken] {
        let file = file(text);
        let error = bundle(file.path()).client().unwrap_err();
        assert!(matches!(error, ConnectError::CaBundleContents { .. }), "{error}");
    }
    let error = bundle("/nowhere/ca.pem".as_ref()).client().unwrap_err();
    assert!(matches!(error, ConnectError::CaBundle { .. }), "{error}");
}

fn proxied(http: Option<&str>, https: Option<&str>, no_proxy: Option<&str>) -> Transport {
    Transport {
        http_proxy: http.map(str::to_owned),
        https_proxy: https.map(str::to_owned),
        no_proxy: no_proxy.map(str::to_owned),
        ..Transport::default()
    }
}

#[tokio::test]
async fn calls_go_through_the_proxy_of_their_scheme() {
    let proxy = Server::start(sts).await;
    let with_password = proxy.url.replace("http://", "http://user:pass@");
    // Nobody resolves these names: only the proxy could.
    caller(&through(
        "http://sts.example.invalid",
        proxied(Some(&with_password), None, None),
    ))
    .await
    .unwrap();
    caller(&through(
        "https://sts.example.invalid",
        proxied(None, Some(&with_password), None),
    ))
    .await
    .unwrap_err();
    // As hashicorp/aws has it, unless `https_proxy` says otherwise.
    caller(&through(
        "https://sts.example.invalid",
        proxied(Some(&proxy.url), None, None),
    ))
    .await
    .unwrap_err();
    caller(&through(
        "https://sts.example.invalid",
        proxied(Some(&proxy.url), Some(""), None),
    ))
    .await
    .unwrap_err();
    let asked = proxy.asked();
    let lines: Vec<&str> = asked.iter().map(|asked| asked.line()).collect();
    assert_eq!(
        lines,
        [
            "POST http://sts.example.invalid/ HTTP/1.1",
            "CONNECT sts.example.invalid:443 HTTP/1.1",
            "CONNECT sts.example.invalid:443 HTTP/1.1",
        ]
    );
    for (index, has_password) in [(0, true), (1, true), (2, false)] {
        let head = asked[index].head.to_ascii_lowercase();
        assert_eq!(
            head.contains("proxy-authorization: basic dxnlcjpwyxnz"),
            has_password,
            "{head}"
        );
    }
}

#[tokio::test]
async fn what_no_proxy_names_and_this_machine_are_called_directly() {
    let proxy = Server::start(|_| (502, String::new())).await;
    let server = Server::start(sts).await;
    caller(&through(&server.url, proxied(Some(&proxy.url), None, None)))
        .await
        .unwrap();
    for around in ["example.invalid", ".invalid", "*"] {
        let transport = proxied(Some(&proxy.url), None, Some(around));
        caller(&through("http://sts.example.invalid", transport))
            .await
            .unwrap_err();
    }
    assert_eq!(proxy.asked().len(), 0);
}

#[tokio::test]
async fn variables_name_proxies_too_and_settings_come_before_them() {
    let variables = [("HTTPS_PROXY", "127.0.0.1:1"), ("no_proxy", "direct.invalid")];
    if !runs_with(
        &variables,
        "travelling::variables_name_proxies_too_and_settings_come_before_them",
    ) {
        return;
    }
    let proxy = Server::start(sts).await;
    let refused = async |host: &str, transport| {
        let called = caller(&through(&format!("https://{host}"), transport)).await;
        called.unwrap_err().to_string().contains("refused")
    };
    assert!(refused("sts.example.invalid", Transport::default()).await);
    assert!(!refused("direct.invalid", Transport::default()).await);
    assert!(!refused("sts.example.invalid", proxied(None, Some(""), None)).await);
    assert!(!refused("sts.example.invalid", proxied(None, Some(&proxy.url), None)).await);
    assert_eq!(proxy.asked().len(), 1);
}
