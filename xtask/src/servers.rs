//! Virtual environments of the local AWS servers, from lock files with hashes.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use pod_tests::servers::program;

use crate::prerequisites;
use crate::step::succeed;
use crate::workspace::{cache, root};

/// A server that Python's package index has.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Package {
    MiniStack,
    LocalStack,
}

impl Package {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Package::MiniStack => "ministack",
            Package::LocalStack => "localstack",
        }
    }

    /// The server's virtual environment, made if it is not there or its lock file has changed.
    pub(crate) fn install(self) -> Result<PathBuf> {
        let lock = root().join("tests/servers").join(format!("{}.txt", self.name()));
        let venv = cache(self.name(), &lock)?;
        let complete = venv.join("complete");
        if complete.is_file() {
            return Ok(venv);
        }
        if venv.exists() {
            fs::remove_dir_all(&venv)?;
        }
        succeed(Command::new(prerequisites::python()?).args(["-m", "venv"]).arg(&venv))?;
        let mut pip = Command::new(program(&venv, "python"));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(["--require-hashes", "-r"])
            .arg(&lock);
        succeed(&mut pip)?;
        fs::write(complete, "")?;
        Ok(venv)
    }
}
