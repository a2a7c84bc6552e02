use std::collections::BTreeSet;

use pod_identity_core::evaluate::pod::ROWS;

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
