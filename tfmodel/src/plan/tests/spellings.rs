use std::sync::Arc;

use super::draft;
use crate::equality::ElementEquality;
use crate::plan::keep_spelling;
use crate::schema::build::{Folded, attribute, list, map, nested, nested_block, schema, set, string, text};
use crate::schema::{Attribute, BlockNesting, Nesting, Schema, Usage};
use crate::ty::Type;
use crate::value::Value;

/// `a` ignores case, `b` does not.
fn members() -> Vec<Attribute> {
    let folded = string("a", Usage::Optional).behaving(|b| b.equality = Some(Arc::new(Folded)));
    vec![folded, string("b", Usage::Optional)]
}

fn object(a: &str, b: &str) -> Value {
    Value::object([("a", text(a)), ("b", text(b))])
}

#[test]
fn the_prior_spelling_is_kept_attribute_by_attribute() {
    let schema = schema(members(), vec![]);
    assert_eq!(
        keep_spelling(&schema, &object("x", "y"), object("X", "Y")),
        object("x", "Y")
    );
    assert_eq!(
        keep_spelling(&schema, &object("x", "y"), object("Z", "y")),
        object("Z", "y")
    );
}

#[test]
fn what_is_new_or_gone_is_taken_as_it_is() {
    let schema = schema(members(), vec![]);
    assert_eq!(keep_spelling(&schema, &Value::Null, object("X", "Y")), object("X", "Y"));
    assert_eq!(keep_spelling(&schema, &object("x", "y"), Value::Null), Value::Null);
    let gone = Value::object([("a", Value::Null), ("b", text("y"))]);
    assert_eq!(keep_spelling(&schema, &object("x", "y"), gone.clone()), gone);
}

#[test]
fn elements_keep_their_own_spelling() {
    let schema = schema(
        vec![
            nested("list", Nesting::List, Usage::Optional, members()),
            nested("map", Nesting::Map, Usage::Optional, members()),
            nested("set", Nesting::Set, Usage::Optional, members()),
            nested("single", Nesting::Single, Usage::Optional, members()),
        ],
        vec![nested_block(
            "block",
            BlockNesting::List { min: 0, max: 0 },
            members(),
            vec![],
        )],
    );
    let of = |a: &str, elements: [Value; 2]| {
        let o = || object(a, "1");
        Value::object([
            ("block", list([o()])),
            ("list", list([o(), object("new", "2")])),
            ("map", map([("k", o())])),
            ("set", set(elements)),
            ("single", o()),
        ])
    };
    let prior = of("x", [object("x", "1"), object("y", "2")]);
    let read = of("X", [object("Y", "2"), object("X", "3")]);
    // The second element of the set differs in what does not ignore case.
    let expected = of("x", [object("y", "2"), object("X", "3")]);
    assert_eq!(keep_spelling(&schema, &prior, read), expected);
}

#[test]
fn elements_of_sets_are_found_through_what_they_hold() {
    let inner = nested("inner", Nesting::List, Usage::Optional, members());
    let schema = schema(vec![nested("x", Nesting::Set, Usage::Optional, vec![inner])], vec![]);
    let of = |a: &str| {
        let element = Value::object([("inner", list([object(a, "1")]))]);
        Value::object([("x", set([element]))])
    };
    assert_eq!(keep_spelling(&schema, &of("x"), of("X")), of("x"));
    assert_eq!(keep_spelling(&schema, &of("x"), of("Z")), of("Z"));
}

#[test]
fn plain_collections_keep_the_spelling_of_each_element() {
    let schema = schema(
        vec![
            attribute("list", Type::list(Type::String), Usage::Optional),
            attribute("map", Type::map(Type::String), Usage::Optional),
            attribute("set", Type::set(Type::String), Usage::Optional),
        ]
        .into_iter()
        .map(|a| a.behaving(|b| b.equality = Some(Arc::new(ElementEquality(Arc::new(Folded))))))
        .collect(),
        vec![],
    );
    let prior = Value::object([
        ("list", list([text("a"), text("b"), Value::unknown()])),
        ("map", map([("k", text("a")), ("gone", text("x"))])),
        ("set", set([text("a"), text("b")])),
    ]);
    let read = Value::object([
        ("list", list([text("A"), text("C"), text("D"), text("E")])),
        ("map", map([("k", text("A")), ("new", text("X"))])),
        ("set", set([text("C"), text("B"), Value::Null])),
    ]);
    let expected = Value::object([
        ("list", list([text("a"), text("C"), text("D"), text("E")])),
        ("map", map([("k", text("a")), ("new", text("X"))])),
        ("set", set([text("C"), text("b"), Value::Null])),
    ]);
    assert_eq!(keep_spelling(&schema, &prior, read), expected);
}

/// Plans `config` over `prior`, as the host accepts it.
fn planned(schema: &Schema, prior: &Value, config: &Value) -> Value {
    let drafted = draft(schema, prior, config);
    let before = drafted.planned.clone();
    assert_eq!(drafted.finish(schema).unwrap().planned, before);
    before
}

#[test]
fn at_plan_a_plain_collection_keeps_its_prior_value_as_a_whole_or_not_at_all() {
    let of_texts = |kind: fn(Type) -> Type| {
        let attribute = attribute("x", kind(Type::String), Usage::Optional);
        schema(
            vec![attribute.behaving(|b| b.equality = Some(Arc::new(ElementEquality(Arc::new(Folded)))))],
            vec![],
        )
    };
    let lists = |texts: [&str; 2]| list(texts.map(text));
    let sets = |texts: [&str; 2]| set(texts.map(text));
    let maps = |[a, b]: [&str; 2]| map([("a", text(a)), ("b", text(b))]);
    let keeps_all_or_nothing = |kind: fn(Type) -> Type, make: &dyn Fn([&str; 2]) -> Value| {
        let schema = of_texts(kind);
        let of = |texts| Value::object([("x", make(texts))]);
        assert_eq!(planned(&schema, &of(["a", "b"]), &of(["A", "B"])), of(["a", "b"]));
        assert_eq!(planned(&schema, &of(["a", "b"]), &of(["A", "c"])), of(["A", "c"]));
    };
    keeps_all_or_nothing(Type::list, &lists);
    keeps_all_or_nothing(Type::set, &sets);
    keeps_all_or_nothing(Type::map, &maps);
    let (schema, prior) = (of_texts(Type::list), Value::object([("x", lists(["a", "b"]))]));
    let open = Value::object([("x", list([text("A"), Value::unknown()]))]);
    assert_eq!(planned(&schema, &prior, &open), open);
    let longer = Value::object([("x", list(["A", "B", "C"].map(text)))]);
    assert_eq!(planned(&schema, &prior, &longer), longer);
    let none = Value::object([("x", Value::Null)]);
    assert_eq!(planned(&schema, &prior, &none), none);
}

#[test]
fn at_plan_nested_attributes_and_blocks_keep_the_spelling_of_each_element() {
    let block = |name: &str, nesting| nested_block(name, nesting, members(), vec![]);
    let many = |name: &str, nesting| nested(name, nesting, Usage::Optional, members());
    let schema = schema(
        vec![
            many("list", Nesting::List),
            many("map", Nesting::Map),
            many("set", Nesting::Set),
            many("single", Nesting::Single),
        ],
        vec![block("block", BlockNesting::List { min: 0, max: 0 })],
    );
    let of = |kept: &str, changed: &str, note: &str| {
        let elements = || [object(kept, "1"), object(changed, note)];
        let [first, second] = elements();
        Value::object([
            ("block", list(elements())),
            ("list", list(elements())),
            ("map", map([("k", first), ("l", second)])),
            ("set", set(elements())),
            ("single", object(kept, note)),
        ])
    };
    assert_eq!(
        planned(&schema, &of("x", "y", "2"), &of("X", "z", "3")),
        of("x", "z", "3")
    );
}

#[test]
fn each_prior_element_lends_its_spelling_once() {
    let schema = schema(vec![nested("x", Nesting::Set, Usage::Optional, members())], vec![]);
    let of = |elements: Vec<Value>| Value::object([("x", set(elements))]);
    assert_eq!(
        keep_spelling(
            &schema,
            &of(vec![object("x", "1")]),
            of(vec![object("X", "1"), object("X", "1")])
        ),
        of(vec![object("x", "1"), object("X", "1")])
    );
}
