//! The page.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, ensure};

use crate::npm;
use crate::prerequisites::{self, Program};
use crate::step::{step, succeed};
use crate::wasm::{self, Size};
use crate::workspace::web;

/// Compressed size that the page's scripts may have, in bytes, the engine apart.
pub(crate) const BUDGET: usize = 60_000;

pub(crate) fn run() -> Result<()> {
    wasm::run()?;
    step("type, format and lint check", check)?;
    step("page", build)?;
    let size = size()?;
    println!("{size}");
    size.hold(BUDGET)
}

/// The engine and the page, without the checks.
pub(crate) fn build_all() -> Result<()> {
    prerequisites::require(&[Program::WasmTarget, Program::Node])?;
    step("npm packages", npm::install)?;
    step("engine for the browser", wasm::build)?;
    step("page", build)
}

pub(crate) fn check() -> Result<()> {
    succeed(&mut npm::script("check")).map(drop)
}

pub(crate) fn build() -> Result<()> {
    succeed(&mut npm::script("build")).map(drop)
}

/// Where the built page is.
pub(crate) fn dist() -> PathBuf {
    web().join("dist")
}

/// What the page's scripts weigh.
pub(crate) fn size() -> Result<Size> {
    let mut scripts = Vec::new();
    let mut folders = vec![dist()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "js") {
                scripts.push(path);
            }
        }
    }
    ensure!(!scripts.is_empty(), "the built page has no scripts");
    Size::of("page scripts", &scripts)
}
