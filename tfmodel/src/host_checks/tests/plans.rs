use super::{NONE, problems};
use crate::host_checks::planned;
use crate::schema::build::{list, map, nested, nested_block, schema, set, string, text};
use crate::schema::{Attribute, BlockNesting, Nesting, Schema, Usage};
use crate::value::{Bounds, Refinement, Value};

fn check(schema: &Schema, prior: Value, config: Value, plan: Value) -> Vec<String> {
    let of = |x: Value| Value::object([("x", x)]);
    problems(&planned(schema, &of(prior), &of(config), &of(plan)))
}

fn one(usage: Usage) -> Schema {
    schema(vec![string("x", usage)], vec![])
}

fn members() -> Vec<Attribute> {
    vec![string("id", Usage::Computed), string("name", Usage::Required)]
}

fn in_attribute(nesting: Nesting) -> Schema {
    schema(vec![nested("x", nesting, Usage::Optional, members())], vec![])
}

fn in_block(nesting: BlockNesting) -> Schema {
    schema(vec![], vec![nested_block("x", nesting, members(), vec![])])
}

const LIST: BlockNesting = BlockNesting::List { min: 0, max: 0 };
const SET: BlockNesting = BlockNesting::Set { min: 0, max: 0 };

fn object(id: Value, name: &str) -> Value {
    Value::object([("id", id), ("name", text(name))])
}

fn configured(name: &str) -> Value {
    object(Value::Null, name)
}

#[test]
fn an_object_is_planned_exactly_if_it_is_configured() {
    let schema = one(Usage::Optional);
    let some = Value::object([("x", Value::Null)]);
    let none = Value::Null;
    assert_eq!(
        problems(&planned(&schema, &none, &some, &none)),
        ["The object is configured, so it must not be absent"]
    );
    assert_eq!(
        problems(&planned(&schema, &some, &none, &some)),
        ["The object is not configured, so it must be absent"]
    );
    assert_eq!(problems(&planned(&schema, &some, &none, &none)), NONE);
}

#[test]
fn a_plan_conforms_to_the_schema() {
    let found = check(&one(Usage::Optional), Value::Null, Value::Null, Value::bool(true));
    assert_eq!(found, ["`x` does not fit its schema: expected a string, found a bool"]);
}

#[test]
fn a_configured_value_is_planned() {
    for usage in [Usage::Required, Usage::Optional, Usage::OptionalComputed] {
        let schema = one(usage);
        assert_eq!(check(&schema, Value::Null, text("a"), text("a")), NONE);
        assert_eq!(
            check(&schema, Value::Null, text("a"), text("b")),
            ["`x` must be as it is configured"]
        );
        assert_eq!(
            check(&schema, Value::Null, text("a"), Value::unknown()),
            ["`x` must be as it is configured"]
        );
    }
}

#[test]
fn a_prior_value_may_stay_where_both_are_set() {
    let schema = one(Usage::Optional);
    assert_eq!(check(&schema, text("A"), text("a"), text("A")), NONE);
    assert_eq!(
        check(&schema, text("A"), text("a"), text("b")),
        ["`x` must be as it is configured, or stay as it is"]
    );
    assert_eq!(
        check(&schema, text("A"), Value::Null, text("A")),
        ["`x` is neither configured nor computed, so it must be null"]
    );
}

#[test]
fn a_computed_value_is_free_where_it_is_not_configured() {
    for plan in [Value::Null, Value::unknown(), text("b")] {
        assert_eq!(check(&one(Usage::Computed), text("a"), Value::Null, plan.clone()), NONE);
        assert_eq!(check(&one(Usage::OptionalComputed), text("a"), Value::Null, plan), NONE);
    }
}

#[test]
fn a_value_that_only_the_provider_sets_is_free_whatever_is_configured() {
    // A configuration can hold such a value through `ignore_changes`.
    assert_eq!(check(&one(Usage::Computed), text("a"), text("a"), text("b")), NONE);
}

#[test]
fn refinements_do_not_matter() {
    let refined = Value::Unknown(Refinement::from(Bounds {
        not_null: true,
        ..Bounds::default()
    }));
    assert_eq!(
        check(&one(Usage::Optional), Value::Null, Value::unknown(), refined),
        NONE
    );
}

#[test]
fn a_write_only_value_is_never_planned() {
    let mut secret = string("x", Usage::Optional);
    secret.write_only = true;
    let schema = schema(vec![secret], vec![]);
    assert_eq!(check(&schema, Value::Null, text("s"), Value::Null), NONE);
    assert_eq!(
        check(&schema, Value::Null, text("s"), text("s")),
        ["`x` is write-only, so the provider must return null for it"]
    );
}

#[test]
fn nested_attributes_follow_the_rules_one_by_one() {
    let plans = |name| object(Value::unknown(), name);
    let wrong = "must be as it is configured";
    let single = in_attribute(Nesting::Single);
    assert_eq!(check(&single, Value::Null, configured("a"), plans("a")), NONE);
    assert_eq!(
        check(&single, Value::Null, configured("a"), plans("b")),
        [format!("`x.name` {wrong}")]
    );
    let list_of = |object| list([object]);
    assert_eq!(
        check(
            &in_attribute(Nesting::List),
            Value::Null,
            list_of(configured("a")),
            list_of(plans("b"))
        ),
        [format!("`x[0].name` {wrong}")]
    );
    let map_of = |object| map([("k", object)]);
    assert_eq!(
        check(
            &in_attribute(Nesting::Map),
            Value::Null,
            map_of(configured("a")),
            map_of(plans("b"))
        ),
        [format!("`x[\"k\"].name` {wrong}")]
    );
}

#[test]
fn nested_attributes_have_as_many_elements_as_configured() {
    let a = || configured("a");
    for (nesting, config, plan) in [
        (Nesting::List, list([a(), a()]), list([a()])),
        (Nesting::Set, set([a(), configured("b")]), set([a()])),
    ] {
        assert_eq!(
            check(&in_attribute(nesting), Value::Null, config, plan),
            ["`x` is configured with 2 elements and has 1"]
        );
    }
    assert_eq!(
        check(
            &in_attribute(Nesting::Map),
            Value::Null,
            map([("k", a())]),
            map([("l", a())])
        ),
        ["`x` has other keys than the ones that are configured"]
    );
}

#[test]
fn elements_of_sets_are_only_counted() {
    let schema = in_attribute(Nesting::Set);
    let of = |name| set([configured(name)]);
    assert_eq!(check(&schema, Value::Null, of("a"), of("b")), NONE);
    // Elements that are not known yet may turn out to be equal.
    let open = Value::object([("id", Value::Null), ("name", Value::unknown())]);
    assert_eq!(check(&schema, Value::Null, set([open, configured("a")]), of("a")), NONE);
}

#[test]
fn a_configured_nested_object_is_not_planned_as_a_whole_unknown_or_away() {
    let schema = in_attribute(Nesting::Single);
    assert_eq!(
        check(&schema, Value::Null, configured("a"), Value::unknown()),
        ["`x` is configured, but planned to be unknown as a whole; plan unknown attributes inside it instead"]
    );
    assert_eq!(
        check(&schema, Value::Null, configured("a"), Value::Null),
        ["`x` is configured, so it must not be absent"]
    );
}

#[test]
fn blocks_are_empty_instead_of_null() {
    for nesting in [LIST, SET, BlockNesting::Map, BlockNesting::Group] {
        assert_eq!(
            check(&in_block(nesting), Value::Null, Value::Null, Value::Null),
            ["`x` is null; where there are no blocks it must be empty instead"]
        );
    }
    let single = in_block(BlockNesting::Single { required: false });
    assert_eq!(check(&single, Value::Null, Value::Null, Value::Null), NONE);
}

#[test]
fn there_are_as_many_blocks_as_configured() {
    assert_eq!(
        check(&in_block(LIST), Value::Null, list([configured("a")]), list([])),
        ["`x` is configured with 1 elements and has 0"]
    );
    assert_eq!(
        check(
            &in_block(BlockNesting::Map),
            Value::Null,
            map([("k", configured("a"))]),
            map([])
        ),
        ["`x` has other keys than the ones that are configured"]
    );
}

#[test]
fn blocks_follow_the_rules_attribute_by_attribute() {
    let wrong = "must be as it is configured";
    for (nesting, config, plan, place) in [
        (BlockNesting::Group, configured("a"), configured("b"), "x.name"),
        (LIST, list([configured("a")]), list([configured("b")]), "x[0].name"),
        (
            BlockNesting::Map,
            map([("k", configured("a"))]),
            map([("k", configured("b"))]),
            "x[\"k\"].name",
        ),
    ] {
        assert_eq!(
            check(&in_block(nesting), Value::Null, config, plan),
            [format!("`{place}` {wrong}")]
        );
    }
}

#[test]
fn blocks_are_unknown_exactly_if_configured_so() {
    let schema = in_block(LIST);
    assert_eq!(check(&schema, list([]), Value::unknown(), Value::unknown()), NONE);
    assert_eq!(
        check(&schema, list([]), Value::unknown(), list([])),
        ["`x` depends on blocks that are not known yet, so it must be planned to be unknown"]
    );
    let whole = "is a block and cannot be planned to be unknown; plan unknown attributes inside it instead";
    assert_eq!(
        check(&schema, list([]), list([configured("a")]), Value::unknown()),
        [format!("`x` {whole}")]
    );
    assert_eq!(
        check(&schema, list([]), list([configured("a")]), list([Value::unknown()])),
        [format!("`x[0]` {whole}")]
    );
    assert_eq!(
        check(&in_block(SET), set([]), set([configured("a")]), set([Value::unknown()])),
        [format!("`x` {whole}")]
    );
}
