//! A provider that a developer has started, with `-debug`.

use std::path::Path;

use serde_json::{Value, json};
use tfplugin_testing::{COOKIE, Client, Failure, Handshake, Trust, connect};

use crate::{call, stub};

const ADDRESS: &str = "registry.terraform.io/example/stub";

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
    let at = reattach_handshake(&reattach);
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
    let order = [
        "Protocol\"",
        "ProtocolVersion",
        "Pid",
        "Test",
        "Addr",
        "Network",
        "String",
    ];
    let places: Vec<_> = order.iter().map(|key| value.find(key).expect("a key")).collect();
    assert!(places.is_sorted(), "{value}");
    assert_eq!(process.line().await?, "");
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

/// Where the value of `TF_REATTACH_PROVIDERS` leads.
fn reattach_handshake(reattach: &Value) -> Handshake {
    let addr = &reattach[ADDRESS]["Addr"];
    let text = |key: &str| addr[key].as_str().expect("a text").to_owned();
    Handshake {
        network: text("Network"),
        address: text("String"),
        certificate: None,
    }
}
