//! What a step configures.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::cli::Workspace;
use crate::failure::Failure;

/// A configuration: text, or a folder of files, with values for its variables.
#[derive(Clone, Debug)]
pub struct Config {
    source: Source,
    files: Vec<(String, String)>,
    variables: Map<String, Value>,
}

#[derive(Clone, Debug)]
enum Source {
    Text(String),
    Folder(PathBuf),
}

impl Config {
    fn new(source: Source) -> Self {
        Self {
            source,
            files: Vec::new(),
            variables: Map::new(),
        }
    }

    /// HCL, in a file `main.tf`.
    pub fn text(hcl: impl Into<String>) -> Self {
        Self::new(Source::Text(hcl.into()))
    }

    /// All that is in a folder.
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self::new(Source::Folder(path.into()))
    }

    /// With one more file, such as a module's.
    #[must_use]
    pub fn file(mut self, name: &str, contents: impl Into<String>) -> Self {
        self.files.push((name.to_owned(), contents.into()));
        self
    }

    /// With a value for a variable, of any type.
    #[must_use]
    pub fn variable(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.variables.insert(name.to_owned(), value.into());
        self
    }

    /// Makes this the whole configuration of a workspace.
    pub(super) fn write(&self, workspace: &Workspace) -> Result<(), Failure> {
        workspace.clear()?;
        match &self.source {
            Source::Text(hcl) => workspace.write("main.tf", hcl)?,
            Source::Folder(path) => workspace.copy_from(path)?,
        }
        for (name, contents) in &self.files {
            workspace.write(name, contents)?;
        }
        if !self.variables.is_empty() {
            let values = Value::Object(self.variables.clone()).to_string();
            workspace.write("scenario.auto.tfvars.json", &values)?;
        }
        Ok(())
    }
}

impl From<&str> for Config {
    fn from(hcl: &str) -> Self {
        Self::text(hcl)
    }
}

impl From<String> for Config {
    fn from(hcl: String) -> Self {
        Self::text(hcl)
    }
}

impl From<&String> for Config {
    fn from(hcl: &String) -> Self {
        Self::text(hcl)
    }
}

impl From<&Path> for Config {
    fn from(folder: &Path) -> Self {
        Self::folder(folder)
    }
}
