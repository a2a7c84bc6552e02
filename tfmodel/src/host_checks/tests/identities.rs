use super::{NONE, problems};
use crate::host_checks::{identity, identity_kept, planned_identity};
use crate::schema::build::{schema, string, text};
use crate::schema::{Schema, Usage};
use crate::value::Value;

fn places() -> Schema {
    schema(
        vec![string("name", Usage::Required), string("region", Usage::Optional)],
        vec![],
    )
}

fn place(name: Value, region: Value) -> Value {
    Value::object([("name", name), ("region", region)])
}

#[test]
fn an_identity_is_there_and_known_once_the_object_exists() {
    let schema = places();
    assert_eq!(problems(&identity(&schema, &place(text("a"), Value::Null))), NONE);
    assert_eq!(
        problems(&identity(&schema, &Value::Null)),
        ["The identity is missing, and the resource has one"]
    );
    assert_eq!(
        problems(&identity(&schema, &Value::unknown())),
        ["The identity is unknown, but only a plan may leave values open"]
    );
    assert_eq!(
        problems(&identity(&schema, &place(text("a"), Value::unknown()))),
        ["`region` of the identity is unknown, but only a plan may leave values open"]
    );
}

#[test]
fn an_identity_conforms_to_its_schema() {
    let wrong = place(Value::bool(true), Value::Null);
    let expected = ["`name` of the identity does not fit its schema: expected a string, found a bool"];
    assert_eq!(problems(&identity(&places(), &wrong)), expected);
    assert_eq!(problems(&planned_identity(&places(), &wrong)), expected);
}

#[test]
fn an_identity_is_enough_to_import_the_object() {
    assert_eq!(
        problems(&identity(&places(), &place(Value::Null, text("r")))),
        ["`name` of the identity is null, but nobody can import the object without it"]
    );
    let optional = schema(
        vec![string("name", Usage::Optional), string("region", Usage::Optional)],
        vec![],
    );
    assert_eq!(
        problems(&identity(&optional, &place(Value::Null, Value::Null))),
        ["The identity identifies nothing: every attribute is null"]
    );
}

#[test]
fn the_identity_of_an_object_that_is_planned_is_known_or_left_out() {
    for planned in [Value::Null, place(text("a"), text("r"))] {
        assert_eq!(problems(&planned_identity(&places(), &planned)), NONE);
    }
    for planned in [Value::unknown(), place(Value::unknown(), Value::Null)] {
        assert_eq!(problems(&planned_identity(&places(), &planned)).len(), 1);
    }
}

#[test]
fn an_identity_stays_as_it_is_while_the_object_lives() {
    let kept = |before: &Value, after: &Value| problems(&identity_kept(&places(), before, after));
    let (here, there) = (place(text("a"), text("here")), place(text("a"), text("there")));
    assert_eq!(kept(&here, &here), NONE);
    assert_eq!(
        kept(&here, &there),
        ["`region` of the identity has changed, and an object keeps its identity as long as it lives"]
    );
    // An object that never had one gets one, and what was open is filled in.
    assert_eq!(kept(&Value::Null, &here), NONE);
    assert_eq!(kept(&Value::unknown(), &here), NONE);
    assert_eq!(kept(&place(text("a"), Value::unknown()), &here), NONE);
}
