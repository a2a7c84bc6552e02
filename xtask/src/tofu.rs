//! OpenTofu, built as a Go tool from `tools/go.mod`: no package registry has its binary.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::step::succeed;
use crate::workspace::{cache, root};

const PACKAGE: &str = "github.com/opentofu/opentofu/cmd/tofu";

/// The built tofu; building takes minutes, once per version.
pub(crate) fn build() -> Result<PathBuf> {
    let tools = root().join("tools");
    let folder = cache("tofu", &tools.join("go.sum"))?;
    let name = if cfg!(windows) { "tofu.exe" } else { "tofu" };
    let tofu = folder.join(name);
    if tofu.is_file() {
        return Ok(tofu);
    }
    fs::create_dir_all(&folder)?;
    let partial = folder.join("partial");
    let mut go = Command::new("go");
    go.args(["build", "-mod=readonly", "-trimpath"])
        // Without the last of these a build calls itself a development version and prints so.
        .args(["-ldflags", "-s -w -X github.com/opentofu/opentofu/version.dev=no"])
        .arg("-o")
        .arg(&partial)
        .arg(PACKAGE)
        .env("CGO_ENABLED", "0")
        .current_dir(tools);
    succeed(&mut go)?;
    fs::rename(partial, &tofu)?;
    Ok(tofu)
}
