//! What cargo says of the workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The folder of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// One package of a resolved graph.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) licence: String,
    pub(crate) features: BTreeSet<String>,
}

/// Everything that is compiled for any target, by `cargo tree`: unlike `cargo metadata` it leaves
/// out optional packages that nothing turns on.
pub(crate) fn resolved(selection: &[&str]) -> BTreeSet<Package> {
    let mut arguments = vec!["tree", "--locked", "--target", "all", "--prefix", "none"];
    arguments.extend(["--format", "{p}\t{l}\t{f}\t"]);
    arguments.extend(selection);
    let packages: BTreeSet<Package> = cargo(&arguments)
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| {
            let mut fields = line.split('\t');
            let mut package = fields.next().unwrap().split(' ');
            Package {
                name: package.next().unwrap().to_owned(),
                version: package.next().unwrap().trim_start_matches('v').to_owned(),
                licence: fields.next().unwrap().to_owned(),
                features: fields.next().unwrap().split(',').map(str::to_owned).collect(),
            }
        })
        .collect();
    assert!(!packages.is_empty());
    packages
}

/// The workspace's own packages: name and the workspace's packages it depends on, by kind.
pub(crate) fn members() -> BTreeMap<String, Vec<Dependency>> {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let ours: BTreeSet<&str> = packages
        .iter()
        .filter(|package| package["source"].is_null())
        .map(|package| package["name"].as_str().unwrap())
        .collect();
    packages
        .iter()
        .filter(|package| package["source"].is_null())
        .map(|package| {
            let dependencies = package["dependencies"].as_array().unwrap().iter();
            let ours = dependencies
                .filter(|dependency| ours.contains(dependency["name"].as_str().unwrap()))
                .map(|dependency| Dependency {
                    name: dependency["name"].as_str().unwrap().to_owned(),
                    is_for_tests: dependency["kind"].as_str() == Some("dev"),
                });
            (package["name"].as_str().unwrap().to_owned(), ours.collect())
        })
        .collect()
}

/// A dependency of one of our packages on another.
#[derive(Debug)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) is_for_tests: bool,
}

pub(crate) fn metadata() -> Value {
    serde_json::from_str(&cargo(&["metadata", "--format-version", "1", "--locked"])).unwrap()
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
