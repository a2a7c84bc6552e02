use super::draft;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{Field, Model};
use crate::path::Path;
use crate::plan::TypedDraft;
use crate::schema::build::{schema, string, text};
use crate::schema::{Schema, Usage};
use crate::value::Value;

#[derive(Clone, Debug, PartialEq)]
struct Thing {
    id: Value<String>,
    name: String,
}

impl Model for Thing {
    fn schema() -> Schema {
        schema(
            vec![string("id", Usage::Computed), string("name", Usage::Required)],
            vec![],
        )
    }

    fn from_value(value: &Value, at: &Path) -> Result<Self, Diagnostics> {
        Ok(Self {
            id: Field::from_value(value.get("id").unwrap(), &at.with_attribute("id"))?,
            name: Field::from_value(value.get("name").unwrap(), &at.with_attribute("name"))?,
        })
    }

    fn to_value(&self) -> Value {
        Value::object([("id", self.id.to_value()), ("name", self.name.to_value())])
    }
}

fn object(id: Value, name: Value) -> Value {
    Value::object([("id", id), ("name", name)])
}

#[test]
fn an_author_refines_a_plan_in_structs() {
    let schema = Thing::schema();
    let untyped = draft(&schema, &object(text("1"), text("a")), &object(Value::Null, text("b")));
    let mut typed: TypedDraft<Thing> = untyped.typed().unwrap();
    assert_eq!(typed.prior.as_ref().map(|prior| prior.name.as_str()), Some("a"));
    assert_eq!(typed.config.id, Value::Null);
    assert!(typed.planned.id.is_unknown());
    typed.planned.id = "2".into();
    typed.replace.push(Path::attribute("name"));
    typed
        .warnings
        .push(Diagnostic::warning("Careful", "It is another one now."));
    let plan = untyped.with(typed).finish(&schema).unwrap();
    assert_eq!(plan.planned, object(text("2"), text("b")));
    assert_eq!(plan.requires_replace, [Path::attribute("name")]);
    assert_eq!(plan.warnings.len(), 1);
}

#[test]
fn what_the_model_cannot_hold_is_reported_at_its_place() {
    let untyped = draft(&Thing::schema(), &Value::Null, &object(Value::Null, Value::unknown()));
    let problems = untyped.typed::<Thing>().unwrap_err();
    assert_eq!(problems.iter().next().unwrap().path, Some(Path::attribute("name")));
}
