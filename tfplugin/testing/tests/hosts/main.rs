//! The driver of terraform and tofu, on the example provider in this process: scenarios that pass, and for every check one that does not.
//!
//! `cargo xtask test acceptance` names the CLIs that these tests need.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

#[cfg(test)]
mod green;
#[cfg(test)]
mod kinds;
#[cfg(test)]
mod notes;
#[cfg(test)]
mod refused;

/// The example of `tfplugin`.
#[expect(dead_code, reason = "its `main` is for hosts that start a process")]
mod example {
    include!("../../../examples/textfile.rs");

    pub(super) fn provider() -> impl Provider {
        Example
    }
}

/// The example of `tfplugin` that has one of every kind.
#[expect(dead_code, reason = "its `main` is for hosts that start a process")]
#[path = "../../../examples/notebook/main.rs"]
mod notebook;

use std::path::Path;

use tfplugin_testing::cli::Cli;
use tfplugin_testing::scenario::Scenario;

const FILE: &str = "example_text_file.it";

/// A scenario of the example in this process, whose files are in a folder.
fn scenario(cli: Cli, folder: &Path) -> Scenario {
    with_settings(Scenario::new(cli).provider(example::provider), folder)
}

/// A scenario of the example in processes that the host starts.
fn built(cli: Cli, folder: &Path) -> Scenario {
    let binary = Path::new(env!("CARGO_BIN_EXE_terraform-provider-example"));
    let binaries = binary.parent().expect("a folder");
    with_settings(Scenario::new(cli).built_provider("example/example", binaries), folder)
}

fn with_settings(scenario: Scenario, folder: &Path) -> Scenario {
    let settings = format!(
        "provider \"example\" {{\n  folder = {:?}\n}}\n",
        folder.display().to_string()
    );
    scenario.file("provider.tf", settings)
}

/// One file with a text.
fn file(name: &str, text: &str) -> String {
    format!("resource \"example_text_file\" \"it\" {{\n  name = \"{name}\"\n  text = \"{text}\"\n}}\n")
}

/// Whether everything in a folder is gone.
fn is_empty(folder: &Path) {
    let left: Vec<_> = std::fs::read_dir(folder).expect("a folder").collect();
    assert!(left.is_empty(), "{left:?}");
}
