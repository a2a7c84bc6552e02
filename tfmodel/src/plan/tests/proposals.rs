use crate::plan::{planned_data_source, proposed_new_state};
use crate::schema::build::{attribute, list, map, nested, nested_block, schema, set, string, text};
use crate::schema::{Attribute, BlockNesting, Nesting, Schema, Usage};
use crate::ty::Type;
use crate::value::Value;

/// `name` is configured, `id` is the provider's.
fn members() -> Vec<Attribute> {
    vec![string("id", Usage::Computed), string("name", Usage::Required)]
}

fn object<'t>(id: impl Into<Option<&'t str>>, name: &'t str) -> Value {
    Value::object([("id", text(id)), ("name", text(name))])
}

fn in_attribute(nesting: Nesting, usage: Usage) -> Schema {
    schema(vec![nested("x", nesting, usage, members())], vec![])
}

fn in_block(nesting: BlockNesting) -> Schema {
    schema(vec![], vec![nested_block("x", nesting, members(), vec![])])
}

fn check(schema: &Schema, prior: Value, config: Value, expected: Value) {
    let of = |x: Value| Value::object([("x", x)]);
    assert_eq!(proposed_new_state(schema, &of(prior), &of(config)), of(expected));
}

#[test]
fn a_configured_value_wins_and_a_computed_one_stays() {
    let schema = schema(members(), vec![]);
    assert_eq!(
        proposed_new_state(&schema, &object("1", "a"), &object(None, "b")),
        object("1", "b")
    );
}

#[test]
fn a_new_object_has_no_computed_values() {
    let schema = schema(members(), vec![]);
    assert_eq!(
        proposed_new_state(&schema, &Value::Null, &object(None, "b")),
        object(None, "b")
    );
}

#[test]
fn an_optional_value_that_is_no_longer_configured_is_null_unless_it_is_computed() {
    let schema = schema(
        vec![string("a", Usage::Optional), string("b", Usage::OptionalComputed)],
        vec![],
    );
    let of = |a, b| Value::object([("a", a), ("b", b)]);
    assert_eq!(
        proposed_new_state(&schema, &of(text("x"), text("y")), &of(Value::Null, Value::Null)),
        of(Value::Null, text("y"))
    );
}

#[test]
fn lists_are_paired_by_index() {
    let prior = list([object("1", "a"), object("2", "b")]);
    let config = list([object(None, "c"), object(None, "b"), object(None, "d")]);
    let expected = list([object("1", "c"), object("2", "b"), object(None, "d")]);
    let attributes = in_attribute(Nesting::List, Usage::Optional);
    check(&attributes, prior.clone(), config.clone(), expected.clone());
    check(
        &in_block(BlockNesting::List { min: 0, max: 0 }),
        prior,
        config,
        expected,
    );
}

#[test]
fn maps_are_paired_by_key() {
    let prior = map([("k", object("1", "a")), ("l", object("2", "b"))]);
    let config = map([("k", object(None, "c")), ("m", object(None, "b"))]);
    let expected = map([("k", object("1", "c")), ("m", object(None, "b"))]);
    let attributes = in_attribute(Nesting::Map, Usage::Optional);
    check(&attributes, prior.clone(), config.clone(), expected.clone());
    check(&in_block(BlockNesting::Map), prior, config, expected);
}

#[test]
fn sets_are_paired_by_what_is_configured() {
    let prior = set([object("1", "a"), object("2", "b")]);
    let config = set([object(None, "b"), object(None, "c")]);
    let expected = set([object("2", "b"), object(None, "c")]);
    let attributes = in_attribute(Nesting::Set, Usage::Optional);
    check(&attributes, prior.clone(), config.clone(), expected.clone());
    check(&in_block(BlockNesting::Set { min: 0, max: 0 }), prior, config, expected);
}

#[test]
fn each_prior_element_of_a_set_is_used_once() {
    let schema = in_attribute(Nesting::Set, Usage::Optional);
    let config = set([object(None, "a"), object(None, "a")]);
    check(
        &schema,
        set([object("1", "a")]),
        config,
        set([object("1", "a"), object(None, "a")]),
    );
}

#[test]
fn a_single_object_keeps_its_computed_values_while_it_is_configured() {
    let attribute = in_attribute(Nesting::Single, Usage::Optional);
    let block = in_block(BlockNesting::Single { required: false });
    for schema in [&attribute, &block] {
        check(schema, object("1", "a"), object(None, "b"), object("1", "b"));
        check(schema, object("1", "a"), Value::Null, Value::Null);
        check(schema, Value::Null, object(None, "b"), object(None, "b"));
    }
    check(
        &in_block(BlockNesting::Group),
        object("1", "a"),
        object(None, "b"),
        object("1", "b"),
    );
}

#[test]
fn nested_attributes_that_a_configuration_had_set_go_when_it_goes() {
    let schema = in_attribute(Nesting::Single, Usage::OptionalComputed);
    check(&schema, object("1", "a"), Value::Null, Value::Null);
}

#[test]
fn nested_attributes_that_the_provider_had_set_stay() {
    let inner = vec![string("id", Usage::Computed)];
    let schema = schema(vec![nested("x", Nesting::List, Usage::OptionalComputed, inner)], vec![]);
    let prior = list([Value::object([("id", text("1"))])]);
    check(&schema, prior.clone(), Value::Null, prior);
}

#[test]
fn blocks_that_are_not_known_yet_stay_unknown() {
    for nesting in [BlockNesting::List { min: 0, max: 0 }, BlockNesting::Map] {
        check(&in_block(nesting), list([]), Value::unknown(), Value::unknown());
    }
    check(
        &in_attribute(Nesting::List, Usage::Optional),
        list([]),
        Value::unknown(),
        Value::unknown(),
    );
}

#[test]
fn write_only_values_are_still_in_the_proposal() {
    let mut secret = string("secret", Usage::Optional);
    secret.write_only = true;
    let schema = schema(vec![secret], vec![]);
    let of = |secret| Value::object([("secret", secret)]);
    assert_eq!(
        proposed_new_state(&schema, &of(Value::Null), &of(text("s"))),
        of(text("s"))
    );
}

#[test]
fn an_element_of_a_set_is_another_one_if_a_list_in_it_shrinks() {
    let inner = nested("list", Nesting::List, Usage::Optional, members());
    let schema = schema(
        vec![nested(
            "x",
            Nesting::Set,
            Usage::Optional,
            vec![string("id", Usage::Computed), inner],
        )],
        vec![],
    );
    let of = |id, inner: Vec<Value>| set([Value::object([("id", id), ("list", list(inner))])]);
    let prior = || of(text("1"), vec![object("2", "a"), object("3", "b")]);
    let same = of(Value::Null, vec![object(None, "a"), object(None, "b")]);
    check(&schema, prior(), same, prior());
    let shorter = of(Value::Null, vec![object(None, "a")]);
    check(&schema, prior(), shorter.clone(), shorter);
}

#[test]
fn an_element_of_a_set_is_not_recognised_by_a_set_inside_it() {
    let schema = schema(
        vec![nested(
            "x",
            Nesting::Set,
            Usage::Optional,
            vec![nested("inner", Nesting::Set, Usage::Optional, members())],
        )],
        vec![],
    );
    let of = |element| set([Value::object([("inner", set([element]))])]);
    check(
        &schema,
        of(object("1", "a")),
        of(object(None, "a")),
        of(object(None, "a")),
    );
}

#[test]
fn an_element_of_a_set_is_not_recognised_beside_a_computed_set() {
    let strings = attribute("strings", Type::set(Type::String), Usage::Computed);
    let schema = schema(
        vec![nested(
            "x",
            Nesting::Set,
            Usage::Optional,
            vec![string("name", Usage::Required), strings],
        )],
        vec![],
    );
    let of = |strings| set([Value::object([("name", text("a")), ("strings", strings)])]);
    check(&schema, of(set([text("s")])), of(Value::Null), of(Value::Null));
}

#[test]
fn a_data_source_that_is_not_read_yet_is_unknown_where_the_provider_sets_it() {
    let members = || vec![string("id", Usage::Computed), string("name", Usage::OptionalComputed)];
    let schema = schema(
        vec![
            nested("l", Nesting::List, Usage::Optional, members()),
            nested("m", Nesting::Map, Usage::Optional, members()),
            nested("n", Nesting::Single, Usage::Computed, members()),
            nested("s", Nesting::Set, Usage::Optional, members()),
            string("t", Usage::Optional),
        ],
        vec![nested_block("b", BlockNesting::Group, members(), vec![])],
    );
    let of = |id: Value, name: Value| Value::object([("id", id), ("name", name)]);
    let configured = || of(Value::Null, text("a"));
    let open = || of(Value::unknown(), text("a"));
    let config = Value::object([
        ("b", of(Value::Null, Value::Null)),
        ("l", list([configured()])),
        ("m", map([("k", configured())])),
        ("n", Value::Null),
        ("s", set([configured()])),
        ("t", Value::Null),
    ]);
    let planned = Value::object([
        ("b", of(Value::unknown(), Value::unknown())),
        ("l", list([open()])),
        ("m", map([("k", open())])),
        ("n", Value::unknown()),
        // Elements of sets have no prior ones, and so no unknown ones either.
        ("s", set([configured()])),
        ("t", Value::Null),
    ]);
    assert_eq!(planned_data_source(&schema, &config), planned);
}
