//! The files of the repository, as a fresh clone has them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::graph::root;

/// What .gitignore names.
const IGNORED: [&str; 7] = [".git", "target", ".cache", "node_modules", "dist", ".terraform", "wasm"];

/// A text file, by its path in the repository.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// The text files of the repository, or of a folder of it.
pub(crate) fn files(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "`{folder}` has no files");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy();
        if IGNORED.contains(&name.as_ref()) {
            continue;
        }
        if path.is_dir() {
            collect(&path, found);
        } else if let Ok(text) = fs::read_to_string(&path) {
            found.push(Source {
                path: relative(&path),
                text,
            });
        }
    }
}

fn relative(path: &Path) -> String {
    let parts = path.strip_prefix(root()).unwrap().components();
    let parts: PathBuf = parts.collect();
    parts.to_string_lossy().replace('\\', "/")
}

/// The Rust files of a folder without their comments and tests.
pub(crate) fn shipped_rust(folder: &str) -> Vec<Source> {
    files(folder)
        .into_iter()
        .filter(|source| source.path.ends_with(".rs"))
        .filter(|source| !source.path.ends_with("/tests.rs") && !source.path.contains("/tests/"))
        .map(|source| Source {
            text: shipped(&source.text),
            path: source.path,
        })
        .collect()
}

/// By the order that all files keep, a file's tests are its last item.
fn shipped(text: &str) -> String {
    let lines = text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
    let code = lines.map(|line| line.split("//").next().unwrap());
    code.collect::<Vec<_>>().join("\n")
}

#[test]
fn comments_and_tests_are_not_what_is_shipped() {
    let text = "a // b\n/// c\nd\n#[cfg(test)]\nmod tests { e }\n";
    assert_eq!(shipped(text), "a \n\nd");
}
