//! The real terraform and tofu: where they are, what they can do, and a folder to run them in.
//!
//! Providers are known by source address only. Tests of a provider are best written as a [`Scenario`](crate::scenario::Scenario), which
//! stands on this.

mod commands;
mod diagnostic;
mod feature;
mod plan;
mod state;
mod workspace;

use std::env;
use std::fmt;
use std::path::PathBuf;

pub use self::diagnostic::{Diagnostic, Severity};
pub use self::feature::{Feature, Version};
pub use self::plan::{Action, Plan};
pub use self::state::State;
pub use self::workspace::{Answer, DevProvider, Ongoing, Workspace};
#[cfg(feature = "client")]
pub(crate) use self::workspace::{Hosted, Running};

use crate::failure::Failure;

/// A program that runs providers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cli {
    /// HashiCorp's Terraform.
    Terraform,
    /// OpenTofu.
    Tofu,
}

impl Cli {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Terraform, Self::Tofu];

    /// The name of the command.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Terraform => "terraform",
            Self::Tofu => "tofu",
        }
    }

    /// The environment variable that holds the program's path, so that everybody tests with the same version.
    #[must_use]
    pub fn variable(self) -> &'static str {
        match self {
            Self::Terraform => "TFPLUGIN_TEST_TERRAFORM",
            Self::Tofu => "TFPLUGIN_TEST_TOFU",
        }
    }

    /// The program: where [`Cli::variable`] says, or else on `PATH`.
    ///
    /// # Errors
    ///
    /// When it is not there; the message says how to get it.
    pub fn program(self) -> Result<PathBuf, Failure> {
        let (name, variable) = (self.name(), self.variable());
        if let Some(path) = env::var_os(variable).map(PathBuf::from) {
            return if path.is_file() {
                Ok(path)
            } else {
                Err(Failure::new(format!(
                    "{variable} is `{}`, which is not a file; it has to be the path of {name}",
                    path.display()
                )))
            };
        }
        on_path(name).ok_or_else(|| {
            let page = match self {
                Self::Terraform => "https://developer.hashicorp.com/terraform/install",
                Self::Tofu => "https://opentofu.org/docs/intro/install/",
            };
            Failure::new(format!(
                "{name} is missing: this test runs it; {page} has it; put it on PATH or its path in {variable}"
            ))
        })
    }
}

impl fmt::Display for Cli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn on_path(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(&file))
        .find(|path| path.is_file())
}
