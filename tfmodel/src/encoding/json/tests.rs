use proptest::prelude::*;

use super::{decode, decode_named, encode};
use crate::arbitrary::{Content, typed_values};
use crate::conformance;
use crate::json::{Node, parse};
use crate::number::Number;
use crate::ty::Type;
use crate::value::{Datum, Dynamic, Value};

proptest! {
    #[test]
    fn json_keeps_every_value_that_can_be_stored((ty, value) in typed_values(Content::Stored)) {
        prop_assert_eq!(decode(&stored(&value, &ty), &ty), Ok(value));
    }

    #[test]
    fn types_keep_their_meaning((ty, _) in typed_values(Content::Stored)) {
        prop_assert_eq!(Type::from_json(&ty.to_json()), Ok(ty));
    }

    #[test]
    fn generated_values_are_of_their_type((ty, value) in typed_values(Content::Planned)) {
        prop_assert_eq!(conformance::check(&value, &ty), Ok(()));
    }
}

fn stored(value: &Value, ty: &Type) -> Node {
    parse(&encode(value, ty).unwrap()).unwrap()
}

fn list(elements: Vec<Value>) -> Value {
    Value::Known(Datum::List(elements))
}

fn dynamic(ty: Type, value: Value) -> Value {
    Value::Known(Datum::Dynamic(Box::new(Dynamic { ty, value })))
}

#[test]
fn a_decoding_error_names_its_place() {
    let ty = Type::object([("a", Type::list(Type::map(Type::String)))]);
    assert_eq!(
        decode(&parse(r#"{"a":[{"k":true}]}"#).unwrap(), &ty)
            .unwrap_err()
            .to_string(),
        r#"a[0]["k"]: expected a string, found a bool"#
    );
}

#[test]
fn a_type_that_names_a_part_reads_that_part_at_every_depth() {
    let ty = Type::object([
        ("a", Type::list(Type::object([("b", Type::String)]))),
        ("d", Type::Bool),
    ]);
    let node = parse(r#"{"a":[{"b":"x","c":[1]}],"e":{"b":2}}"#).unwrap();
    let element = Value::object([("b", Value::string("x"))]);
    let named = Value::object([("a", list(vec![element])), ("d", Value::Null)]);
    assert_eq!(decode_named(&node, &ty), Ok(named));
    assert!(decode(&node, &ty).is_err());

    let wrong = decode_named(&parse(r#"{"a":[{"b":["x"]}]}"#).unwrap(), &ty).unwrap_err();
    assert_eq!(wrong.to_string(), "a[0].b: expected a string, found an array");
}

#[test]
fn state_keeps_numbers_exactly() {
    for text in ["0.1", "18446744073709551616", "-1.000000000000000000000000001"] {
        let value = decode(&parse(text).unwrap(), &Type::Number).unwrap();
        assert_eq!(encode(&value, &Type::Number).unwrap(), text);
    }
}

#[test]
fn state_holds_dynamic_values_with_their_type() {
    let text = r#"{"type":["list","bool"],"value":[true,null]}"#;
    let value = decode(&parse(text).unwrap(), &Type::Dynamic).unwrap();
    let expected = dynamic(Type::list(Type::Bool), list(vec![Value::bool(true), Value::Null]));
    assert_eq!(value, expected);
    assert_eq!(encode(&value, &Type::Dynamic).unwrap(), text);
    for text in ["true", "{}", r#"{"type":"bool"}"#, r#"{"type":"dynamic","value":1}"#] {
        assert!(decode(&parse(text).unwrap(), &Type::Dynamic).is_err(), "{text}");
    }
}

#[test]
fn a_dynamic_value_has_all_attributes_that_its_type_says() {
    let text = r#"{"type":["list",["object",{"a":"bool","b":"bool"}]],"value":[{"a":true,"b":null},{"a":true}]}"#;
    let problem = decode(&parse(text).unwrap(), &Type::Dynamic).unwrap_err();
    assert_eq!(problem.to_string(), "[1]: attribute `b` is missing");
}

#[test]
fn an_attribute_missing_in_state_is_null_and_one_too_many_is_an_error() {
    let ty = Type::object([("a", Type::String), ("b", Type::Bool)]);
    let decoded = |text| decode(&parse(text).unwrap(), &ty);
    assert_eq!(
        decoded(r#"{"a":"x"}"#).unwrap(),
        Value::object([("a", Value::string("x")), ("b", Value::Null)])
    );
    assert_eq!(
        decoded(r#"{"a":"x","c":1}"#).unwrap_err().problem,
        "there is no attribute `c`"
    );
    assert_eq!(decoded(r#"{"a":"x","a":"y"}"#).unwrap_err().problem, "`a` occurs twice");
}

#[test]
fn unknown_and_infinite_values_cannot_be_stored() {
    assert!(encode(&list(vec![Value::unknown()]), &Type::list(Type::Bool)).is_err());
    assert!(encode(&Value::number(Number::INFINITY), &Type::Number).is_err());
}
