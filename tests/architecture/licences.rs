use std::collections::BTreeSet;

use crate::graph::{resolved, root};

/// What may be part of a binary under Apache-2.0 without further duties than a notice.
const ALLOWED: [&str; 11] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Zlib",
];

#[test]
fn every_package_has_a_licence_that_allows_shipping_it() {
    let refused: BTreeSet<String> = resolved(&["--workspace"])
        .into_iter()
        .filter(|package| !is_allowed(&package.licence))
        .map(|package| format!("{} {}: `{}`", package.name, package.version, package.licence))
        .collect();
    assert!(
        refused.is_empty(),
        "licences that are not on the list (they are also in deny.toml): {refused:#?}"
    );
}

#[test]
fn cargo_deny_is_told_the_same() {
    let text = std::fs::read_to_string(root().join("deny.toml")).unwrap();
    let (_, licences) = text.split_once("[licenses]\nallow = [").unwrap();
    let (licences, _) = licences.split_once(']').unwrap();
    let told: Vec<&str> = licences.split(',').map(|line| line.trim().trim_matches('"')).collect();
    assert_eq!(told.strip_suffix(&[""]).unwrap(), ALLOWED);
}

#[test]
fn expressions_are_read_as_spdx_has_them() {
    for allowed in [
        "MIT",
        "MIT/Apache-2.0",
        "GPL-3.0 OR MIT",
        "(MIT OR GPL-3.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception OR GPL-3.0",
    ] {
        assert!(is_allowed(allowed), "{allowed}");
    }
    for refused in ["", "GPL-3.0", "MIT AND GPL-3.0", "GPL-3.0 AND (MIT OR ISC)", "(MIT"] {
        assert!(!is_allowed(refused), "{refused}");
    }
}

fn is_allowed(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    either(&mut words) == Some(true) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn either(words: &mut Words<'_>) -> Option<bool> {
    let mut allowed = both(words)?;
    while words.next_if_eq(&"OR").is_some() {
        let next = both(words)?;
        allowed |= next;
    }
    Some(allowed)
}

fn both(words: &mut Words<'_>) -> Option<bool> {
    let mut allowed = one(words)?;
    while words.next_if_eq(&"AND").is_some() {
        let next = one(words)?;
        allowed &= next;
    }
    Some(allowed)
}

fn one(words: &mut Words<'_>) -> Option<bool> {
    let word = words.next()?;
    if word == "(" {
        let allowed = either(words)?;
        return words.next_if_eq(&")").map(|_| allowed);
    }
    if words.next_if_eq(&"WITH").is_some() {
        let exception = words.next()?;
        return Some(ALLOWED.contains(&format!("{word} WITH {exception}").as_str()));
    }
    Some(ALLOWED.contains(&word))
}
