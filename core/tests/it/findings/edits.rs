use pod_identity_core::findings::{Edits, Fix, Json, TextEdit};
use pod_identity_core::policy::Document;
use tfmodel::Path;

const INDENTED: &str = r#"{
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["a", "b"],
      "Condition": {
        "StringEquals": {
          "k": "1",
          "l": "2"
        }
      }
    }
  ]
}"#;

fn statement() -> Path {
    Path::attribute("Statement").with_index(0)
}

fn key(operator: &str, key: &str) -> Path {
    statement().with_attribute("Condition").with_key(operator).with_key(key)
}

fn apply(text: &str, edits: Vec<TextEdit>) -> String {
    let title = String::new();
    Fix { title, edits }.apply(text)
}

#[track_caller]
fn check(text: &str, edits: Edits, expected: &str) {
    assert_eq!(apply(text, edits.done()), expected);
}

/// One replacement in the text.
#[track_caller]
fn becomes(edits: Edits, old: &str, new: &str) {
    assert_eq!(INDENTED.matches(old).count(), 1);
    check(INDENTED, edits, &INDENTED.replace(old, new));
}

#[test]
fn values_are_replaced_and_members_are_added_on_lines_of_their_own() {
    let edits = || Edits::of(INDENTED);
    becomes(
        edits().set(&key("StringEquals", "k"), "3"),
        r#""k": "1""#,
        r#""k": "3""#,
    );
    becomes(
        edits().set(&key("StringEquals", "m"), "3"),
        r#""l": "2""#,
        "\"l\": \"2\",\n          \"m\": \"3\"",
    );
    becomes(
        edits().set(&key("StringLike", "k"), "3"),
        "\n        }\n      }",
        "\n        },\n        \"StringLike\": {\n          \"k\": \"3\"\n        }\n      }",
    );
    becomes(
        edits().set(&Path::attribute("Version"), "2012-10-17"),
        "\n  ]",
        "\n  ],\n  \"Version\": \"2012-10-17\"",
    );
}

#[test]
fn a_line_of_json_stays_one_line() {
    let tight = r#"{"Statement":{"Effect":"Allow","Action":"a"}}"#;
    check(
        tight,
        Edits::of(tight).set(&key("StringEquals", "k"), "1"),
        r#"{"Statement":{"Effect":"Allow","Action":"a","Condition":{"StringEquals":{"k":"1"}}}}"#,
    );
    let loose = r#"{"Statement": {"Effect": "Allow", "Condition": {}}}"#;
    check(
        loose,
        Edits::of(loose).set(&key("StringEquals", "k"), Json::object([("x", Json::from("y"))])),
        r#"{"Statement": {"Effect": "Allow", "Condition": {"StringEquals": {"k": {"x": "y"}}}}}"#,
    );
}

#[test]
fn strings_become_lists_and_lists_grow() {
    let action = statement().with_attribute("Action");
    let edits = || Edits::of(INDENTED);
    becomes(edits().push(&action, "c"), r#"["a", "b"]"#, r#"["a", "b", "c"]"#);
    check(INDENTED, edits().push(&action, "b"), INDENTED);
    becomes(edits().push(&key("StringEquals", "k"), "3"), r#""1""#, r#"["1", "3"]"#);
    becomes(
        edits().push(&key("StringEquals", "m"), "3"),
        r#""l": "2""#,
        "\"l\": \"2\",\n          \"m\": \"3\"",
    );
}

#[test]
fn what_is_removed_takes_its_comma_along() {
    let edits = || Edits::of(INDENTED);
    becomes(
        edits().remove(&key("StringEquals", "k")),
        "\"k\": \"1\",\n          ",
        "",
    );
    becomes(
        edits().remove(&key("StringEquals", "l")),
        ",\n          \"l\": \"2\"",
        "",
    );
    let action = statement().with_attribute("Action");
    becomes(edits().remove(&action.with_index(0)), r#""a", "#, "");
    becomes(edits().remove(&action.with_index(1)), r#", "b""#, "");
}

#[test]
fn an_empty_condition_goes_and_nothing_else_may_become_empty() {
    let both = Edits::of(INDENTED)
        .remove(&key("StringEquals", "k"))
        .remove(&key("StringEquals", "l"))
        .done();
    let after = apply(INDENTED, both);
    assert!(!after.contains("Condition"), "{after}");
    assert!(Document::parse(&after).is_ok(), "{after}");
    let action = statement().with_attribute("Action");
    let edits = Edits::of(INDENTED)
        .remove(&action.with_index(0))
        .remove(&action.with_index(0));
    assert!(edits.done().is_empty());
    assert!(Edits::of(INDENTED).remove(&statement()).done().is_empty());
}

#[test]
fn of_a_repeated_key_all_go() {
    let text = r#"{"Statement":{"Condition":{"A":{"k":"1","l":"2","k":"3"}}}}"#;
    check(
        text,
        Edits::of(text).remove(&key("A", "k")),
        r#"{"Statement":{"Condition":{"A":{"l":"2"}}}}"#,
    );
}

#[test]
fn keys_are_renamed_and_conditions_move_unless_something_is_there() {
    let edits = || Edits::of(INDENTED);
    becomes(edits().rename(&key("StringEquals", "k"), "n"), r#""k""#, r#""n""#);
    assert!(edits().rename(&key("StringEquals", "k"), "l").done().is_empty());
    let to = key("StringEquals", "l");
    assert!(edits().transfer(&key("StringEquals", "k"), &to).done().is_empty());
    let moved = edits()
        .transfer(&key("StringEquals", "k"), &key("StringLike", "k"))
        .done();
    assert!(moved.len() >= 2, "{moved:?}");
    let after = Document::parse(&apply(INDENTED, moved)).unwrap();
    let conditions: Vec<(&str, &str)> = after.statements[0]
        .conditions
        .iter()
        .map(|one| (one.operator.as_str(), one.key.as_str()))
        .collect();
    assert_eq!(conditions, [("StringEquals", "l"), ("StringLike", "k")]);
}

#[test]
fn a_statement_is_replaced_at_its_indentation() {
    let other: pod_identity_core::policy::Statement = r#"{"Effect":"Deny","Action":["x","y"]}"#.parse().unwrap();
    check(
        INDENTED,
        Edits::of(INDENTED).set(&statement(), &other),
        "{\n  \"Statement\": [\n    {\n      \"Effect\": \"Deny\",\n      \"Action\": [\"x\", \"y\"]\n    }\n  ]\n}",
    );
}

#[test]
fn later_changes_see_earlier_ones_and_the_edits_are_those_of_the_first_text() {
    let edits = Edits::of(INDENTED)
        .set(&key("StringLike", "k"), "new")
        .set(&key("StringLike", "k"), "newer")
        .rename(&key("StringEquals", "l"), "renamed")
        .set(&key("StringEquals", "renamed"), "2!")
        .done();
    let after = apply(INDENTED, edits.clone());
    assert!(
        after.contains(r#""k": "newer""#) && after.contains(r#""renamed": "2!""#),
        "{after}"
    );
    assert!(!after.contains(r#""new""#), "{after}");
    let mut spans: Vec<_> = edits.iter().map(|edit| edit.span).collect();
    spans.sort();
    assert!(spans.is_sorted_by(|a, b| a.end <= b.start), "{spans:?}");
}

#[test]
fn one_change_that_cannot_be_made_undoes_all() {
    let edits = Edits::of(INDENTED).set(&key("StringEquals", "k"), "3");
    assert!(edits.remove(&key("StringEquals", "none")).done().is_empty());
    assert!(Edits::of("{").set(&Path::attribute("Version"), "x").done().is_empty());
}

#[test]
fn a_statement_is_added_behind_another_and_makes_a_list_of_one_alone() {
    let other: pod_identity_core::policy::Statement = r#"{"Effect":"Deny","Action":"x"}"#.parse().unwrap();
    becomes(
        Edits::of(INDENTED).insert(&statement(), 1, &other),
        "      }\n    }\n  ]",
        "      }\n    },\n    {\n      \"Effect\": \"Deny\",\n      \"Action\": \"x\"\n    }\n  ]",
    );
    let alone = r#"{"Statement":{"Effect":"Allow","Action":"a"}}"#;
    check(
        alone,
        Edits::of(alone).insert(&statement(), 1, &other),
        r#"{"Statement":[{"Effect":"Allow","Action":"a"},{"Effect":"Deny","Action":"x"}]}"#,
    );
}
