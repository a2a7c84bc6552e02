//! The pages in `docs/` are those that schemas, comments and examples make.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tfplugin::docs::{Page, pages};

use crate::provider::Pod;
use crate::session::ConnectAws;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn generated() -> Vec<Page> {
    pages(&Pod(ConnectAws), |path| {
        fs::read_to_string(root().join("examples").join(path)).ok()
    })
    .unwrap()
}

/// The folders that hold nothing else.
const FOLDERS: [&str; 4] = ["resources", "data-sources", "functions", "list-resources"];

#[test]
fn pages_say_what_schemas_and_examples_say() {
    let docs = root().join("docs");
    let pages = generated();
    // As the other expectations; `cargo xtask docs` does the same.
    if std::env::var_os("WRITE_EXPECTED").is_some() {
        for folder in FOLDERS {
            drop(fs::remove_dir_all(docs.join(folder)));
        }
        for page in &pages {
            let path = docs.join(&page.path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &page.text).unwrap();
        }
    }
    let is_stale = |page: &&Page| fs::read_to_string(docs.join(&page.path)).ok().as_ref() != Some(&page.text);
    let stale: Vec<&str> = pages.iter().filter(is_stale).map(|page| page.path.as_str()).collect();
    assert!(
        stale.is_empty(),
        "not what the schemas and the examples say; whoever changed one last runs `cargo xtask docs`: {stale:#?}"
    );
    let written: BTreeSet<&str> = pages.iter().map(|page| page.path.as_str()).collect();
    for folder in FOLDERS {
        for file in fs::read_dir(docs.join(folder)).into_iter().flatten() {
            let path = format!("{folder}/{}", file.unwrap().file_name().to_str().unwrap());
            assert!(
                written.contains(path.as_str()),
                "`docs/{path}` is of nothing that there is: delete it"
            );
        }
    }
}

#[test]
fn everything_has_an_example_and_every_attribute_a_description() {
    for Page { path, text } in generated() {
        assert!(text.contains("\n## Example Usage\n"), "`{path}` has no example");
        for line in text.lines().filter(|line| line.starts_with("- `")) {
            let (_, description) = line.split_once(") ").unwrap_or((line, ""));
            assert!(!description.is_empty(), "`{path}`: {line}");
        }
    }
}
