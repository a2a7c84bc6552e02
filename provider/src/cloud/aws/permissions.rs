//! Every call is in the guide for those who write policies.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pod_identity_core::policy::Document;

const GUIDE: &str = include_str!("../../../../docs/guides/permissions.md");

/// How names of operations start, as the SDK spells its methods.
const VERBS: [&str; 13] = [
    "add_",
    "attach_",
    "create_",
    "delete_",
    "describe_",
    "detach_",
    "get_",
    "list_",
    "put_",
    "remove_",
    "tag_",
    "untag_",
    "update_",
];

/// Begins as operations do, and is a part of an answer.
const NO_CALL: &str = "create_date";

/// Methods of the SDK's clients that the sources call, without underscores.
fn called() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cloud/aws");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let sources = files
        .filter(|path| path.is_file())
        .map(|path| fs::read_to_string(path).unwrap());
    let mut called = BTreeSet::new();
    for source in sources {
        for (at, _) in source.match_indices("()") {
            let name = source[..at]
                .rsplit(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
                .next()
                .unwrap();
            let is_method = source[..at - name.len()].ends_with('.');
            if is_method && name != NO_CALL && VERBS.iter().any(|verb| name.starts_with(verb)) {
                called.insert(name.replace('_', ""));
            }
        }
    }
    called
}

#[test]
fn the_guide_allows_what_is_called() {
    let allowed = GUIDE.to_ascii_lowercase();
    let called = called();
    assert!(called.len() > 20, "{called:?}");
    for name in called.iter().filter(|name| *name != "getcalleridentity") {
        assert!(
            allowed.contains(&format!(":{name}\"")),
            "docs/guides/permissions.md does not allow `{name}`"
        );
    }
}

#[test]
fn the_guide_has_policies_that_can_be_read() {
    let policies: Vec<&str> = GUIDE
        .split("```json")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert_eq!(policies.len(), 4);
    for policy in policies {
        Document::parse(policy).unwrap();
    }
}
