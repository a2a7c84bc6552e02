//! Who may talk to a provider: the host that started it.
//!
//! In TLS 1.3 a client has finished its handshake before the server looks at its certificate.
//! So a refusal shows in the first call, and only the server's log tells it from an accident.

use tfplugin_testing::{Client, Failure, HostIdentity, Trust, connect};

use super::{call, stub};

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

#[tokio::test]
async fn hosts_are_accepted_whatever_the_length_of_their_certificate() -> Result<(), Failure> {
    let mut lengths = Vec::new();
    for organization in ["H", "Ha", "Has", "Hash", "Hashi", "HashiC"] {
        let identity = HostIdentity::with_organization(organization)?;
        lengths.push(identity.der().len() % 3);
        let mut host = stub()?.identity(identity).start().await?;
        assert_eq!(call(&mut host.client, 1).await.expect("the host is served"), "1");
    }
    lengths.sort_unstable();
    lengths.dedup();
    assert_eq!(lengths, [0, 1, 2]);
    Ok(())
}

#[tokio::test]
async fn without_a_host_certificate_there_is_no_tls() -> Result<(), Failure> {
    let mut host = stub()?.without_tls().start().await?;
    assert_eq!(host.handshake.certificate, None);
    assert_eq!(call(&mut host.client, 1).await.expect("the host is served"), "1");
    Ok(())
}

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
