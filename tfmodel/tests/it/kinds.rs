//! What each kind of field can hold.

use std::collections::BTreeMap;

use tfmodel::model::{Keyword, Object, Set};
use tfmodel::schema::{Nesting, Shape};
use tfmodel::value::{Bounds, Datum, Dynamic, Refinement};
use tfmodel::{Diagnostics, Field, Model, Number, Path, Type, Value};

#[derive(Clone, Copy, Debug, PartialEq, Model)]
enum Mode {
    PodIdentity,
    #[tf(name = "IRSA")]
    Irsa,
}

#[derive(Clone, Debug, PartialEq, Model)]
enum Owner {
    Nobody,
    #[tf(other)]
    Somebody(String),
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Inner {
    #[tf(required)]
    name: String,
    #[tf(optional)]
    size: Value<i64>,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Everything {
    #[tf(required)]
    flag: bool,
    #[tf(required)]
    small: i32,
    #[tf(required)]
    port: u16,
    #[tf(required)]
    wide: u64,
    #[tf(required)]
    single: f32,
    #[tf(required)]
    double: f64,
    #[tf(required)]
    number: Number,
    #[tf(required)]
    text: String,
    #[tf(required)]
    mode: Mode,
    #[tf(required)]
    owner: Owner,
    #[tf(required)]
    list: Vec<Value<String>>,
    #[tf(required)]
    set: Set<i64>,
    #[tf(required)]
    map: BTreeMap<String, Option<bool>>,
    #[tf(required)]
    lists: Vec<Vec<i64>>,
    #[tf(required)]
    any: Dynamic,
    #[tf(required)]
    objects: Vec<Object<Inner>>,
    #[tf(required)]
    one: Inner,
    #[tf(optional)]
    many: Value<Vec<Inner>>,
    #[tf(optional)]
    by_name: Option<BTreeMap<String, Inner>>,
    #[tf(optional)]
    absent: Option<String>,
    #[tf(optional)]
    absent_too: Value<Mode>,
    #[tf(computed)]
    later: Value<String>,
    #[tf(block)]
    group: Limits,
    #[tf(block)]
    repeated: Vec<Inner>,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Limits {
    #[tf(optional)]
    most: Value<i64>,
}

fn inner(name: &str) -> Inner {
    Inner {
        name: name.to_owned(),
        size: Value::Known(3),
    }
}

fn everything() -> Everything {
    Everything {
        flag: true,
        small: -7,
        port: 443,
        wide: u64::MAX,
        single: 0.1,
        double: 0.25,
        number: Number::from(30_i64),
        text: "ä".to_owned(),
        mode: Mode::Irsa,
        owner: Owner::Somebody("me".to_owned()),
        list: vec![Value::Null, Value::unknown(), Value::from("x")],
        set: Set::from(vec![2, 1]),
        map: BTreeMap::from([("a".to_owned(), None), ("b".to_owned(), Some(true))]),
        lists: vec![vec![1], vec![]],
        any: Dynamic {
            ty: Type::String,
            value: Value::string("any"),
        },
        objects: vec![Object(inner("plain"))],
        one: inner("one"),
        many: Value::Known(vec![inner("first"), inner("second")]),
        by_name: Some(BTreeMap::from([("k".to_owned(), inner("v"))])),
        absent: None,
        absent_too: Value::Null,
        later: Value::Unknown(Refinement::from(Bounds {
            prefix: Some("arn:".to_owned()),
            ..Bounds::default()
        })),
        group: Limits { most: Value::Null },
        repeated: vec![inner("block")],
    }
}

fn read<F: Field>(value: &Value) -> Result<F, Diagnostics> {
    F::from_value(value, &Path::attribute("it"))
}

/// The one summary and place in `result`.
fn problem<T: std::fmt::Debug>(result: Result<T, Diagnostics>) -> (String, String) {
    let found: Vec<_> = result.unwrap_err().into_iter().collect();
    assert_eq!(found.len(), 1, "{found:#?}");
    (
        found[0].summary.clone(),
        found[0].path.as_ref().map(ToString::to_string).unwrap_or_default(),
    )
}

#[test]
fn every_kind_of_field_comes_back_as_it_went() {
    let value = <Everything as Model>::to_value(&everything());
    assert_eq!(
        <Everything as Model>::from_value(&value, &Path::root()),
        Ok(everything())
    );
    tfmodel::conformance::check(&value, &Everything::schema().ty()).unwrap();
}

#[test]
fn an_object_type_is_one_value_and_a_model_is_nested_attributes() {
    let schema = Everything::schema();
    let shape = |name: &str| schema.block.attribute(name).expect(name).shape.clone();
    let object = Type::object([("name", Type::String), ("size", Type::Number)]);
    assert!(matches!(shape("objects"), Shape::Plain(ty) if ty == Type::list(object)));
    assert!(matches!(shape("one"), Shape::Nested(Nesting::Single, _)));
}

#[test]
fn floats_read_as_they_are_written() {
    assert_eq!(0.1_f32.to_value(), Value::number("0.1".parse::<Number>().unwrap()));
    assert_eq!(read::<f32>(&0.1_f64.to_value()), Ok(0.1));
    assert_eq!(f32::NAN.to_value(), Value::Null);
    assert_eq!(f32::INFINITY.to_value(), Value::number(Number::INFINITY));
    assert_eq!(problem(read::<u16>(&Value::number(70_000))).0, "Number out of range");
}

#[test]
fn sets_compare_without_order_and_count_repetitions() {
    assert_eq!(Set::from(vec![1, 2, 2]), Set::from(vec![2, 1, 2]));
    assert_ne!(Set::from(vec![1, 2, 2]), Set::from(vec![1, 1, 2]));
    assert_eq!(Set::from(vec![3, 1, 2]).into_vec(), [3, 1, 2]);
}

#[test]
fn a_plain_type_refuses_null_and_unknown() {
    assert_eq!(
        problem(read::<String>(&Value::Null)),
        ("Missing value".into(), "it".into())
    );
    assert_eq!(
        problem(read::<Inner>(&Value::unknown())),
        ("Value not known yet".into(), "it".into())
    );
}

#[test]
fn an_option_refuses_unknown_only() {
    assert_eq!(read::<Option<bool>>(&Value::Null), Ok(None));
    assert_eq!(
        problem(read::<Option<bool>>(&Value::unknown())),
        ("Value not known yet".into(), "it".into())
    );
}

#[test]
fn elements_are_checked_and_named() {
    let list = Value::Known(Datum::List(vec![Value::string("a"), Value::unknown()]));
    assert_eq!(problem(read::<Vec<String>>(&list)).1, "it[1]");
    let map = Value::Known(Datum::Map(BTreeMap::from([("k".to_owned(), Value::Null)])));
    assert_eq!(problem(read::<BTreeMap<String, i64>>(&map)).1, "it[\"k\"]");
}

#[test]
fn a_place_in_a_set_is_the_set() {
    let set = Value::Known(Datum::Set(vec![Value::object([("name", Value::Null)])]));
    let found = read::<Set<Inner>>(&set).unwrap_err();
    assert_eq!(found.iter().next().unwrap().path, Some(Path::attribute("it")));
}

#[test]
fn all_fields_that_do_not_fit_are_reported() {
    let value = Value::object([
        ("flag", Value::string("yes")),
        ("small", Value::number(1_i64 << 40)),
        ("one", Value::object([("name", Value::unknown())])),
    ]);
    let found = <Everything as Model>::from_value(&value, &Path::root()).unwrap_err();
    let at = |path: &str| {
        found
            .iter()
            .find(|problem| problem.path.as_ref().is_some_and(|at| at.to_string() == path))
            .map(|problem| problem.summary.as_str())
    };
    assert_eq!(at("flag"), Some("Value of another type"));
    assert_eq!(at("small"), Some("Number out of range"));
    assert_eq!(at("one.name"), Some("Value not known yet"));
    assert_eq!(at("text"), Some("Missing value"));
}

#[test]
fn an_enum_reads_its_names_and_nothing_else() {
    assert_eq!(Mode::NAMES, ["pod_identity", "IRSA"]);
    assert_eq!(read(&Value::string("IRSA")), Ok(Mode::Irsa));
    assert_eq!(
        problem(read::<Mode>(&Value::string("irsa"))),
        ("Value that this version does not know".into(), "it".into())
    );
    assert_eq!(Mode::PodIdentity.to_value(), Value::string("pod_identity"));
}

#[test]
fn an_open_enum_reads_any_text() {
    assert_eq!(read(&Value::string("nobody")), Ok(Owner::Nobody));
    assert_eq!(read(&Value::string("x")), Ok(Owner::Somebody("x".to_owned())));
    assert_eq!(Owner::Somebody("x".to_owned()).to_value(), Value::string("x"));
    assert_eq!(Owner::NAMES, ["nobody"]);
}

#[derive(Clone, Debug, PartialEq, Model)]
#[tf(validate(tfmodel::validators::length(3..)))]
struct Code(String);

#[test]
fn a_state_is_read_though_a_check_would_refuse_it_today() {
    assert_eq!(read(&Value::string("x")), Ok(Code("x".to_owned())));
    assert_eq!(Code::validators().len(), 1);
}

#[derive(Clone, Debug, Model)]
struct Secret {
    #[tf(required, sensitive)]
    token: Mode,
}

#[test]
fn what_is_wrong_with_a_sensitive_value_does_not_show_it() {
    let value = Value::object([("token", Value::string("hunter2"))]);
    let found = <Secret as Model>::from_value(&value, &Path::root()).unwrap_err();
    assert_eq!(found.len(), 1);
    assert!(!format!("{found:?}").contains("hunter2"), "{found:?}");
}
