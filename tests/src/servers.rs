//! Local AWS servers, as third parties publish them, on loopback only.
//!
//! A 12-digit access key id is the account id in both, with any secret: tests that take an
//! account of their own run side by side on one server.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use tempfile::TempDir;
use tfplugin_testing::child::{Daemon, wait_until};

use crate::http;

const READY: Duration = Duration::from_secs(60);
/// A port found free may be taken by the time the server binds it.
const ATTEMPTS: usize = 3;

/// A running server; it stops when the value is dropped.
#[derive(Debug)]
pub struct Server {
    url: String,
    // Stopped before its folder goes.
    _daemon: Daemon,
    _dir: TempDir,
}

impl Server {
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// Whether MiniStack lets everybody do everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Open,
    /// Users have to sign with their keys, and may do what their policies say. An account's number is still its root user, with any secret.
    Checked,
}

/// MiniStack from a virtual environment: IAM, STS and EKS.
pub fn ministack(venv: &Path, access: Access, log: &Path) -> Result<Server> {
    start("ministack", "/_ministack/ready", log, |port, dir| {
        let mut command = Command::new(program(venv, "ministack"));
        command
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", port.to_string())
            .env("SERVICES", "iam,sts,eks")
            .env("IOT_MTLS_ENABLED", "0")
            .env("SFTP_ENABLED", "0")
            // Where Docker runs, a cluster would be a container, from an image fetched for it.
            .env("DOCKER_HOST", "tcp://127.0.0.1:1")
            .env("AUTH", if access == Access::Checked { "true" } else { "false" })
            .env("TMPDIR", dir);
        command
    })
}

/// LocalStack's community edition from a virtual environment: IAM and STS; it has no EKS.
pub fn localstack(venv: &Path, log: &Path) -> Result<Server> {
    start("localstack", "/_localstack/health", log, |port, dir| {
        let mut command = Command::new(program(venv, "python"));
        command
            .args(["-m", "localstack.runtime.main"])
            .env("GATEWAY_LISTEN", format!("127.0.0.1:{port}"))
            // The default server listens on every interface, whatever the line above says.
            .env("GATEWAY_SERVER", "hypercorn")
            .env("SERVICES", "iam,sts")
            .env("TMPDIR", dir)
            .env("FILESYSTEM_ROOT", dir.join("root"))
            // The rest keeps it from reaching out of the machine.
            .env("ACTIVATE_PRO", "0")
            .env("DNS_ADDRESS", "0")
            .env("DOCKER_BRIDGE_IP", "127.0.0.1")
            .env("API_ENDPOINT", "http://127.0.0.1:1")
            .env("DISABLE_EVENTS", "1")
            .env("SKIP_SSL_CERT_DOWNLOAD", "1");
        command
    })
}

fn start(name: &str, ready: &str, log: &Path, command: impl Fn(u16, &Path) -> Command) -> Result<Server> {
    for _ in 0..ATTEMPTS {
        let dir = tempfile::tempdir()?;
        let port = free_port()?;
        let url = format!("http://127.0.0.1:{port}");
        let mut daemon = Daemon::spawn(&mut command(port, dir.path()), log)?;
        let is_ready = wait_until(name, READY, || {
            if daemon.has_exited()? {
                return Ok(Some(false));
            }
            let answer = http::request("GET", &url, ready, &[], "");
            Ok(answer.is_ok_and(|a| a.status == 200).then_some(true))
        })
        .map_err(|error| anyhow!("{error}\n{}", daemon.log_tail()))?;
        if is_ready {
            return Ok(Server {
                url,
                _daemon: daemon,
                _dir: dir,
            });
        }
    }
    let log = std::fs::read_to_string(log).unwrap_or_default();
    bail!("{name} ended {ATTEMPTS} times before it was ready\n{log}")
}

/// A port that nothing listens on at this moment.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// A program of a virtual environment.
pub fn program(venv: &Path, name: &str) -> PathBuf {
    if cfg!(windows) {
        venv.join("Scripts").join(name).with_extension("exe")
    } else {
        venv.join("bin").join(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_does_not_start_is_an_error_with_its_log() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("log");
        let error = start("broken", "/", &log, |_, _| {
            let mut command = Command::new("sh");
            command.args(["-c", "echo no such option; exit 2"]);
            command
        })
        .unwrap_err()
        .to_string();
        assert!(error.contains("broken") && error.contains("no such option"), "{error}");
    }
}
