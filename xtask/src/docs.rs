//! Pages of the documentation that are made of the engine's tables, and of the provider's schemas and examples.

use anyhow::Result;

use crate::step::{step, succeed};
use crate::workspace::cargo;

/// Writes all pages, and removes those of what is gone.
pub(crate) fn write() -> Result<()> {
    // The tests that compare them know what they have to be.
    for (title, arguments) in [
        ("of the engine", ["-p", "pod-identity-core", "--test", "it", "docs::"]),
        (
            "of the provider",
            [
                "-p",
                "terraform-provider-pod",
                "--bin",
                "terraform-provider-pod",
                "documentation::",
            ],
        ),
    ] {
        step(title, || {
            let mut test = cargo(["test"].into_iter().chain(arguments));
            succeed(test.env("WRITE_EXPECTED", "1")).map(drop)
        })?;
    }
    Ok(())
}
