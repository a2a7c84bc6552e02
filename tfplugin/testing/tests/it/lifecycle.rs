//! How the process ends, and what it leaves.

use std::path::Path;
use std::time::Duration;

use tfplugin_proto::go_plugin::ConnInfo;
use tfplugin_proto::tfplugin6::apply_resource_change;
use tfplugin_testing::{Ended, Failure, Host, Launch};

use crate::{call, stub};

/// A host kills what has not ended after 2 s.
const HOSTS_PATIENCE: Duration = Duration::from_secs(2);

/// The process ended in order, and in time.
fn check_ended(ended: &Ended, socket: &str) {
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    assert!(ended.after < HOSTS_PATIENCE, "{ended:?}");
    assert!(!Path::new(socket).exists());
    assert!(!Path::new(socket).parent().is_some_and(Path::exists));
}

fn apply(host: &Host, work: &str) -> impl Future<Output = Result<(), tonic::Status>> + 'static {
    let mut provider = host.client.provider.clone();
    let request = apply_resource_change::Request {
        type_name: work.into(),
        ..Default::default()
    };
    async move { provider.apply_resource_change(request).await.map(drop) }
}

#[cfg(unix)]
fn signal(host: &Host, name: &str) {
    let id = host.process.id().expect("the process is running").to_string();
    let sent = std::process::Command::new("kill")
        .args(["-s", name, &id])
        .status()
        .expect("kill runs");
    assert!(sent.success());
}

#[tokio::test]
async fn shutdown_ends_the_process_and_removes_the_socket() -> Result<(), Failure> {
    let host = stub()?.env("TF_LOG", "WARN").start().await?;
    let socket = host.handshake.address.clone();
    assert_eq!(Path::new(&socket).exists(), cfg!(unix));
    let ended = host.shutdown().await?;
    check_ended(&ended, &socket);
    assert!(ended.after < Duration::from_secs(1), "{ended:?}");
    assert_eq!(ended.stderr, "");
    Ok(())
}

#[tokio::test]
async fn streams_that_a_host_leaves_open_do_not_hold_up_the_end() -> Result<(), Failure> {
    let mut host = stub()?.start().await?;
    let socket = host.handshake.address.clone();
    let mut stdio = host
        .client
        .stdio
        .stream_stdio(())
        .await
        .expect("stdio is served")
        .into_inner();
    let never = tokio_stream::pending::<ConnInfo>();
    let mut broker = host
        .client
        .broker
        .start_stream(never)
        .await
        .expect("the broker is served")
        .into_inner();
    let ended = host.shutdown().await?;
    check_ended(&ended, &socket);
    assert!(ended.after < Duration::from_secs(1), "{ended:?}");
    assert!(matches!(stdio.message().await, Ok(None)));
    assert!(matches!(broker.message().await, Ok(None)));
    Ok(())
}

#[tokio::test]
async fn work_in_flight_may_finish() -> Result<(), Failure> {
    let host = stub()?.env("TF_LOG", "WARN").start().await?;
    let socket = host.handshake.address.clone();
    let work = tokio::spawn(apply(&host, "quick"));
    host.process.logged("work begins").await?;
    let ended = host.shutdown().await?;
    check_ended(&ended, &socket);
    assert!(ended.stderr.contains("quick work is done"), "{ended:?}");
    work.await.expect("no panic").expect("the work's answer arrives");
    Ok(())
}

#[tokio::test]
async fn any_number_of_calls_in_flight_leaves_room_for_one_more() -> Result<(), Failure> {
    let mut host = stub()?.env("TF_LOG", "WARN").start().await?;
    let work: Vec<_> = (0..400).map(|_| tokio::spawn(apply(&host, "quick"))).collect();
    host.process.logged_times("work begins", 400).await?;
    assert_eq!(call(&mut host.client, 1).await.expect("the host is served"), "1");
    assert_eq!(host.shutdown().await?.status.code(), Some(0));
    for one in work {
        one.await.expect("no panic").expect("the work's answer arrives");
    }
    Ok(())
}

#[tokio::test]
async fn endless_work_is_left_behind_in_time() -> Result<(), Failure> {
    let host = stub()?.env("TF_LOG", "WARN").start().await?;
    let socket = host.handshake.address.clone();
    let work = tokio::spawn(apply(&host, "endless"));
    host.process.logged("work begins").await?;
    let ended = host.shutdown().await?;
    check_ended(&ended, &socket);
    assert!(ended.stderr.contains("stopped with work in flight"), "{ended:?}");
    assert!(work.await.expect("no panic").is_err());
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn an_interrupt_is_the_hosts_business() -> Result<(), Failure> {
    let mut host = stub()?.start().await?;
    for _ in 0..3 {
        signal(&host, "INT");
        assert_eq!(call(&mut host.client, 1).await.expect("the host is served"), "1");
    }
    assert_eq!(host.shutdown().await?.status.code(), Some(0));
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn a_termination_signal_ends_the_process_in_order() -> Result<(), Failure> {
    let host = stub()?.start().await?;
    let socket = host.handshake.address.clone();
    signal(&host, "TERM");
    let ended = host.process.ended().await?;
    check_ended(&ended, &socket);
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn a_process_without_standard_input_serves_and_ends_in_order() -> Result<(), Failure> {
    let program = env!("CARGO_BIN_EXE_transport-stub");
    let launch = Launch::new("sh")?.arg("-c").arg("exec \"$0\" <&-").arg(program);
    let mut host = launch.start().await?;
    let socket = host.handshake.address.clone();
    assert_eq!(call(&mut host.client, 1).await.expect("the host is served"), "1");
    check_ended(&host.shutdown().await?, &socket);
    Ok(())
}

#[tokio::test]
async fn a_panic_that_is_caught_is_a_log_line() -> Result<(), Failure> {
    let mut host = stub()?.env("TF_LOG", "ERROR").start().await?;
    let status = apply(&host, "nonsense").await.expect_err("the work panics");
    assert_eq!(status.message(), "caught");
    assert_eq!(call(&mut host.client, 1).await.expect("the process lives on"), "1");
    let ended = host.shutdown().await?;
    assert!(
        ended.stderr.contains("\"@message\":\"panic: no such work: nonsense\""),
        "{ended:?}"
    );
    assert!(
        !ended.stderr.lines().any(|line| line.starts_with("panic: ")),
        "{ended:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_panic_that_nobody_catches_is_one_that_the_host_shows() -> Result<(), Failure> {
    let mut host = stub()?.start().await?;
    let request = tfplugin_proto::tfplugin6::stop_provider::Request {};
    assert!(host.client.provider.stop_provider(request).await.is_err());
    host.process.logged("panic: stopped\nfor good\n").await?;
    let log = host.process.log();
    assert!(log.starts_with("panic: "), "{log}");
    assert!(log.contains("stub/main.rs:"), "{log}");
    Ok(())
}
