use crate::schema::build::{attribute, nested, nested_block, schema, string, text};
use crate::schema::{Attribute, BlockNesting, NestedBlock, Nesting, Shape, Usage};
use crate::ty::Type;
use crate::value::Value;

fn check(attributes: Vec<Attribute>, blocks: Vec<NestedBlock>) -> Vec<String> {
    let problems = schema(attributes, blocks).check();
    problems.iter().map(ToString::to_string).collect()
}

fn any() -> Vec<Attribute> {
    vec![attribute("any", Type::Dynamic, Usage::Optional)]
}

fn secret() -> Attribute {
    Attribute {
        write_only: true,
        ..string("secret", Usage::Optional)
    }
}

const SET: BlockNesting = BlockNesting::Set { min: 0, max: 0 };

#[test]
fn a_name_is_defined_once() {
    assert_eq!(
        check(
            vec![string("x", Usage::Optional)],
            vec![nested_block("x", SET, vec![], vec![])]
        ),
        ["`x` is defined twice"]
    );
}

#[test]
fn names_are_words_in_lowercase() {
    for name in ["", "Name", "a-b", "1a", "é"] {
        let found = check(vec![string(name, Usage::Optional)], vec![]);
        assert_eq!(found.len(), 1, "{name}");
        assert!(found[0].contains("must consist of lowercase letters"), "{found:?}");
    }
    assert_eq!(check(vec![string("a_1", Usage::Optional)], vec![]), [""; 0]);
}

#[test]
fn blocks_can_occur_as_often_as_they_must() {
    let block = |min, max| nested_block("x", BlockNesting::List { min, max }, vec![], vec![]);
    assert_eq!(
        check(vec![], vec![block(2, 1)]),
        ["`x` must occur at least 2 times and at most 1 times"]
    );
    assert_eq!(check(vec![], vec![block(2, 0)]), [""; 0]);
    assert_eq!(check(vec![], vec![block(2, 2)]), [""; 0]);
}

#[test]
fn nothing_inside_a_set_is_of_type_any_or_write_only() {
    let inner = nested("y", Nesting::Single, Usage::Optional, vec![any().remove(0), secret()]);
    let expected = [
        "`x` is a set, so nothing inside it can be of type `any`",
        "`x` is a set, so nothing inside it can be write-only",
    ];
    assert_eq!(
        check(
            vec![nested("x", Nesting::Set, Usage::Optional, vec![inner.clone()])],
            vec![]
        ),
        expected
    );
    assert_eq!(
        check(vec![], vec![nested_block("x", SET, vec![inner.clone()], vec![])]),
        expected
    );
    let mut secret_only = inner;
    secret_only.shape = Shape::Nested(Nesting::Single, vec![secret()]);
    assert_eq!(
        check(
            vec![nested("x", Nesting::List, Usage::Optional, vec![secret_only])],
            vec![]
        ),
        [""; 0]
    );
}

#[test]
fn collections_do_not_hold_values_of_type_any() {
    let wrong =
        "`x` is a collection, so nothing inside it can be of type `any`: all of its elements must be of one type";
    for nesting in [BlockNesting::Map, BlockNesting::List { min: 0, max: 0 }] {
        assert_eq!(check(vec![], vec![nested_block("x", nesting, any(), vec![])]), [wrong]);
    }
    for nesting in [Nesting::List, Nesting::Map] {
        assert_eq!(
            check(vec![nested("x", nesting, Usage::Optional, any())], vec![]),
            [wrong]
        );
    }
    for ty in [
        Type::list(Type::Dynamic),
        Type::object([("m", Type::map(Type::Dynamic))]),
        Type::Tuple(vec![Type::set(Type::Dynamic)]),
    ] {
        assert_eq!(check(vec![attribute("x", ty, Usage::Optional)], vec![]), [wrong]);
    }
    assert_eq!(
        check(vec![], vec![nested_block("x", BlockNesting::Group, any(), vec![])]),
        [""; 0]
    );
}

#[test]
fn a_default_is_a_known_value_of_an_optional_computed_attribute() {
    let of = |usage, default: Value| vec![string("x", usage).behaving(|b| b.default = Some(default))];
    assert_eq!(check(of(Usage::OptionalComputed, text("d")), vec![]), [""; 0]);
    assert_eq!(
        check(of(Usage::Optional, text("d")), vec![]),
        ["`x` has a default, so it must be optional and computed"]
    );
    assert_eq!(
        check(of(Usage::OptionalComputed, Value::unknown()), vec![]),
        ["`x` has a default that is null or unknown"]
    );
    assert_eq!(
        check(of(Usage::OptionalComputed, Value::bool(true)), vec![]),
        ["`x` has a default of another type: expected a string, found a bool"]
    );
}

#[test]
fn what_is_write_only_is_not_computed() {
    let mut computed = secret();
    computed.usage = Usage::OptionalComputed;
    assert_eq!(
        check(vec![computed], vec![]),
        ["`secret` is write-only, so it cannot be computed"]
    );
}

#[test]
fn what_is_write_only_as_a_whole_is_so_in_every_part() {
    let whole = |inside| Attribute {
        write_only: true,
        ..nested("x", Nesting::Single, Usage::Optional, inside)
    };
    assert_eq!(check(vec![whole(vec![secret()])], vec![]), [""; 0]);
    assert_eq!(
        check(vec![whole(vec![secret(), string("plain", Usage::Optional)])], vec![]),
        ["`x` is write-only as a whole, so everything inside it must be: the host asks the innermost attribute"]
    );
}

#[test]
fn nothing_inside_a_computed_attribute_is_write_only() {
    for usage in [Usage::Computed, Usage::OptionalComputed] {
        assert_eq!(
            check(vec![nested("x", Nesting::Single, usage, vec![secret()])], vec![]),
            ["`x` is computed, so nothing inside it can be write-only"]
        );
    }
}

#[test]
fn versions_start_at_zero() {
    let mut schema = schema(vec![], vec![]);
    schema.version = -1;
    let problems: Vec<String> = schema.check().iter().map(ToString::to_string).collect();
    assert_eq!(problems, ["the schema has version -1, and versions start at 0"]);
}

#[test]
fn problems_are_found_at_any_depth() {
    let inner = nested("y", Nesting::List, Usage::Optional, vec![string("Z", Usage::Optional)]);
    let problems = schema(vec![], vec![nested_block("x", SET, vec![inner], vec![])]).check();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].path.to_string(), "x.y.Z");
}
