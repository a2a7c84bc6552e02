//! The CLI that the demo drives: whichever is there.

use std::path::PathBuf;

use anyhow::Result;

use crate::{prerequisites, tofu};

/// terraform, else tofu, else a tofu that Go builds.
pub(crate) fn any() -> Result<PathBuf> {
    if let Ok(terraform) = prerequisites::terraform() {
        return Ok(terraform);
    }
    match prerequisites::tofu_on_path() {
        Some(tofu) => Ok(tofu),
        None => tofu::build(),
    }
}
