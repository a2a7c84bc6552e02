use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pod_identity_core::docs::pages;

#[test]
fn pages_say_what_the_tables_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let pages = pages();
    // As the other expectations; `cargo xtask docs` does the same.
    if std::env::var_os("WRITE_EXPECTED").is_some() {
        // Pages of rules that are gone go as well.
        fs::remove_dir_all(root.join("docs/findings")).unwrap();
        fs::create_dir_all(root.join("docs/findings")).unwrap();
        for (path, text) in &pages {
            fs::write(root.join(path), text).unwrap();
        }
    }
    let stale: Vec<&str> = pages
        .iter()
        .filter(|(path, text)| fs::read_to_string(root.join(path)).ok().as_ref() != Some(text))
        .map(|(path, _)| path.as_str())
        .collect();
    assert!(
        stale.is_empty(),
        "not what the tables of the engine say; whoever changed a table last runs `cargo xtask docs`: {stale:#?}"
    );
    let written: BTreeSet<&str> = pages.iter().map(|(path, _)| path.as_str()).collect();
    for file in fs::read_dir(root.join("docs/findings")).unwrap() {
        let path = format!("docs/findings/{}", file.unwrap().file_name().to_str().unwrap());
        assert!(written.contains(path.as_str()), "`{path}` is of no rule: delete it");
    }
}
