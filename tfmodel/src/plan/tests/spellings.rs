use std::sync::Arc;

use crate::equality::ElementEquality;
use crate::plan::keep_spelling;
use crate::schema::build::{Folded, attribute, list, map, nested, nested_block, schema, set, string, text};
use crate::schema::{Attribute, BlockNesting, Nesting, Usage};
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
