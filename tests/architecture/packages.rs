//! What would be published, as `cargo package` makes it.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::graph::{metadata, root};

/// The crates for everybody, in the order in which they would be published.
const PUBLISHED: [&str; 5] = [
    "tfplugin-proto",
    "tfmodel-derive",
    "tfmodel",
    "tfplugin",
    "tfplugin-testing",
];

/// More than any of them needs: what is over it was not meant to be published.
const MOST_BYTES: u64 = 200_000;

/// Files of any package beside Rust code.
const OTHER_FILES: [&str; 6] = [
    "README.md",
    "LICENSE",
    "Cargo.toml",
    "Cargo.toml.orig",
    "Cargo.lock",
    ".cargo_vcs_info.json",
];

fn ours() -> Vec<Value> {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .filter(|package| package["source"].is_null())
        .cloned()
        .collect()
}

fn is_published(package: &Value) -> bool {
    // An empty list is how cargo says `publish = false`.
    package["publish"].as_array().is_none_or(|to| !to.is_empty())
}

#[test]
fn what_is_published_is_chosen_and_says_what_it_is() {
    let packages = ours();
    let published = packages.iter().filter(|package| is_published(package));
    let names: BTreeSet<&str> = published
        .clone()
        .map(|package| package["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        BTreeSet::from(PUBLISHED),
        "everything else says `publish = false`"
    );
    for package in published {
        for field in ["description", "license", "repository", "readme", "rust_version"] {
            assert!(package[field].is_string(), "{} has no `{field}`", package["name"]);
        }
        for field in ["keywords", "categories"] {
            let words = package[field].as_array().unwrap();
            assert!((1..=5).contains(&words.len()), "{}: `{field}`", package["name"]);
        }
    }
}

#[test]
fn packages_are_made_without_a_network_and_hold_code_and_little_else() {
    let target = tempfile::tempdir().unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["package", "--no-verify", "--offline", "--allow-dirty", "--target-dir"]);
    cargo.arg(target.path()).current_dir(root());
    for name in PUBLISHED {
        cargo.args(["--package", name]);
    }
    let output = cargo.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");

    let packages = ours();
    for name in PUBLISHED {
        let package = packages.iter().find(|package| package["name"] == name).unwrap();
        let version = package["version"].as_str().unwrap();
        let archive = target.path().join(format!("package/{name}-{version}.crate"));
        let bytes = fs::metadata(&archive).unwrap().len();
        assert!(bytes <= MOST_BYTES, "{name} has {bytes} bytes, packed");

        let listing = Command::new("tar").arg("tzf").arg(&archive).output().unwrap();
        assert!(listing.status.success(), "{name}");
        let listing = String::from_utf8(listing.stdout).unwrap();
        let folder = format!("{name}-{version}/");
        let files: Vec<&str> = listing
            .lines()
            .map(|file| file.strip_prefix(&folder).unwrap())
            .collect();
        for file in ["README.md", "LICENSE", "src/lib.rs"] {
            assert!(files.contains(&file), "{name} lacks {file}: {files:#?}");
        }
        for file in files {
            let is_meant = file.ends_with(".rs") || file.ends_with(".proto") || file.starts_with("src/guide/");
            assert!(
                is_meant || OTHER_FILES.contains(&file),
                "{name} has `{file}`: name in `include` what a user of the crate needs"
            );
        }
    }
}
