use proptest::prelude::*;

use crate::arbitrary::{Content, typed_values};
use crate::conformance;
use crate::encoding::{decode_either, msgpack};
use crate::number::Number;
use crate::ty::Type;
use crate::value::{Bounds, Datum, Dynamic, Refinement, Value};

proptest! {
    #[test]
    fn msgpack_keeps_every_value((ty, value) in typed_values(Content::Planned)) {
        prop_assert_eq!(msgpack::decode(&sent(&value, &ty), &ty), Ok(value));
    }

    #[test]
    fn any_bytes_are_read_or_refused((ty, _) in typed_values(Content::Stored), bytes: Vec<u8>) {
        if let Ok(value) = msgpack::decode(&bytes, &ty) {
            prop_assert_eq!(conformance::check(&value, &ty), Ok(()));
        }
    }

    #[test]
    fn cut_bytes_are_refused((ty, value) in typed_values(Content::Planned), cut in 1_usize..64) {
        let mut bytes = sent(&value, &ty);
        bytes.truncate(bytes.len().saturating_sub(cut));
        prop_assert!(msgpack::decode(&bytes, &ty).is_err());
    }
}

fn sent(value: &Value, ty: &Type) -> Vec<u8> {
    msgpack::encode(value, ty).unwrap()
}

/// Both directions.
fn wire(value: &Value, ty: &Type, bytes: &[u8]) {
    assert_eq!(msgpack::encode(value, ty).unwrap(), bytes, "{value:?}");
    assert_eq!(msgpack::decode(bytes, ty).unwrap(), *value, "{bytes:02x?}");
}

fn number(text: &str) -> Value {
    Value::Known(Datum::Number(text.parse().unwrap()))
}

fn list(elements: Vec<Value>) -> Value {
    Value::Known(Datum::List(elements))
}

fn dynamic(ty: Type, value: Value) -> Value {
    Value::Known(Datum::Dynamic(Box::new(Dynamic { ty, value })))
}

fn refined(bounds: Bounds) -> Value {
    Value::Unknown(Refinement::from(bounds))
}

fn not_null() -> Bounds {
    Bounds {
        not_null: true,
        ..Bounds::default()
    }
}

#[test]
fn null_of_every_type_is_nil() {
    for ty in [
        Type::Bool,
        Type::Dynamic,
        Type::list(Type::Bool),
        Type::object([("a", Type::Bool)]),
    ] {
        wire(&Value::Null, &ty, &[0xc0]);
    }
}

#[test]
fn unknown_of_every_type_is_extension_zero() {
    for ty in [
        Type::Bool,
        Type::Dynamic,
        Type::list(Type::Bool),
        Type::object([("a", Type::Bool)]),
    ] {
        wire(&Value::unknown(), &ty, &[0xd4, 0x00, 0x00]);
    }
}

#[test]
fn any_extension_is_an_unknown_value() {
    for bytes in [
        &[0xd4, 0x05, 0xff][..],
        &[0xc7, 0x00, 0x0c],
        &[0xc7, 0x02, 0x63, 0x01, 0x02],
    ] {
        assert_eq!(msgpack::decode(bytes, &Type::String).unwrap(), Value::unknown());
    }
}

#[test]
fn bools_and_strings_stand_for_themselves() {
    wire(&Value::bool(true), &Type::Bool, &[0xc3]);
    wire(&Value::bool(false), &Type::Bool, &[0xc2]);
    wire(&Value::string(""), &Type::String, &[0xa0]);
    wire(&Value::string("é"), &Type::String, &[0xa2, 0xc3, 0xa9]);
    let long = "x".repeat(40);
    wire(
        &Value::string(&*long),
        &Type::String,
        &[&[0xd9, 40], long.as_bytes()].concat(),
    );
}

#[test]
fn integers_of_64_bits_take_the_shortest_form() {
    for (value, bytes) in [
        (0, &[0x00][..]),
        (127, &[0x7f]),
        (128, &[0xcc, 0x80]),
        (256, &[0xcd, 0x01, 0x00]),
        (65_536, &[0xce, 0x00, 0x01, 0x00, 0x00]),
        (i64::MAX, &[0xcf, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        (-1, &[0xff]),
        (-32, &[0xe0]),
        (-33, &[0xd0, 0xdf]),
        (-129, &[0xd1, 0xff, 0x7f]),
        (-32_769, &[0xd2, 0xff, 0xff, 0x7f, 0xff]),
        (i64::MIN, &[0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0]),
    ] {
        wire(&Value::number(value), &Type::Number, bytes);
    }
}

#[test]
fn fractions_are_doubles_only_where_nothing_is_lost() {
    wire(&number("0.5"), &Type::Number, &[0xcb, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0]);
    wire(&number("-2.25"), &Type::Number, &[0xcb, 0xc0, 0x02, 0, 0, 0, 0, 0, 0]);
    wire(&number("0.1"), &Type::Number, b"\xa30.1");
}

#[test]
fn integers_beyond_64_bits_are_decimal_text() {
    wire(
        &number("9223372036854775808"),
        &Type::Number,
        b"\xb39223372036854775808",
    );
    wire(
        &number("-9223372036854775809"),
        &Type::Number,
        b"\xb4-9223372036854775809",
    );
    wire(&number("1e20"), &Type::Number, b"\xb5100000000000000000000");
}

#[test]
fn infinities_are_doubles() {
    wire(
        &Value::number(Number::INFINITY),
        &Type::Number,
        &[0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0],
    );
    wire(
        &Value::number(Number::NEGATIVE_INFINITY),
        &Type::Number,
        &[0xcb, 0xff, 0xf0, 0, 0, 0, 0, 0, 0],
    );
}

#[test]
fn numbers_of_every_width_are_read() {
    for (bytes, text) in [
        (&[0xcc, 0x01][..], "1"),
        (&[0xcd, 0x00, 0x01], "1"),
        (&[0xce, 0x00, 0x00, 0x00, 0x01], "1"),
        (
            &[0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            "18446744073709551615",
        ),
        (&[0xd0, 0x01], "1"),
        (&[0xd1, 0x00, 0x01], "1"),
        (&[0xd2, 0x00, 0x00, 0x00, 0x01], "1"),
        (&[0xd3, 0, 0, 0, 0, 0, 0, 0, 1], "1"),
        (&[0xca, 0x3f, 0x80, 0x00, 0x00], "1"),
        (&[0xcb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0], "1"),
        (
            &[0xcb, 0x3f, 0xb9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a],
            "0.1000000000000000055511151231257827021181583404541015625",
        ),
        (b"\xa4-1.5", "-1.5"),
    ] {
        assert_eq!(
            msgpack::decode(bytes, &Type::Number).unwrap(),
            number(text),
            "{bytes:02x?}"
        );
    }
    assert!(msgpack::decode(&[0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0], &Type::Number).is_err());
    assert!(msgpack::decode(b"\xa1x", &Type::Number).is_err());
}

#[test]
fn lists_sets_and_tuples_are_arrays() {
    let elements = || vec![Value::string("a"), Value::Null];
    wire(&list(elements()), &Type::list(Type::String), b"\x92\xa1a\xc0");
    wire(&list(vec![]), &Type::list(Type::String), b"\x90");
    wire(
        &Value::Known(Datum::Set(elements())),
        &Type::set(Type::String),
        b"\x92\xa1a\xc0",
    );
    let tuple = Value::Known(Datum::Tuple(vec![Value::bool(true), Value::string("a")]));
    wire(&tuple, &Type::Tuple(vec![Type::Bool, Type::String]), b"\x92\xc3\xa1a");
}

#[test]
fn maps_and_objects_are_maps_with_sorted_keys() {
    let object = Value::object([("b", Value::bool(true)), ("a", Value::Null)]);
    let ty = Type::object([("a", Type::String), ("b", Type::Bool)]);
    wire(&object, &ty, b"\x82\xa1a\xc0\xa1b\xc3");
    assert_eq!(msgpack::decode(b"\x82\xa1b\xc3\xa1a\xc0", &ty).unwrap(), object);
    let entries = [("b".to_owned(), Value::bool(true)), ("a".to_owned(), Value::Null)];
    let map = Value::Known(Datum::Map(entries.into_iter().collect()));
    wire(&map, &Type::map(Type::Bool), b"\x82\xa1a\xc0\xa1b\xc3");
}

#[test]
fn an_object_has_every_attribute_and_no_other() {
    let ty = Type::object([("a", Type::String), ("b", Type::Bool)]);
    let problem = |bytes: &[u8]| msgpack::decode(bytes, &ty).unwrap_err().to_string();
    assert_eq!(problem(b"\x81\xa1a\xc0"), "attribute `b` is missing");
    assert_eq!(problem(b"\x83\xa1a\xc0\xa1b\xc3\xa1c\xc3"), "there is no attribute `c`");
    assert_eq!(problem(b"\x82\xa1a\xc0\xa1a\xc0"), "`a` occurs twice");
    assert_eq!(problem(b"\x82\x01\xc0\xa1a\xc0"), "a key is a number, not a string");
    assert!(msgpack::encode(&Value::object([("a", Value::Null)]), &ty).is_err());
}

#[test]
fn a_value_of_type_any_travels_with_its_type() {
    wire(
        &dynamic(Type::String, Value::string("a")),
        &Type::Dynamic,
        b"\x92\xc4\x08\"string\"\xa1a",
    );
    wire(
        &dynamic(Type::String, Value::Null),
        &Type::Dynamic,
        b"\x92\xc4\x08\"string\"\xc0",
    );
    wire(
        &dynamic(Type::String, Value::unknown()),
        &Type::Dynamic,
        b"\x92\xc4\x08\"string\"\xd4\x00\x00",
    );
    assert_eq!(
        msgpack::decode(b"\x92\xa8\"string\"\xa1a", &Type::Dynamic).unwrap(),
        dynamic(Type::String, Value::string("a"))
    );
    let inner = list(vec![dynamic(Type::Bool, Value::bool(true)), Value::Null]);
    wire(&inner, &Type::list(Type::Dynamic), b"\x92\x92\xc4\x06\"bool\"\xc3\xc0");
    for bytes in [
        &b"\x92\xc4\x09\"dynamic\"\xc0"[..],
        b"\x91\xc0",
        b"\x92\xc4\x01x\xc0",
        b"\x92\xc0\xc0",
        b"\xc3",
    ] {
        assert!(msgpack::decode(bytes, &Type::Dynamic).is_err(), "{bytes:02x?}");
    }
}

#[test]
fn refinements_are_extension_twelve() {
    let check = |bounds: Bounds, ty: &Type, bytes: &[u8]| wire(&refined(bounds), ty, bytes);
    check(not_null(), &Type::Bool, b"\xc7\x03\x0c\x81\x01\xc2");
    check(
        Bounds {
            prefix: Some("ab".to_owned()),
            ..not_null()
        },
        &Type::String,
        b"\xc7\x07\x0c\x82\x01\xc2\x02\xa2ab",
    );
    check(
        Bounds {
            lower: Some((Number::from(1_i64), true)),
            upper: Some(("0.1".parse().unwrap(), false)),
            ..Bounds::default()
        },
        &Type::Number,
        b"\xc7\x0c\x0c\x82\x03\x92\x01\xc3\x04\x92\xa30.1\xc2",
    );
    check(
        Bounds {
            min_length: Some(1),
            max_length: Some(300),
            ..Bounds::default()
        },
        &Type::set(Type::Bool),
        b"\xc7\x07\x0c\x82\x05\x01\x06\xcd\x01\x2c",
    );
    // Four bytes of body make it a fixext.
    check(
        Bounds {
            prefix: Some("a".to_owned()),
            ..Bounds::default()
        },
        &Type::String,
        b"\xd6\x0c\x81\x02\xa1a".as_slice(),
    );
}

#[test]
fn a_refinement_that_does_not_fit_the_type_is_left_out() {
    let bounds = || Bounds {
        prefix: Some("a".to_owned()),
        ..Bounds::default()
    };
    assert_eq!(
        msgpack::encode(&refined(bounds()), &Type::Number).unwrap(),
        [0xd4, 0, 0]
    );
    assert_eq!(
        msgpack::encode(&refined(not_null()), &Type::Dynamic).unwrap(),
        [0xd4, 0, 0]
    );
    assert_eq!(
        msgpack::decode(b"\xd6\x0c\x81\x02\xa1a", &Type::Number).unwrap(),
        Value::unknown()
    );
}

#[test]
fn a_long_prefix_is_cut_between_characters() {
    let value = refined(Bounds {
        prefix: Some(format!("x{}", "é".repeat(200))),
        ..Bounds::default()
    });
    let bytes = msgpack::encode(&value, &Type::String).unwrap();
    let Value::Unknown(read) = msgpack::decode(&bytes, &Type::String).unwrap() else {
        panic!("expected an unknown value");
    };
    let expected = format!("x{}", "é".repeat(127));
    assert_eq!(read.bounds().unwrap().prefix, Some(expected));
}

#[test]
fn a_refinement_too_long_for_the_host_is_left_out() {
    // Thirteen bytes surround the digits of the two bounds.
    let digits = |lower: usize, upper: usize| {
        refined(Bounds {
            lower: Some(("1".repeat(lower).parse().unwrap(), true)),
            upper: Some(("2".repeat(upper).parse().unwrap(), true)),
            ..Bounds::default()
        })
    };
    let longest = digits(500, 511);
    let bytes = msgpack::encode(&longest, &Type::Number).unwrap();
    assert_eq!(bytes.len(), 4 + 1024);
    assert_eq!(msgpack::decode(&bytes, &Type::Number).unwrap(), longest);
    assert_eq!(msgpack::encode(&digits(500, 512), &Type::Number).unwrap(), [0xd4, 0, 0]);
    // The longest one with a byte more is not looked into.
    let longer = [b"\xc8\x04\x01\x0c", &bytes[4..], b"\x00"].concat();
    assert_eq!(msgpack::decode(&longer, &Type::Number).unwrap(), Value::unknown());
}

#[test]
fn a_refinement_that_cannot_be_read_is_ignored() {
    for body in [
        &b"\xc7\x02\x0c\x81\x01"[..],
        b"\xc7\x03\x0c\x81\xa1a",
        b"\xc7\x03\x0c\xdf\xff\xff",
    ] {
        assert_eq!(
            msgpack::decode(body, &Type::String).unwrap(),
            Value::unknown(),
            "{body:02x?}"
        );
    }
    // What stands before a key of a later protocol still counts.
    let later = b"\xc7\x06\x0c\x82\x01\xc2\x63\x93\x01";
    assert_eq!(msgpack::decode(later, &Type::String).unwrap(), refined(not_null()));
}

#[test]
fn hostile_lengths_are_refused_before_anything_is_allocated() {
    let ty = Type::list(Type::list(Type::String));
    for bytes in [
        &b"\xdd\xff\xff\xff\xff"[..],
        b"\xdd\xff\xff\xff\xff\x90",
        b"\xdc\xff\xff",
        b"\x91\xdd\x7f\xff\xff\xff",
    ] {
        assert_eq!(
            msgpack::decode(bytes, &ty).unwrap_err().problem,
            "the bytes end in the middle of a value"
        );
    }
    assert!(msgpack::decode(b"\xdf\xff\xff\xff\xff", &Type::map(Type::Bool)).is_err());
    assert!(msgpack::decode(b"\xdb\xff\xff\xff\xffx", &Type::String).is_err());
    assert!(msgpack::decode(b"\xc9\xff\xff\xff\xff\x0c", &Type::String).is_err());
}

#[test]
fn values_that_nest_without_end_are_refused() {
    let nested = |levels: usize| {
        let mut bytes = b"\x92\xc4\x12[\"list\",\"dynamic\"]\x91".repeat(levels);
        bytes.push(0xc0);
        msgpack::decode(&bytes, &Type::Dynamic)
    };
    assert!(nested(50).is_ok());
    assert_eq!(nested(10_000).unwrap_err().problem, "the value is nested too deeply");
}

#[test]
fn bytes_after_the_value_are_refused() {
    assert_eq!(
        msgpack::decode(b"\xc0\xc0", &Type::Bool).unwrap_err().problem,
        "more bytes follow the value"
    );
}

#[test]
fn a_decoding_error_names_its_place() {
    let ty = Type::object([("a", Type::list(Type::map(Type::String)))]);
    assert_eq!(
        msgpack::decode(b"\x81\xa1a\x91\x81\xa1k\xc3", &ty)
            .unwrap_err()
            .to_string(),
        r#"a[0]["k"]: expected a string, found a bool"#
    );
}

#[test]
fn msgpack_goes_before_json_and_no_bytes_are_null() {
    assert_eq!(
        decode_either(b"\xc3", b"false", &Type::Bool).unwrap(),
        Value::bool(true)
    );
    assert_eq!(decode_either(b"", b"false", &Type::Bool).unwrap(), Value::bool(false));
    assert_eq!(decode_either(b"", b"", &Type::Bool).unwrap(), Value::Null);
    assert!(decode_either(b"", b"\xff", &Type::Bool).is_err());
}
