//! Making what the provider returned fit for a state: nothing unknown, nothing write-only.

use tfmodel::schema::{Attribute, Block, Shape};
use tfmodel::{Attributes, Datum, Schema, Type, Value, conformance};

/// The value without what belongs to the configuration only.
pub(crate) fn without_write_only(schema: &Schema, value: Value) -> Value {
    block(&schema.block, value)
}

/// The value with nulls in place of what is unknown: the host stores nothing at all of an object with an unknown value in it.
pub(crate) fn known(value: Value) -> Value {
    if value.is_wholly_known() {
        return value;
    }
    let all = |elements: Vec<Value>| elements.into_iter().map(known).collect();
    match value {
        Value::Null | Value::Unknown(_) => Value::Null,
        Value::Known(datum) => Value::Known(match datum {
            Datum::Bool(_) | Datum::Number(_) | Datum::String(_) => datum,
            Datum::List(elements) => Datum::List(all(elements)),
            Datum::Set(elements) => Datum::Set(all(elements)),
            Datum::Tuple(elements) => Datum::Tuple(all(elements)),
            Datum::Map(map) => Datum::Map(map.into_iter().map(|(key, child)| (key, known(child))).collect()),
            Datum::Object(object) => Datum::Object(object.map(known)),
            Datum::Dynamic(mut dynamic) => {
                dynamic.value = known(dynamic.value);
                Datum::Dynamic(dynamic)
            }
        }),
    }
}

/// The value with nulls in place of attributes that do not fit the type: the host could read nothing at all of an object with one of them,
/// and would forget that it exists.
pub(crate) fn fitting(value: Value, ty: &Type) -> Value {
    let fits = |value: &Value, ty| conformance::check(value, ty).is_ok();
    match (value, ty) {
        (Value::Known(Datum::Object(mut entries)), Type::Object(object)) => {
            let attributes = object.attributes.iter().map(|(name, ty)| {
                let value = entries.remove(name).filter(|value| fits(value, ty));
                (name, value.unwrap_or(Value::Null))
            });
            Value::object(attributes)
        }
        (value, ty) if fits(&value, ty) => value,
        (_, _) => Value::Null,
    }
}

fn block(block: &Block, value: Value) -> Value {
    let Value::Known(Datum::Object(mut entries)) = value else {
        return value;
    };
    clear(&block.attributes, &mut entries);
    for nested in &block.blocks {
        if let Some(slot) = entries.get_mut(&nested.name) {
            let inner = std::mem::take(slot);
            *slot = each_object(inner, &|object| self::block(&nested.block, object));
        }
    }
    Value::Known(Datum::Object(entries))
}

fn clear(attributes: &[Attribute], entries: &mut Attributes<Value>) {
    for attribute in attributes {
        if !attribute.write_only && matches!(attribute.shape, Shape::Plain(_)) {
            continue;
        }
        let Some(slot) = entries.get_mut(&attribute.name) else {
            continue;
        };
        if attribute.write_only {
            *slot = Value::Null;
        } else if let Shape::Nested(_, nested) = &attribute.shape {
            let inner = std::mem::take(slot);
            *slot = each_object(inner, &|object| match object {
                Value::Known(Datum::Object(mut entries)) => {
                    clear(nested, &mut entries);
                    Value::Known(Datum::Object(entries))
                }
                other => other,
            });
        }
    }
}

/// Changes an object, or the objects in a collection.
fn each_object(value: Value, change: &dyn Fn(Value) -> Value) -> Value {
    let all = |elements: Vec<Value>| elements.into_iter().map(change).collect();
    match value {
        Value::Known(Datum::List(elements)) => Value::Known(Datum::List(all(elements))),
        Value::Known(Datum::Set(elements)) => Value::Known(Datum::Set(all(elements))),
        Value::Known(Datum::Map(entries)) => Value::Known(Datum::Map(
            entries.into_iter().map(|(key, child)| (key, change(child))).collect(),
        )),
        other => change(other),
    }
}

#[cfg(test)]
mod tests {
    use tfmodel::Model;

    use super::*;

    #[derive(Clone, Model)]
    struct Login {
        #[tf(optional)]
        name: Value<String>,
        #[tf(optional, write_only)]
        password: Value<String>,
    }

    #[derive(Clone, Model)]
    struct Server {
        #[tf(optional)]
        logins: Value<Vec<Login>>,
        #[tf(optional)]
        admin: Value<Login>,
        #[tf(optional, write_only)]
        token: Value<String>,
        #[tf(block)]
        backup: Vec<Login>,
    }

    fn login(password: Value<String>) -> Login {
        Login {
            name: Value::from("me"),
            password,
        }
    }

    #[test]
    fn write_only_values_go_at_every_depth_and_nothing_else_does() {
        let server = |secret: fn() -> Value<String>| Server {
            logins: Value::Known(vec![login(secret()), login(secret())]),
            admin: Value::Known(login(secret())),
            token: secret(),
            backup: vec![login(secret())],
        };
        let given = Model::to_value(&server(|| Value::from("secret")));
        let left = Model::to_value(&server(|| Value::Null));
        assert_eq!(without_write_only(&Server::schema(), given), left);
    }

    #[test]
    fn what_does_not_fit_its_type_becomes_null_and_everything_else_stays() {
        let ty = Type::object([("a", Type::String), ("b", Type::list(Type::Bool)), ("c", Type::Number)]);
        let list = |element| Value::Known(Datum::List(vec![element]));
        let given = Value::object([
            ("a", Value::string("x")),
            ("b", list(Value::string("y"))),
            ("d", Value::bool(true)),
        ]);
        let left = Value::object([("a", Value::string("x")), ("b", Value::Null), ("c", Value::Null)]);
        assert_eq!(fitting(given, &ty), left);
        assert_eq!(fitting(left.clone(), &ty), left);
        assert_eq!(fitting(Value::string("x"), &ty), Value::Null);
    }

    #[test]
    fn unknown_values_become_null_at_every_depth_and_nothing_else_does() {
        let set = |value| Value::Known(Datum::Set(vec![value, Value::number(1)]));
        let list = |value| Value::Known(Datum::List(vec![Value::string("a"), set(value)]));
        let object = |value: fn() -> Value| Value::object([("inner", list(value())), ("outer", value())]);
        assert_eq!(known(object(Value::unknown)), object(|| Value::Null));
    }
}
