use std::sync::Arc;

use super::{draft, plan, planned};
use crate::plan::begin;
use crate::schema::build::{Folded, list, map, nested, nested_block, schema, set, string, text};
use crate::schema::{Attribute, BlockNesting, KeepPrior, Nesting, Schema, Usage};
use crate::value::Value;

fn kept(name: &str, keep: KeepPrior) -> Attribute {
    string(name, Usage::Computed).behaving(|b| b.keep_prior = keep)
}

fn folded(name: &str) -> Attribute {
    string(name, Usage::Required).behaving(|b| b.equality = Some(Arc::new(Folded)))
}

fn defaulted(name: &str, default: &str) -> Attribute {
    string(name, Usage::OptionalComputed).behaving(|b| b.default = Some(text(default)))
}

/// A name that is configured, an id that is kept, and a time that is not.
fn members() -> Vec<Attribute> {
    vec![
        kept("id", KeepPrior::Always),
        folded("name"),
        string("updated", Usage::Computed),
    ]
}

fn object(id: Value, name: &str, updated: Value) -> Value {
    Value::object([("id", id), ("name", text(name)), ("updated", updated)])
}

fn state(id: &str, name: &str) -> Value {
    object(text(id), name, text("today"))
}

fn config(name: &str) -> Value {
    object(Value::Null, name, Value::Null)
}

fn changed(id: &str, name: &str) -> Value {
    object(text(id), name, Value::unknown())
}

fn new(name: &str) -> Value {
    object(Value::unknown(), name, Value::unknown())
}

#[test]
fn what_is_not_changed_is_planned_as_it_is() {
    let schema = schema(members(), vec![]);
    assert_eq!(planned(&schema, &state("1", "a"), &config("a")), state("1", "a"));
}

#[test]
fn a_change_leaves_computed_values_open_except_those_that_are_kept() {
    let schema = schema(members(), vec![]);
    assert_eq!(planned(&schema, &state("1", "a"), &config("b")), changed("1", "b"));
}

#[test]
fn a_new_object_leaves_all_computed_values_open() {
    let schema = schema(members(), vec![]);
    assert_eq!(planned(&schema, &Value::Null, &config("a")), new("a"));
}

#[test]
fn null_is_kept_always_or_only_if_it_is_a_value() {
    let schema = schema(
        vec![
            string("a", Usage::Required),
            kept("always", KeepPrior::Always),
            kept("value", KeepPrior::NonNull),
        ],
        vec![],
    );
    let of = |a, always, value| Value::object([("a", text(a)), ("always", always), ("value", value)]);
    assert_eq!(
        planned(
            &schema,
            &of("x", Value::Null, Value::Null),
            &of("y", Value::Null, Value::Null)
        ),
        of("y", Value::Null, Value::unknown())
    );
}

#[test]
fn an_optional_computed_value_is_left_open_only_where_it_is_not_configured() {
    let schema = schema(
        vec![string("a", Usage::Required), string("b", Usage::OptionalComputed)],
        vec![],
    );
    let of = |a, b| Value::object([("a", text(a)), ("b", b)]);
    let prior = of("x", text("old"));
    assert_eq!(
        planned(&schema, &prior, &of("y", Value::Null)),
        of("y", Value::unknown())
    );
    assert_eq!(planned(&schema, &prior, &of("y", text("new"))), of("y", text("new")));
}

#[test]
fn a_default_stands_in_for_what_is_not_configured() {
    let schema = schema(vec![string("a", Usage::Required), defaulted("b", "d")], vec![]);
    let of = |a, b| Value::object([("a", text(a)), ("b", b)]);
    assert_eq!(
        planned(&schema, &Value::Null, &of("x", Value::Null)),
        of("x", text("d"))
    );
    // Also when it is configured no longer, and when something else changes.
    assert_eq!(
        planned(&schema, &of("x", text("e")), &of("y", Value::Null)),
        of("y", text("d"))
    );
    assert_eq!(
        planned(&schema, &of("x", text("d")), &of("x", Value::Null)),
        of("x", text("d"))
    );
    assert_eq!(planned(&schema, &Value::Null, &of("x", text("e"))), of("x", text("e")));
}

#[test]
fn defaults_reach_into_nested_attributes_and_blocks() {
    let inner = || vec![defaulted("a", "d")];
    let schema = schema(
        vec![
            nested("list", Nesting::List, Usage::Optional, inner()),
            nested("map", Nesting::Map, Usage::Optional, inner()),
            nested("set", Nesting::Set, Usage::Optional, inner()),
        ],
        vec![nested_block("block", BlockNesting::Group, inner(), vec![])],
    );
    let of = |a: Value| {
        let a = || Value::object([("a", a.clone())]);
        Value::object([
            ("block", a()),
            ("list", list([a()])),
            ("map", map([("k", a())])),
            ("set", set([a()])),
        ])
    };
    assert_eq!(planned(&schema, &Value::Null, &of(Value::Null)), of(text("d")));
    assert_eq!(planned(&schema, &of(text("d")), &of(Value::Null)), of(text("d")));
}

#[test]
fn a_default_can_be_a_whole_nested_object() {
    let inner = vec![string("a", Usage::OptionalComputed)];
    let default = Value::object([("a", text("d"))]);
    let attribute =
        nested("x", Nesting::Single, Usage::OptionalComputed, inner).behaving(|b| b.default = Some(default.clone()));
    let schema = schema(vec![attribute], vec![]);
    let of = |x| Value::object([("x", x)]);
    assert_eq!(planned(&schema, &Value::Null, &of(Value::Null)), of(default));
}

#[test]
fn another_spelling_of_the_same_plans_nothing() {
    let schema = schema(members(), vec![]);
    assert_eq!(
        planned(&schema, &state("1", "Name"), &config("NAME")),
        state("1", "Name")
    );
}

#[test]
fn another_spelling_is_kept_when_something_else_changes() {
    let schema = schema(vec![folded("a"), string("b", Usage::Required)], vec![]);
    let of = |a, b| Value::object([("a", text(a)), ("b", text(b))]);
    assert_eq!(planned(&schema, &of("x", "1"), &of("X", "2")), of("x", "2"));
}

#[test]
fn a_value_that_is_not_known_yet_means_nothing_yet() {
    let schema = schema(vec![folded("a")], vec![]);
    let of = |a| Value::object([("a", a)]);
    assert_eq!(
        planned(&schema, &of(text("x")), &of(Value::unknown())),
        of(Value::unknown())
    );
}

#[test]
fn list_elements_keep_what_they_had_and_new_ones_are_open() {
    let schema = schema(vec![nested("x", Nesting::List, Usage::Optional, members())], vec![]);
    let of = |elements: Vec<Value>| Value::object([("x", list(elements))]);
    assert_eq!(
        planned(&schema, &of(vec![state("1", "a")]), &of(vec![config("A"), config("b")])),
        of(vec![changed("1", "a"), new("b")])
    );
}

#[test]
fn set_elements_are_recognised_in_any_order_and_spelling() {
    let block = BlockNesting::Set { min: 0, max: 0 };
    for schema in [
        schema(vec![nested("x", Nesting::Set, Usage::Optional, members())], vec![]),
        schema(vec![], vec![nested_block("x", block, members(), vec![])]),
    ] {
        let of = |elements: Vec<Value>| Value::object([("x", set(elements))]);
        let prior = of(vec![state("1", "a"), state("2", "b")]);
        assert_eq!(planned(&schema, &prior, &of(vec![config("B"), config("a")])), prior);
        assert_eq!(
            planned(&schema, &prior, &of(vec![config("b"), config("c")])),
            of(vec![changed("2", "b"), new("c")])
        );
    }
}

#[test]
fn a_whole_nested_attribute_is_left_to_the_provider() {
    let inner = vec![string("a", Usage::OptionalComputed)];
    let schema = schema(
        vec![
            string("name", Usage::Required),
            nested("x", Nesting::Single, Usage::OptionalComputed, inner),
        ],
        vec![],
    );
    let of = |name, x| Value::object([("name", text(name)), ("x", x)]);
    assert_eq!(
        planned(&schema, &Value::Null, &of("n", Value::Null)),
        of("n", Value::unknown())
    );
}

#[test]
fn write_only_values_are_never_planned() {
    let secret = || Attribute {
        write_only: true,
        ..string("secret", Usage::Optional)
    };
    let schema = schema(
        vec![secret(), nested("x", Nesting::Single, Usage::Optional, vec![secret()])],
        vec![],
    );
    let of = |secret: Value| Value::object([("secret", secret.clone()), ("x", Value::object([("secret", secret)]))]);
    assert_eq!(planned(&schema, &Value::Null, &of(text("s"))), of(Value::Null));
    assert_eq!(planned(&schema, &of(Value::Null), &of(text("t"))), of(Value::Null));
    // An author's model copies the configuration back into the plan.
    let mut draft = draft(&schema, &Value::Null, &of(text("s")));
    draft.planned = of(text("s"));
    assert_eq!(draft.finish(&schema).unwrap().planned, of(Value::Null));
}

#[test]
fn nothing_is_planned_for_what_is_to_be_destroyed() {
    let schema = schema(members(), vec![]);
    let plan = plan(&schema, &state("1", "a"), &Value::Null).unwrap();
    assert_eq!((plan.planned, plan.requires_replace), (Value::Null, vec![]));
}

#[test]
fn a_plan_that_the_host_would_refuse_is_refused() {
    let schema = schema(members(), vec![]);
    let mut draft = draft(&schema, &state("1", "a"), &config("b"));
    draft.planned = state("1", "c");
    let problems = draft.finish(&schema).unwrap_err();
    let details: Vec<_> = problems.iter().map(|d| d.detail.as_str()).collect();
    assert_eq!(
        details,
        ["`name` must be as it is configured, or stay as it is. This is a bug in the provider: please report it."]
    );
}

#[test]
fn values_of_another_schema_are_refused() {
    let this: Schema = schema(members(), vec![]);
    let other = Value::object([("id", Value::bool(true))]);
    let problems = begin(&this, Value::Null, other.clone(), other).unwrap_err();
    assert_eq!(
        problems.iter().next().unwrap().summary,
        "The configuration does not fit the schema"
    );
}

#[test]
fn what_the_host_does_not_recognise_in_a_set_is_recognised_here() {
    let inner = nested("inner", Nesting::Set, Usage::Optional, members());
    let schema = schema(vec![nested("x", Nesting::Set, Usage::Optional, vec![inner])], vec![]);
    let of = |elements: Vec<Value>| {
        let element = Value::object([("inner", set(elements))]);
        Value::object([("x", set([element]))])
    };
    let prior = of(vec![state("1", "a"), state("2", "b")]);
    assert_eq!(planned(&schema, &prior, &of(vec![config("b"), config("a")])), prior);
}
