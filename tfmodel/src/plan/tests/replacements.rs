use super::draft;
use crate::path::Path;
use crate::plan::Draft;
use crate::schema::build::{list, map, nested, nested_block, schema, set, string, text};
use crate::schema::{Attribute, BlockNesting, NestedBlock, Nesting, Replace, Schema, Usage};
use crate::value::Value;

fn replacing(name: &str, usage: Usage, replace: Replace) -> Attribute {
    string(name, usage).behaving(|b| b.replace = replace)
}

fn key() -> Attribute {
    replacing("key", Usage::Required, Replace::Changed)
}

/// A key whose change replaces, and a note whose change does not.
fn members() -> Vec<Attribute> {
    vec![key(), string("note", Usage::Optional)]
}

fn object(key: &str, note: &str) -> Value {
    Value::object([("key", text(key)), ("note", text(note))])
}

fn replaced(schema: &Schema, prior: &Value, config: &Value) -> Vec<String> {
    finished(schema, draft(schema, prior, config))
}

fn finished(schema: &Schema, draft: Draft) -> Vec<String> {
    let plan = draft.finish(schema).unwrap();
    plan.requires_replace.iter().map(ToString::to_string).collect()
}

#[test]
fn a_change_of_a_key_replaces() {
    let schema = schema(members(), vec![]);
    assert_eq!(replaced(&schema, &object("a", "x"), &object("b", "y")), ["key"]);
    assert_eq!(replaced(&schema, &object("a", "x"), &object("a", "y")), [""; 0]);
}

#[test]
fn creation_replaces_nothing() {
    let schema = schema(members(), vec![]);
    let mut draft = draft(&schema, &Value::Null, &object("a", "x"));
    draft.replace.push(Path::attribute("note"));
    assert_eq!(finished(&schema, draft), [""; 0]);
}

#[test]
fn a_key_that_is_not_known_yet_replaces() {
    let schema = schema(vec![key()], vec![]);
    let of = |key| Value::object([("key", key)]);
    assert_eq!(replaced(&schema, &of(text("a")), &of(Value::unknown())), ["key"]);
}

#[test]
fn a_change_replaces_only_if_it_is_configured() {
    let schema = schema(
        vec![
            string("a", Usage::Required),
            replacing("b", Usage::OptionalComputed, Replace::Configured),
        ],
        vec![],
    );
    let of = |a, b| Value::object([("a", text(a)), ("b", b)]);
    let prior = of("1", text("x"));
    assert_eq!(replaced(&schema, &prior, &of("2", Value::Null)), [""; 0]);
    assert_eq!(replaced(&schema, &prior, &of("1", text("y"))), ["b"]);
}

#[test]
fn a_function_can_decide() {
    let shorter = |prior: &Value, planned: &Value| planned.as_str().map(str::len) < prior.as_str().map(str::len);
    let schema = schema(vec![replacing("a", Usage::Required, Replace::When(shorter))], vec![]);
    let of = |a| Value::object([("a", text(a))]);
    assert_eq!(replaced(&schema, &of("xx"), &of("x")), ["a"]);
    assert_eq!(replaced(&schema, &of("x"), &of("xx")), [""; 0]);
}

#[test]
fn paths_lead_into_nested_attributes_and_blocks_in_order() {
    let schema = schema(
        vec![
            nested("list", Nesting::List, Usage::Optional, members()),
            nested("map", Nesting::Map, Usage::Optional, members()),
            nested("single", Nesting::Single, Usage::Optional, members()),
        ],
        vec![nested_block("block", BlockNesting::Group, members(), vec![])],
    );
    let of = |key: &str, note: &str| {
        let o = || object(key, note);
        Value::object([
            ("block", o()),
            ("list", list([object("same", note), o()])),
            ("map", map([("k", o())])),
            ("single", o()),
        ])
    };
    assert_eq!(
        replaced(&schema, &of("a", "x"), &of("b", "y")),
        ["block.key", "list[1].key", "map[\"k\"].key", "single.key"]
    );
    assert_eq!(replaced(&schema, &of("a", "x"), &of("a", "y")), [""; 0]);
}

#[test]
fn a_change_of_anything_in_a_block_can_replace() {
    let one = |replace| {
        let block = NestedBlock {
            replace,
            ..nested_block(
                "block",
                BlockNesting::List { min: 0, max: 0 },
                vec![string("note", Usage::Optional)],
                vec![],
            )
        };
        schema(vec![], vec![block])
    };
    let of = |notes: &[&str]| {
        let notes = notes.iter().map(|note| Value::object([("note", text(*note))]));
        Value::object([("block", list(notes))])
    };
    let changed = |replace, prior: &[&str], config: &[&str]| replaced(&one(replace), &of(prior), &of(config));
    assert_eq!(changed(Replace::Changed, &["a"], &["b"]), ["block"]);
    assert_eq!(changed(Replace::Changed, &["a"], &[]), ["block"]);
    assert_eq!(changed(Replace::Changed, &["a"], &["a"]), [""; 0]);
    assert_eq!(changed(Replace::Configured, &["a"], &["a", "b"]), ["block"]);
    assert_eq!(changed(Replace::Configured, &["a"], &[]), [""; 0]);
    let grows = |prior: &Value, planned: &Value| planned.children().len() > prior.children().len();
    assert_eq!(changed(Replace::When(grows), &["a"], &["b"]), [""; 0]);
    assert_eq!(changed(Replace::When(grows), &["a"], &["a", "b"]), ["block"]);
}

#[test]
fn a_key_that_appears_replaces_and_one_that_goes_with_its_object_does_not() {
    let schema = schema(vec![nested("x", Nesting::Single, Usage::Optional, members())], vec![]);
    let of = |x| Value::object([("x", x)]);
    assert_eq!(replaced(&schema, &of(Value::Null), &of(object("a", "x"))), ["x.key"]);
    assert_eq!(replaced(&schema, &of(object("a", "x")), &of(Value::Null)), [""; 0]);
}

#[test]
fn in_a_set_the_path_stops_at_the_set() {
    let schema = schema(vec![nested("x", Nesting::Set, Usage::Optional, members())], vec![]);
    let of = |elements: Vec<Value>| Value::object([("x", set(elements))]);
    let prior = of(vec![object("a", "x"), object("b", "x")]);
    assert_eq!(
        replaced(&schema, &prior, &of(vec![object("a", "y"), object("b", "x")])),
        [""; 0]
    );
    assert_eq!(replaced(&schema, &prior, &of(vec![object("b", "x")])), [""; 0]);
    assert_eq!(
        replaced(&schema, &prior, &of(vec![object("a", "x"), object("c", "x")])),
        ["x"]
    );
}

#[test]
fn an_author_can_add_places_that_change() {
    let schema = schema(members(), vec![]);
    let mut draft = draft(&schema, &object("a", "x"), &object("b", "y"));
    let named = ["note", "key", "note"];
    draft.replace.extend(named.map(Path::attribute));
    assert_eq!(finished(&schema, draft), ["key", "note"]);
}

#[test]
fn a_place_that_does_not_change_replaces_nothing() {
    let schema = schema(members(), vec![]);
    let mut draft = draft(&schema, &object("a", "x"), &object("a", "y"));
    draft.replace.push(Path::attribute("key"));
    assert_eq!(finished(&schema, draft), [""; 0]);
}

#[test]
fn a_null_that_appears_replaces_nothing() {
    let schema = schema(
        vec![nested(
            "x",
            Nesting::List,
            Usage::Optional,
            vec![string("note", Usage::Optional)],
        )],
        vec![],
    );
    let of = |elements: Vec<Value>| Value::object([("x", list(elements))]);
    let element = Value::object([("note", Value::Null)]);
    let mut draft = draft(&schema, &of(vec![]), &of(vec![element]));
    draft
        .replace
        .push(Path::attribute("x").with_index(0).with_attribute("note"));
    assert_eq!(finished(&schema, draft), [""; 0]);
}

#[test]
fn a_place_that_does_not_exist_is_a_bug_in_the_provider() {
    let schema = schema(members(), vec![]);
    let mut draft = draft(&schema, &object("a", "x"), &object("a", "y"));
    draft.replace.push(Path::attribute("nowhere"));
    let problems = draft.finish(&schema).unwrap_err();
    assert_eq!(problems.iter().next().unwrap().path, Some(Path::attribute("nowhere")));
}

#[test]
fn a_write_only_place_replaces_though_its_value_is_never_seen() {
    let secret = || Attribute {
        write_only: true,
        ..string("secret", Usage::Optional)
    };
    let schema = schema(
        vec![
            string("note", Usage::Optional),
            nested("x", Nesting::List, Usage::Optional, vec![secret()]),
        ],
        vec![],
    );
    let of = |note| {
        let element = Value::object([("secret", Value::Null)]);
        Value::object([("note", text(note)), ("x", list([element]))])
    };
    let mut draft = draft(&schema, &of("a"), &of("b"));
    draft
        .replace
        .push(Path::attribute("x").with_index(0).with_attribute("secret"));
    assert_eq!(finished(&schema, draft), ["x[0].secret"]);
}
