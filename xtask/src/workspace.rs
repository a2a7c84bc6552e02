//! Where things are, and how cargo is called.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use tfplugin_testing::cli::DevProvider;

use crate::step::succeed;

/// Where the provider is published: each CLI puts the host of its own registry before it.
const PROVIDER_SOURCE: &str = "pod-identity/pod";

/// The folder of the repository.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// The folder of the page.
pub(crate) fn web() -> PathBuf {
    root().join("planner-wasm/web")
}

/// A folder of what was installed or built from a lock file, under a name that changes with it.
pub(crate) fn cache(name: &str, lock: &Path) -> Result<PathBuf> {
    use std::hash::{DefaultHasher, Hash, Hasher};

    let contents = fs::read(lock).with_context(|| format!("cannot read `{}`", lock.display()))?;
    let mut hasher = DefaultHasher::new();
    contents.hash(&mut hasher);
    Ok(root().join(".cache").join(format!("{name}-{:016x}", hasher.finish())))
}

/// Cargo's target folder, where this program was built to.
pub(crate) fn target() -> Result<PathBuf> {
    let output = cargo(["metadata", "--format-version", "1", "--no-deps"]).output()?;
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).context("`cargo metadata` did not answer with JSON")?;
    let folder = metadata
        .pointer("/target_directory")
        .and_then(|folder| folder.as_str())
        .context("`cargo metadata` names no target folder")?;
    Ok(PathBuf::from(folder))
}

/// A folder for the outputs of one command, made if it is not there.
pub(crate) fn output(name: &str) -> Result<PathBuf> {
    let folder = target()?.join(name);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// A cargo command in the repository.
pub(crate) fn cargo<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    if env::var_os("CI").is_some() {
        command.env("CARGO_INCREMENTAL", "0");
    }
    command
}

/// Builds the provider the way the tests do, together with everything else.
///
/// Features unify differently for one package than for the workspace, and what is shared would
/// then be built twice: this is the only native build of the dev profile.
pub(crate) fn build_provider() -> Result<()> {
    succeed(&mut cargo(["build", "--workspace", "--all-targets"])).map(drop)
}

/// The provider that [`build_provider`] makes.
pub(crate) fn provider() -> Result<DevProvider> {
    Ok(DevProvider {
        source: PROVIDER_SOURCE.to_owned(),
        folder: target()?.join("debug"),
    })
}
