//! Hosts that did not start the provider.

use std::path::Path;

use serde_json::{Value, json};
use tfplugin::transport::attach;
use tfplugin_proto::go_plugin::Empty;
use tfplugin_proto::tfplugin6::get_metadata;
use tfplugin_proto::tfplugin6::provider_server::Provider;
use tfplugin_testing::{COOKIE, Client, Failure, Handshake, Trust, connect};

use super::{call, stub};

const ADDRESS: &str = "registry.terraform.io/example/stub";

/// Where the value of `TF_REATTACH_PROVIDERS` leads.
fn handshake(reattach: &Value) -> Handshake {
    let addr = &reattach[ADDRESS]["Addr"];
    let text = |key: &str| addr[key].as_str().expect("a text").to_owned();
    Handshake {
        network: text("Network"),
        address: text("String"),
        certificate: None,
    }
}

#[cfg(unix)]
#[tokio::test]
async fn debug_prints_where_to_attach_and_ends_with_an_interrupt() -> Result<(), Failure> {
    let (mut process, _) = stub()?.without_tls().env_remove(COOKIE.0).arg("-debug").process()?;
    let id = process.id().expect("the process is running");
    assert_eq!(
        process.line().await?,
        "Provider started. To attach Terraform CLI, set the TF_REATTACH_PROVIDERS environment \
         variable with the following:"
    );
    assert_eq!(process.line().await?, "");
    let line = process.line().await?;
    let value = line
        .strip_prefix("\tTF_REATTACH_PROVIDERS='")
        .and_then(|line| line.strip_suffix('\''))
        .expect("an assignment in quotes");
    let reattach: Value = serde_json::from_str(value).expect("JSON");
    let at = handshake(&reattach);
    assert_eq!(
        reattach,
        json!({ ADDRESS: {
            "Protocol": "grpc",
            "ProtocolVersion": 6,
            "Pid": id,
            "Test": true,
            "Addr": { "Network": "unix", "String": at.address },
        }})
    );
    let mut client = Client::new(connect(&at, Trust::Plain).await?);
    assert_eq!(call(&mut client, 1).await.expect("the host is served"), "1");
    let kill = std::process::Command::new("kill")
        .args(["-s", "INT", &id.to_string()])
        .status();
    assert!(kill.expect("kill runs").success());
    let ended = process.ended().await?;
    assert_eq!(ended.status.code(), Some(0));
    assert!(!Path::new(&at.address).exists());
    Ok(())
}

/// Answers nothing but UNIMPLEMENTED.
struct Nothing;

impl Provider for Nothing {}

#[tokio::test]
async fn a_provider_in_this_process_serves_several_hosts_and_outlives_them() -> Result<(), Failure> {
    let attached = attach(|_| Nothing).await.expect("a socket can be opened");
    let reattach: Value = serde_json::from_str(&attached.reattach(ADDRESS)).expect("JSON");
    assert_eq!(reattach[ADDRESS]["Pid"], std::process::id());
    assert_eq!(handshake(&reattach).address, attached.address());
    let mut first = Client::attach(&attached).await?;
    let mut second = Client::attach(&attached).await?;
    first.controller.shutdown(Empty {}).await.expect("shutdown is answered");
    let status = second
        .provider
        .get_metadata(get_metadata::Request {})
        .await
        .expect_err("nothing is implemented");
    assert_eq!(status.code(), tonic::Code::Unimplemented);
    let socket = attached.address().to_owned();
    attached.stop().await;
    assert!(!Path::new(&socket).exists());
    assert!(second.provider.get_metadata(get_metadata::Request {}).await.is_err());
    Ok(())
}

#[tokio::test]
async fn dropping_an_attached_provider_removes_its_socket() {
    let attached = attach(|_| Nothing).await.expect("a socket can be opened");
    let socket = attached.address().to_owned();
    assert_eq!(Path::new(&socket).exists(), cfg!(unix));
    drop(attached);
    let gone = async {
        while Path::new(&socket).exists() {
            tokio::task::yield_now().await;
        }
    };
    let deadline = std::time::Duration::from_secs(10);
    tokio::time::timeout(deadline, gone)
        .await
        .expect("the socket is removed");
}
