//! Writes the Rust of `tfplugin-proto` from its .proto files, without protoc.
//!
//! The result is committed, so that nobody who builds the crate needs this one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The .proto files, relative to [`source_dir`].
const FILES: [&str; 2] = ["tfplugin6.proto", "go_plugin.proto"];

/// Why no code was written.
#[derive(Debug, thiserror::Error)]
pub enum CodegenError {
    /// A .proto file does not compile.
    #[error("{0}")]
    Proto(#[from] protox::Error),
    /// A file cannot be read or written.
    #[error("generated code cannot be written: {0}")]
    Io(#[from] io::Error),
}

/// The folder of the .proto files.
#[must_use]
pub fn source_dir() -> PathBuf {
    proto_crate().join("proto")
}

/// The folder of the committed Rust files.
#[must_use]
pub fn output_dir() -> PathBuf {
    proto_crate().join("src/gen")
}

/// The text of every generated file, by its name in [`output_dir`].
///
/// # Errors
///
/// When a .proto file does not compile, or no temporary folder can be used.
pub fn generate() -> Result<BTreeMap<String, String>, CodegenError> {
    let descriptors = protox::compile(FILES, [source_dir()])?;
    let out = tempfile::tempdir()?;
    tonic_prost_build::configure()
        // `connect` would bring the client's whole transport into every provider.
        .build_transport(false)
        // A provider implements the RPCs it has; the host understands UNIMPLEMENTED.
        .generate_default_stubs(true)
        // The same message is always the same bytes.
        .btree_map(".")
        .emit_rerun_if_changed(false)
        .out_dir(out.path())
        .compile_fds(descriptors)?;
    read_files(out.path())
}

/// The files of a folder by name, as [`generate`] returns them.
///
/// # Errors
///
/// When the folder or a file in it cannot be read.
pub fn read_files(dir: &Path) -> Result<BTreeMap<String, String>, CodegenError> {
    fs::read_dir(dir)?
        .map(|entry| {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            Ok((name, fs::read_to_string(entry.path())?))
        })
        .collect()
}

/// Writes the generated files to [`output_dir`] and removes others from it.
///
/// # Errors
///
/// As [`generate`], and when a file cannot be written.
pub fn write() -> Result<(), CodegenError> {
    let dir = output_dir();
    let files = generate()?;
    fs::create_dir_all(&dir)?;
    for name in read_files(&dir)?.keys().filter(|name| !files.contains_key(*name)) {
        fs::remove_file(dir.join(name))?;
    }
    for (name, text) in files {
        fs::write(dir.join(name), text)?;
    }
    Ok(())
}

fn proto_crate() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
