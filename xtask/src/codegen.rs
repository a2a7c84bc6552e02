//! Committed code that is generated.

use anyhow::{Result, ensure};
use tfplugin_proto_codegen::{generate, output_dir, read_files};

pub(crate) fn write() -> Result<()> {
    Ok(tfplugin_proto_codegen::write()?)
}

/// Whether the committed code is what [`write`] would write.
pub(crate) fn check() -> Result<()> {
    ensure!(
        read_files(&output_dir())? == generate()?,
        "`{}` is not what the .proto files say; `cargo xtask codegen` writes it",
        output_dir().display()
    );
    Ok(())
}
