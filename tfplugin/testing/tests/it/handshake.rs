//! From the start of the process to the first call.

use tfplugin_testing::{COOKIE, Failure};

use crate::{call, stub};

#[tokio::test]
async fn started_by_hand_it_says_what_it_is_and_how_it_is_used() -> Result<(), Failure> {
    for launch in [stub()?.env_remove(COOKIE.0), stub()?.env(COOKIE.0, "another")] {
        let (process, _) = launch.process()?;
        let ended = process.ended().await?;
        assert_eq!(ended.status.code(), Some(1));
        assert_eq!(ended.stdout, "");
        let stderr = ended.stderr;
        assert!(stderr.contains("terraform-provider-stub 1.2.3 is a Terraform and OpenTofu provider"));
        assert!(stderr.contains("source  = \"example/stub\""), "{stderr}");
        assert!(stderr.contains("-debug"), "{stderr}");
    }
    Ok(())
}

#[tokio::test]
async fn a_host_without_protocol_6_is_told_so() -> Result<(), Failure> {
    let (process, _) = stub()?.env("PLUGIN_PROTOCOL_VERSIONS", "4,5").process()?;
    let ended = process.ended().await?;
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(ended.stdout, "");
    assert!(
        ended.stderr.contains("the host offers plugin protocol 4,5"),
        "{}",
        ended.stderr
    );
    Ok(())
}

#[tokio::test]
async fn a_broken_host_certificate_is_no_reason_to_serve_without_tls() -> Result<(), Failure> {
    let (process, _) = stub()?.without_tls().env("PLUGIN_CLIENT_CERT", "no PEM").process()?;
    let ended = process.ended().await?;
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(ended.stdout, "");
    assert!(ended.stderr.contains("`PLUGIN_CLIENT_CERT`"), "{}", ended.stderr);
    Ok(())
}

#[tokio::test]
async fn standard_output_carries_the_handshake_and_nothing_else() -> Result<(), Failure> {
    let mut host = stub()?.env("TF_LOG", "TRACE").start().await?;
    assert_eq!(call(&mut host.client, 1).await.expect("the host is served"), "1");
    let ended = host.shutdown().await?;
    assert_eq!(ended.stdout, "");
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_user_can_reach_the_socket() -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    let host = stub()?.start().await?;
    assert_eq!(host.handshake.network, "unix");
    assert!(host.handshake.address.len() < 104, "{}", host.handshake.address);
    let folder = std::path::Path::new(&host.handshake.address)
        .parent()
        .expect("the socket is in a folder");
    let mode = std::fs::metadata(folder)
        .expect("the folder exists")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn a_long_temporary_path_does_not_make_the_socket_unreachable() -> Result<(), Failure> {
    let long = std::env::temp_dir().join("a".repeat(100));
    let mut host = stub()?.env("TMPDIR", long).start().await?;
    assert!(host.handshake.address.len() < 104, "{}", host.handshake.address);
    assert_eq!(call(&mut host.client, 1).await.expect("the host is served"), "1");
    Ok(())
}

#[tokio::test]
async fn tcp_stays_on_loopback_and_within_the_hosts_ports() -> Result<(), Failure> {
    let mut host = stub()?.env("TFPLUGIN_NETWORK", "tcp").start().await?;
    assert_eq!(host.handshake.network, "tcp");
    let address: std::net::SocketAddr = host.handshake.address.parse().expect("an address");
    assert!(address.ip().is_loopback());
    assert!((10_000..=25_000).contains(&address.port()), "{address}");
    assert_eq!(call(&mut host.client, 1).await.expect("the host is served"), "1");
    assert!(host.shutdown().await?.status.success());
    Ok(())
}

#[tokio::test]
async fn messages_may_be_large_in_both_directions() -> Result<(), Failure> {
    let mut host = stub()?.start().await?;
    let bytes = 20 << 20;
    assert_eq!(
        call(&mut host.client, bytes).await.expect("a large message passes"),
        bytes.to_string()
    );
    Ok(())
}

#[tokio::test]
async fn health_is_reported_under_go_plugins_name() -> Result<(), Failure> {
    use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus};
    let mut host = stub()?.start().await?;
    let request = HealthCheckRequest {
        service: "plugin".into(),
    };
    let response = host.client.health.check(request).await.expect("health is served");
    assert_eq!(response.into_inner().status(), ServingStatus::Serving);
    Ok(())
}
