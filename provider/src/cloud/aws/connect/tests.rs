//! Settings against servers that keep what they are asked.

mod assuming;
mod finding;
mod hosts;
mod server;
mod travelling;

use std::process::Command;

use super::*;
use crate::cloud::{Caller, CloudError, Sts};

/// The environment can only be set for another process: a test runs itself in one. True there.
fn runs_with(variables: &[(&str, &str)], test: &str) -> bool {
    let is_set = |(name, value): &(&str, &str)| std::env::var(name).is_ok_and(|found| found == *value);
    if variables.iter().all(is_set) {
        return true;
    }
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("cloud::aws::connect::tests::{test}")])
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && told.contains("1 passed"), "{told}");
    false
}

/// Keys, and STS at this address.
fn with_keys(sts: &str) -> Connection {
    Connection {
        region: Some("eu-central-1".to_owned()),
        keys: Some(StaticKeys {
            access_key: "AKIABASE".to_owned(),
            secret_key: "base secret".to_owned(),
            token: None,
        }),
        endpoints: Endpoints {
            sts: Some(sts.to_owned()),
            ..Endpoints::default()
        },
        max_retries: Some(0),
        ..Connection::default()
    }
}

/// What STS says of who calls.
async fn caller(connection: &Connection) -> Result<Caller, CloudError> {
    Aws::connect(connection).await.unwrap().caller().await
}
