//! Hosts that did not start the provider, which runs in their own process.

use std::path::Path;

use serde_json::Value;
use tfplugin::transport::attach;
use tfplugin_proto::go_plugin::Empty;
use tfplugin_proto::tfplugin6::get_metadata;
use tfplugin_proto::tfplugin6::provider_server::Provider;
use tfplugin_testing::{Client, Failure};

const ADDRESS: &str = "registry.terraform.io/example/nothing";

/// Answers nothing but UNIMPLEMENTED.
struct Nothing;

impl Provider for Nothing {}

#[tokio::test]
async fn a_provider_in_this_process_serves_several_hosts_and_outlives_them() -> Result<(), Failure> {
    let attached = attach(|_| Nothing).await.expect("a socket can be opened");
    let reattach: Value = serde_json::from_str(&attached.reattach(ADDRESS)).expect("JSON");
    assert_eq!(reattach[ADDRESS]["Pid"], std::process::id());
    assert_eq!(reattach[ADDRESS]["Addr"]["String"], attached.address());
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
