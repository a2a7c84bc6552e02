//! Pages of the documentation that the engine writes from its tables.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use pod_identity_core::docs::pages;

use crate::workspace::root;

/// Writes all pages, and removes those of rules that are gone.
pub(crate) fn write() -> Result<()> {
    let mut written: BTreeSet<PathBuf> = BTreeSet::new();
    for (path, text) in pages() {
        let path = root().join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, text)?;
        written.insert(path);
    }
    for file in fs::read_dir(root().join("docs/findings"))? {
        let path = file?.path();
        if !written.contains(&path) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}
