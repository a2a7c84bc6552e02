//! The driver of terraform and tofu, on the example provider in this process: scenarios that pass, and for every check one that does not.
//!
//! `cargo xtask test acceptance` names the CLIs that these tests need.

#[cfg(test)]
mod green;

/// The example of `tfplugin`.
#[expect(dead_code, reason = "its `main` is for hosts that start a process")]
mod example {
    include!("../../../examples/textfile.rs");

    pub(super) fn provider() -> impl Provider {
        Example
    }
}

use std::path::Path;

use tfplugin_testing::cli::Cli;
use tfplugin_testing::scenario::Scenario;

const FILE: &str = "example_text_file.it";

/// A scenario of the example, whose files are in a folder.
fn scenario(cli: Cli, folder: &Path) -> Scenario {
    let settings = format!(
        "provider \"example\" {{\n  folder = {:?}\n}}\n",
        folder.display().to_string()
    );
    Scenario::new(cli)
        .provider(example::provider)
        .file("provider.tf", settings)
}

/// One file with a text.
fn file(name: &str, text: &str) -> String {
    format!("resource \"example_text_file\" \"it\" {{\n  name = \"{name}\"\n  text = \"{text}\"\n}}\n")
}
