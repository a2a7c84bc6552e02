//! Who may talk to a provider: the host that started it.
//!
//! In TLS 1.3 a client has finished its handshake before the server looks at its certificate.
//! So a refusal shows in the first call, and only the server's log tells it from an accident.

use std::collections::BTreeSet;

use tfplugin_testing::{Client, Failure, HostIdentity, Trust, connect};

use crate::{call, stub};

/// A client that shows `trust` gets no answer, the provider says why in its log, and the real
/// host is served afterwards.
async fn check_refused(trust: Trust<'_>, because: &str) -> Result<(), Failure> {
    let mut host = stub()?.env("TF_LOG", "WARN").start().await?;
    let channel = connect(&host.handshake, trust).await;
    if let Ok(channel) = channel {
        let answer = call(&mut Client::new(channel), 1).await;
        assert!(answer.is_err(), "an answer: {answer:?}");
    }
    host.process.logged("connection refused").await?;
    let log = host.process.log();
    assert!(log.contains(because), "{log}");
    assert_eq!(call(&mut host.client, 1).await.expect("the host is served"), "1");
    Ok(())
}

#[tokio::test]
async fn a_client_without_a_certificate_is_refused() -> Result<(), Failure> {
    check_refused(Trust::ServerOnly, "peer sent no certificates").await
}

#[tokio::test]
async fn a_client_with_another_certificate_is_refused() -> Result<(), Failure> {
    let stranger = HostIdentity::like_go()?;
    check_refused(Trust::Mutual(&stranger), "invalid peer certificate").await
}

#[tokio::test]
async fn a_client_without_tls_is_refused() -> Result<(), Failure> {
    check_refused(Trust::Plain, "corrupt message").await
}

#[tokio::test]
async fn a_certificate_without_its_key_is_refused() -> Result<(), Failure> {
    let host = stub()?.env("TF_LOG", "WARN").start().await?;
    let thief = HostIdentity::like_go()?.showing(&host.identity);
    let answer = match connect(&host.handshake, Trust::Mutual(&thief)).await {
        Ok(channel) => call(&mut Client::new(channel), 1).await.map_err(|_| ()),
        Err(_) => Err(()),
    };
    assert_eq!(answer, Err(()));
    host.process.logged("connection refused").await
}

/// The length of a certificate varies with its signature, and base64 with the length modulo 3.
#[tokio::test]
async fn certificates_of_any_length_are_good_on_both_sides() -> Result<(), Failure> {
    let (mut hosts, mut servers) = (BTreeSet::new(), BTreeSet::new());
    for letters in 1..=200 {
        let identity = HostIdentity::with_organization(&"H".repeat(letters % 60 + 1))?;
        let mut host = stub()?.identity(identity).start().await?;
        assert_eq!(call(&mut host.client, 1).await.expect("the host is served"), "1");
        let server = host.handshake.certificate.expect("TLS is on");
        hosts.insert(host.identity.der().len() % 3);
        servers.insert(server.len() % 3);
        if hosts.len() == 3 && servers.len() == 3 {
            return Ok(());
        }
    }
    panic!("lengths modulo 3 that were tried: {hosts:?} and {servers:?}");
}

#[tokio::test]
async fn without_a_host_certificate_there_is_no_tls() -> Result<(), Failure> {
    let mut host = stub()?.without_tls().start().await?;
    assert_eq!(host.handshake.certificate, None);
    assert_eq!(call(&mut host.client, 1).await.expect("the host is served"), "1");
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn a_client_that_says_nothing_holds_up_nobody() -> Result<(), Failure> {
    let host = stub()?.start().await?;
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(tokio::net::UnixStream::connect(&host.handshake.address).await);
    }
    assert!(silent.iter().all(Result::is_ok));
    let channel = connect(&host.handshake, Trust::Mutual(&host.identity)).await?;
    assert_eq!(
        call(&mut Client::new(channel), 1).await.expect("the host is served"),
        "1"
    );
    Ok(())
}
