use std::collections::BTreeSet;
use std::path::Path;

use pod_identity_core::evaluate::pod::{ROWS, page};

#[test]
fn every_row_names_its_source() {
    for row in ROWS {
        assert!(row.source.url.starts_with("https://"), "{}", row.key);
        assert!(!row.source.title.is_empty(), "{}", row.key);
        assert!(row.note.is_empty() || row.note.ends_with('.'), "{}", row.note);
    }
}

#[test]
fn no_two_rows_are_about_the_same() {
    let mut seen = BTreeSet::new();
    for row in ROWS {
        let about = format!(
            "{:?} {:?} {:?} {}",
            row.hop,
            row.action,
            row.tags,
            row.key.to_ascii_lowercase()
        );
        assert!(seen.insert(about), "{} stands twice", row.key);
    }
    // A row for every request would be overruled by one for a single request, depending on their order.
    for row in ROWS.iter().filter(|row| row.hop.is_some()) {
        assert!(
            !ROWS.iter().any(|other| other.hop.is_none() && other.key == row.key),
            "{} stands for all requests as well",
            row.key
        );
    }
}

#[test]
fn the_guide_is_what_the_table_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guides/request-context.md");
    if std::env::var_os("WRITE_EXPECTED").is_some() {
        std::fs::write(&file, page()).unwrap();
    }
    assert!(
        page() == std::fs::read_to_string(&file).unwrap(),
        "docs/guides/request-context.md is not what `pod::page` renders: run again with `WRITE_EXPECTED=1`"
    );
}
