//! The engine for the browser.

mod order;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::npm;
use crate::prerequisites::{self, Program};
use crate::step::{step, succeed};
use crate::workspace::{cargo, root, target, web};

/// Compressed size that the engine may have, in bytes.
pub(crate) const BUDGET: usize = 350_000;

/// The target of everything that runs in a browser.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// What rustc's wasm32 target uses. All features would be more than browsers accept.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

pub(crate) fn run() -> Result<()> {
    step("prerequisites", || {
        prerequisites::require(&[Program::WasmTarget, Program::Node])
    })?;
    step("npm packages", npm::install)?;
    step("engine for the browser", build)?;
    let size = size()?;
    println!("{size}");
    size.hold(BUDGET)
}

/// What is done to the compiled engine. What counts is the compressed size: passes that make functions shorter and less alike, as the
/// optimiser's own levels do, cost more than they save.
const PASSES: [&str; 12] = [
    // The bottom of memory is the end of the stack: addresses there are not computed.
    "--low-memory-unused",
    "--strip-target-features",
    "--duplicate-function-elimination",
    "--remove-unused-module-elements",
    "--optimize-instructions",
    "--simplify-locals-notee-nostructure",
    "--vacuum",
    "--remove-unused-brs",
    "--code-folding",
    "--merge-blocks",
    "--duplicate-function-elimination",
    "--remove-unused-module-elements",
];

/// Compiles, binds and optimises the engine into the page's sources.
pub(crate) fn build() -> Result<()> {
    succeed(&mut cargo([
        "build",
        "--package",
        "pod-identity-planner",
        "--target",
        TARGET,
        "--profile",
        "wasm",
    ]))?;
    let compiled = target()?.join(TARGET).join("wasm/pod_identity_planner.wasm");
    let recipe = ["xtask/src/wasm.rs", "xtask/src/wasm/order.rs", "Cargo.lock"].map(|path| root().join(path));
    let [passes, order, lock] = &recipe;
    if is_newer(&artifact(), &[&compiled, passes, order, lock]) {
        return Ok(());
    }
    let folder = web().join("src/wasm");
    Bindgen::new()
        .input_path(compiled)
        .web(true)?
        .typescript(true)
        // A default path would make the page's bundler emit the module a second time.
        .omit_default_module_path(true)
        // After a trap the module is instantiated anew.
        .reset_state_function(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&folder)?;
    optimise()
}

/// Whether a file is there and was written after all it is made from.
fn is_newer(made: &Path, sources: &[&Path]) -> bool {
    let written = |path: &Path| fs::metadata(path).and_then(|data| data.modified());
    written(made).is_ok_and(|made| {
        sources
            .iter()
            .all(|source| written(source).is_ok_and(|source| source < made))
    })
}

fn optimise() -> Result<()> {
    let module = artifact();
    wasm_opt(&module, &PASSES)?;
    fs::write(&module, order::named_by_likeness(&fs::read(&module)?)?)?;
    // Names that say nothing but the order do not stay.
    wasm_opt(&module, &["--reorder-functions-by-name", "--strip-debug"])
}

fn wasm_opt(module: &Path, passes: &[&str]) -> Result<()> {
    let optimised = module.with_extension("opt");
    let mut command = Command::new("node");
    command
        .arg(web().join("node_modules/binaryen/bin/wasm-opt"))
        .args(FEATURES)
        .args(passes)
        .arg(module)
        .arg("-o")
        .arg(&optimised);
    succeed(&mut command)?;
    Ok(fs::rename(optimised, module)?)
}

fn artifact() -> PathBuf {
    web().join("src/wasm/pod_identity_planner_bg.wasm")
}

/// What the built engine weighs.
pub(crate) fn size() -> Result<Size> {
    Size::of("wasm", &[artifact()])
}

/// Size of shipped files, as they are and as they travel.
#[derive(Debug)]
pub(crate) struct Size {
    what: &'static str,
    raw: usize,
    pub(crate) gzip: usize,
}

impl Size {
    pub(crate) fn of(what: &'static str, files: &[PathBuf]) -> Result<Self> {
        let mut size = Self { what, raw: 0, gzip: 0 };
        for file in files {
            size.raw += usize::try_from(fs::metadata(file)?.len())?;
            size.gzip += gzip(file)?;
        }
        Ok(size)
    }

    pub(crate) fn hold(&self, budget: usize) -> Result<()> {
        ensure!(self.gzip <= budget, "{self}: over the budget of {} kB", budget / 1000);
        Ok(())
    }
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kilo = |bytes: usize| format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100);
        write!(f, "{}: {} raw, {} gzip", self.what, kilo(self.raw), kilo(self.gzip))
    }
}

/// Compressed size of one file, by Node's zlib: the page needs Node anyway.
fn gzip(file: &Path) -> Result<usize> {
    const SCRIPT: &str = "console.log(require('node:zlib')\
        .gzipSync(require('node:fs').readFileSync(process.argv[1]), { level: 9 }).length)";
    let output = succeed(Command::new("node").args(["-e", SCRIPT]).arg(file))?;
    let length = output.trim();
    length.parse().with_context(|| format!("not a size: `{length}`"))
}
