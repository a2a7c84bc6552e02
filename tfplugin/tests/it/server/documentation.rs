//! Pages of documentation are made of what a provider offers.

use std::collections::BTreeMap;

use tfplugin::docs::pages;

use super::library::Library;

fn library() -> BTreeMap<String, String> {
    let example = |path: &str| match path {
        "resources/library_book/resource.tf" => {
            Some("resource \"library_book\" \"emma\" {\n  title = \"Emma\"\n}\n".to_owned())
        }
        "resources/library_book/import.sh" => Some("terraform import library_book.emma Emma\n".to_owned()),
        _ => None,
    };
    let pages = pages(&Library::default(), example).expect("pages");
    pages.into_iter().map(|page| (page.path, page.text)).collect()
}

#[test]
fn every_kind_of_thing_has_its_page_where_registries_look_for_it() {
    let pages = library();
    for path in [
        "index.md",
        "resources/book.md",
        "ephemeral-resources/pass.md",
        "list-resources/book.md",
        "actions/reprint.md",
        "functions/join.md",
    ] {
        assert!(pages.contains_key(path), "{path} is not in {:?}", pages.keys());
    }
    assert!(
        pages["index.md"].contains("- `name` (String) Its name."),
        "{}",
        pages["index.md"]
    );
}

#[test]
fn a_page_says_who_sets_an_attribute_its_default_its_checks_and_what_a_change_does() {
    let page = &library()["resources/book.md"];
    let section = |from: &str, to: &str| {
        let (_, rest) = page.split_once(from).expect("there");
        rest.split_once(to).map_or(rest, |(section, _)| section).to_owned()
    };
    let required = section("### Required", "###");
    let title = required
        .lines()
        .find(|line| line.starts_with("- `title` (String) Its title."))
        .expect("there");
    assert!(
        title.contains("30") && title.ends_with("A change makes a new object."),
        "{title}"
    );
    let optional = section("### Optional", "###");
    assert!(
        optional.contains("- `pages` (Number) How many pages it has. Defaults to `100`."),
        "{optional}"
    );
    assert!(
        optional.contains("- `author` (String, Sensitive, Write-only) Who may not be named."),
        "{optional}"
    );
    assert!(section("### Read-Only", "##").contains("- `place` (String) Where it stands."));
    assert!(
        page.contains("## Example Usage\n\n```terraform\nresource \"library_book\" \"emma\" {"),
        "{page}"
    );
    let import = section("## Import", "\u{0}");
    assert!(
        import.contains("```shell\nterraform import library_book.emma Emma\n```"),
        "{import}"
    );
    assert!(import.contains("- `title` (String) Its title."), "{import}");
}

#[test]
fn a_page_of_a_function_has_its_signature() {
    let page = &library()["functions/join.md"];
    assert!(page.contains("# function: join\n"), "{page}");
    assert!(page.contains("## Signature\n\n```text\njoin("), "{page}");
    assert!(page.contains("\n1. `"), "{page}");
}
