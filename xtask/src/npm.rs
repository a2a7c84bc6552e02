//! npm in the page's folder.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::prerequisites;
use crate::step::succeed;
use crate::workspace::web;

/// Installs what the lock file names, unless it is what is installed.
pub(crate) fn install() -> Result<()> {
    let lock = fs::read(web().join("package-lock.json")).context("planner-wasm/web has no package-lock.json")?;
    let installed = web().join("node_modules/.installed-package-lock.json");
    if fs::read(&installed).is_ok_and(|bytes| bytes == lock) {
        return Ok(());
    }
    succeed(&mut npm(&["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))?;
    Ok(fs::write(installed, lock)?)
}

/// A script of the page's package.json.
pub(crate) fn script(name: &str) -> Command {
    npm(&["run", "--silent", name])
}

fn npm(arguments: &[&str]) -> Command {
    let mut command = Command::new(prerequisites::npm());
    command.args(arguments).current_dir(web());
    command
}
