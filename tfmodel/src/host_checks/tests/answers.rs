use super::{NONE, problems};
use crate::host_checks::{PlannedAgain, applied, data_source_read, imported, planned_again, read, upgraded};
use crate::number::Number;
use crate::path::Path;
use crate::schema::build::{attribute, list, map, nested, nested_block, schema, set, string, text};
use crate::schema::{Attribute, BlockNesting, Nesting, Schema, Usage};
use crate::ty::Type;
use crate::value::{Bounds, Datum, Dynamic, Refinement, Value};

fn any(ty: Type) -> Schema {
    schema(vec![attribute("x", ty, Usage::Computed)], vec![])
}

fn of(x: Value) -> Value {
    Value::object([("x", x)])
}

fn check(ty: Type, plan: Value, made: Value) -> Vec<String> {
    let found = problems(&applied(&any(ty.clone()), &of(plan.clone()), &of(made.clone())));
    // The two comparisons differ only in what may still be unknown.
    assert_eq!(again(&any(ty), &of(plan), &of(made)), found);
    found
}

fn again(schema: &Schema, first: &Value, second: &Value) -> Vec<String> {
    let plans = PlannedAgain {
        prior: &Value::Null,
        first,
        second,
        requires_replace: &[],
    };
    problems(&planned_again(schema, plans))
}

fn refined(bounds: Bounds) -> Value {
    Value::Unknown(Refinement::from(bounds))
}

#[test]
fn what_was_planned_is_what_is_made() {
    assert_eq!(check(Type::String, text("a"), text("a")), NONE);
    assert_eq!(
        check(Type::String, text("a"), text("A")),
        ["`x` has another value than the one that was planned"]
    );
    assert_eq!(
        check(
            Type::Number,
            Value::number(1_i64),
            Value::Known(Datum::Number("1.0".parse().unwrap()))
        ),
        NONE
    );
}

#[test]
fn null_is_not_the_empty_string() {
    assert_eq!(
        check(Type::String, Value::Null, text("")),
        ["`x` was planned to be null, but it is not"]
    );
    assert_eq!(
        check(Type::String, text(""), Value::Null),
        ["`x` was planned to be there, but it is null"]
    );
}

#[test]
fn what_was_unknown_may_become_anything() {
    for made in [Value::Null, text("a")] {
        assert_eq!(check(Type::String, Value::unknown(), made), NONE);
    }
}

#[test]
fn what_was_refined_stays_within_its_bounds() {
    let outside = ["`x` is outside of what was planned for it"];
    let not_null = || Bounds {
        not_null: true,
        ..Bounds::default()
    };
    assert_eq!(
        check(Type::String, refined(not_null()), Value::Null),
        ["`x` was planned not to be null, but it is"]
    );
    let prefix = || {
        refined(Bounds {
            prefix: Some("arn:".to_owned()),
            ..Bounds::default()
        })
    };
    assert_eq!(check(Type::String, prefix(), text("arn:x")), NONE);
    assert_eq!(check(Type::String, prefix(), text("x")), outside);
    let positive = |inclusive| {
        refined(Bounds {
            lower: Some((Number::from(0_i64), inclusive)),
            ..Bounds::default()
        })
    };
    assert_eq!(check(Type::Number, positive(true), Value::number(0_i64)), NONE);
    assert_eq!(check(Type::Number, positive(false), Value::number(0_i64)), outside);
    let negative = refined(Bounds {
        upper: Some((Number::from(0_i64), false)),
        ..Bounds::default()
    });
    assert_eq!(check(Type::Number, negative, Value::number(1_i64)), outside);
    let two = || {
        refined(Bounds {
            min_length: Some(2),
            max_length: Some(2),
            ..Bounds::default()
        })
    };
    let strings = Type::list(Type::String);
    assert_eq!(check(strings.clone(), two(), list([text("a"), text("b")])), NONE);
    assert_eq!(check(strings.clone(), two(), list([text("a")])), outside);
    assert_eq!(check(strings, two(), list([text("a"), text("b"), text("c")])), outside);
}

#[test]
fn lists_and_maps_keep_their_elements() {
    assert_eq!(
        check(Type::list(Type::String), list([text("a")]), list([])),
        ["`x` was planned with 1 elements and has 0"]
    );
    assert_eq!(
        check(
            Type::list(Type::String),
            list([text("a"), Value::unknown()]),
            list([text("b"), text("c")])
        ),
        ["`x[0]` has another value than the one that was planned"]
    );
    assert_eq!(
        check(
            Type::map(Type::String),
            map([("k", text("a"))]),
            map([("l", text("a"))])
        ),
        ["`x` has other keys than the ones that were planned"]
    );
}

#[test]
fn elements_of_sets_are_explained_by_each_other() {
    let strings = Type::set(Type::String);
    let planned = || set([text("a"), Value::unknown()]);
    assert_eq!(check(strings.clone(), planned(), set([text("b"), text("a")])), NONE);
    // The unknown one turned out to be the same.
    assert_eq!(check(strings.clone(), planned(), set([text("a")])), NONE);
    assert_eq!(
        check(strings.clone(), planned(), set([text("b"), text("c")])),
        ["`x` lacks an element that was planned"]
    );
    assert_eq!(
        check(strings.clone(), set([text("a")]), set([text("a"), text("b")])),
        ["`x` was planned with 1 elements and has 2"]
    );
    assert_eq!(
        check(strings, set([text("a"), text("a")]), set([text("a"), text("b")])),
        ["`x` has an element that was not planned"]
    );
}

#[test]
fn a_dynamic_value_keeps_its_type() {
    let dynamic = |ty, value| Value::Known(Datum::Dynamic(Box::new(Dynamic { ty, value })));
    assert_eq!(
        check(
            Type::Dynamic,
            dynamic(Type::String, Value::unknown()),
            dynamic(Type::String, text("a"))
        ),
        NONE
    );
    assert_eq!(
        check(
            Type::Dynamic,
            dynamic(Type::String, Value::unknown()),
            dynamic(Type::Bool, Value::bool(true))
        ),
        ["`x` was planned with another type than it has"]
    );
    // A null without a type leaves both open.
    assert_eq!(
        check(Type::Dynamic, Value::Null, dynamic(Type::String, text("a"))),
        NONE
    );
}

#[test]
fn an_object_appears_and_goes_as_planned() {
    let schema = any(Type::String);
    assert_eq!(
        problems(&applied(&schema, &Value::Null, &of(text("a")))),
        ["The object was planned to be null, but it is not"]
    );
    assert_eq!(
        problems(&applied(&schema, &of(text("a")), &Value::Null)),
        ["The object was planned to be there, but it is null"]
    );
    assert_eq!(problems(&applied(&schema, &Value::Null, &Value::Null)), NONE);
}

#[test]
fn an_object_that_is_gone_has_no_blocks() {
    let schema = schema(
        vec![],
        vec![nested_block("x", BlockNesting::List { min: 0, max: 0 }, vec![], vec![])],
    );
    assert_eq!(problems(&applied(&schema, &Value::Null, &Value::Null)), NONE);
}

#[test]
fn a_second_plan_may_leave_open_only_what_the_first_did() {
    let schema = any(Type::String);
    let open = of(Value::unknown());
    assert_eq!(again(&schema, &open, &open), NONE);
    assert_eq!(
        again(&schema, &of(text("a")), &open),
        ["`x` was planned with a known value, but now it is unknown"]
    );
}

#[test]
fn a_second_plan_does_what_the_first_did() {
    let schema = any(Type::String);
    let at_x = [Path::attribute("x")];
    let with = |prior: Value, second: Value, requires_replace| {
        let plans = PlannedAgain {
            prior: &prior,
            first: &of(Value::unknown()),
            second: &second,
            requires_replace,
        };
        problems(&planned_again(&schema, plans))
    };
    let (old, new) = (of(text("a")), of(text("b")));
    assert_eq!(with(old.clone(), new.clone(), &[]), NONE);
    assert_eq!(
        with(old.clone(), new.clone(), &at_x),
        ["`x` needs a new object now, and the first plan changed the one that is there"]
    );
    // The update turned out to change nothing.
    assert_eq!(with(old.clone(), old, &at_x), NONE);
    // The old object was deleted before the new one is planned.
    assert_eq!(with(Value::Null, new, &at_x), NONE);
}

#[test]
fn nothing_that_is_stored_is_unknown() {
    let schema = schema(
        vec![
            attribute("list", Type::list(Type::String), Usage::Computed),
            attribute("set", Type::set(Type::String), Usage::Computed),
            attribute("text", Type::String, Usage::Computed),
        ],
        vec![],
    );
    let open = || Value::unknown();
    let value = Value::object([("list", list([open()])), ("set", set([open()])), ("text", open())]);
    let expected = [
        "`list[0]` is unknown, but only a plan may leave values open",
        "`set` holds an unknown value, but only a plan may leave values open",
        "`text` is unknown, but only a plan may leave values open",
    ];
    for found in [
        applied(&schema, &value, &value),
        read(&schema, &value),
        upgraded(&schema, &value),
        imported(&schema, &value),
        data_source_read(&schema, &value),
    ] {
        assert_eq!(problems(&found), expected);
    }
}

#[test]
fn what_is_stored_conforms_to_the_schema() {
    let schema = any(Type::String);
    let value = of(Value::bool(true));
    for found in [
        applied(&schema, &value, &value),
        read(&schema, &value),
        upgraded(&schema, &value),
        imported(&schema, &value),
        data_source_read(&schema, &value),
    ] {
        assert_eq!(
            problems(&found),
            ["`x` does not fit its schema: expected a string, found a bool"]
        );
    }
}

#[test]
fn nothing_that_is_stored_is_write_only() {
    let secret = || Attribute {
        write_only: true,
        ..string("secret", Usage::Optional)
    };
    let schema = schema(
        vec![
            nested("list", Nesting::List, Usage::Optional, vec![secret()]),
            nested("map", Nesting::Map, Usage::Optional, vec![secret()]),
            secret(),
        ],
        vec![],
    );
    let inner = || Value::object([("secret", text("s"))]);
    let value = Value::object([
        ("list", list([inner()])),
        ("map", map([("k", inner())])),
        ("secret", text("s")),
    ]);
    let rule = "is write-only, so the provider must return null for it";
    assert_eq!(
        problems(&read(&schema, &value)),
        ["list[0].secret", "map[\"k\"].secret", "secret"].map(|place| format!("`{place}` {rule}"))
    );
}

#[test]
fn only_a_read_or_upgraded_object_may_be_gone() {
    let schema = any(Type::String);
    assert_eq!(problems(&read(&schema, &Value::Null)), NONE);
    assert_eq!(problems(&upgraded(&schema, &Value::Null)), NONE);
    assert_eq!(problems(&imported(&schema, &Value::Null)), ["The object is null"]);
    assert_eq!(
        problems(&data_source_read(&schema, &Value::Null)),
        ["The object is null"]
    );
}

#[test]
fn no_value_is_ever_printed() {
    let ty = Type::object([
        ("list", Type::list(Type::String)),
        ("map", Type::map(Type::String)),
        ("set", Type::set(Type::String)),
        ("text", Type::String),
    ]);
    let secret = |s: &str| {
        Value::object([
            ("list", list([text(s)])),
            ("map", map([("k", text(s))])),
            ("set", set([text(s)])),
            ("text", text(s)),
        ])
    };
    let found = applied(&any(ty), &of(secret("hunter1")), &of(secret("hunter2")));
    assert_eq!(found.len(), 4);
    for diagnostic in &found {
        assert!(!format!("{diagnostic:?}").contains("hunter"), "{diagnostic:?}");
    }
}
