//! Defaults of every type.

use std::collections::BTreeMap;

use tfmodel::model::{Object, Set};
use tfmodel::plan::{self, proposed_new_state};
use tfmodel::schema::Usage;
use tfmodel::value::Dynamic;
use tfmodel::{Field, Model, Number, Path, Type, Value};

#[derive(Clone, Copy, Debug, PartialEq, Model)]
enum Mode {
    Slow,
    Fast,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Rule {
    #[tf(optional)]
    name: Option<String>,
    #[tf(default = 5)]
    weight: Value<i64>,
}

fn rule() -> Rule {
    Rule {
        name: Some("all".to_owned()),
        weight: Value::Known(1),
    }
}

#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Everything {
    #[tf(default = true)]
    flag: Value<bool>,
    #[tf(default = 3)]
    small: Option<i32>,
    #[tf(default = 4)]
    wide: Value<i64>,
    #[tf(default = 0.5)]
    single: Value<f32>,
    #[tf(default = 0.1)]
    double: Value<f64>,
    #[tf(default = Number::INFINITY)]
    number: Value<Number>,
    #[tf(default = "text")]
    text: Value<String>,
    #[tf(default = Mode::Fast)]
    mode: Value<Mode>,
    #[tf(default = vec!["a".to_owned()])]
    list: Value<Vec<String>>,
    #[tf(default = Set::new())]
    set: Value<Set<i64>>,
    #[tf(default = BTreeMap::from([("k".to_owned(), true)]))]
    map: Value<BTreeMap<String, bool>>,
    #[tf(default = rule())]
    one: Value<Rule>,
    #[tf(default = vec![rule(), rule()])]
    many: Value<Vec<Rule>>,
    #[tf(default = Object(rule()))]
    object: Value<Object<Rule>>,
    #[tf(default = Dynamic { ty: Type::Bool, value: Value::bool(true) })]
    any: Value<Dynamic>,
}

/// What stands where the configuration says nothing.
fn defaults() -> Everything {
    Everything {
        flag: Value::Known(true),
        small: Some(3),
        wide: Value::Known(4),
        single: Value::Known(0.5),
        double: Value::Known(0.1),
        number: Value::Known(Number::INFINITY),
        text: Value::from("text"),
        mode: Value::Known(Mode::Fast),
        list: Value::Known(vec!["a".to_owned()]),
        set: Value::Known(Set::new()),
        map: Value::Known(BTreeMap::from([("k".to_owned(), true)])),
        one: Value::Known(rule()),
        many: Value::Known(vec![rule(), rule()]),
        object: Value::Known(Object(rule())),
        any: Value::Known(Dynamic {
            ty: Type::Bool,
            value: Value::bool(true),
        }),
    }
}

fn planned(config: &Everything) -> Everything {
    let schema = Everything::schema();
    let config = Model::to_value(config);
    let proposed = proposed_new_state(&schema, &Value::Null, &config);
    let draft = plan::begin(&schema, Value::Null, config, proposed).unwrap();
    let plan = draft.finish(&schema).unwrap();
    <Everything as Model>::from_value(&plan.planned, &Path::root()).unwrap()
}

#[test]
fn every_type_can_have_a_default() {
    let schema = Everything::schema();
    assert_eq!(schema.check(), []);
    for attribute in &schema.block.attributes {
        assert_eq!(attribute.usage, Usage::OptionalComputed, "{}", attribute.name);
        assert!(attribute.behaviour.default.is_some(), "{}", attribute.name);
    }
    assert_eq!(planned(&Everything::default()), defaults());
}

#[test]
fn a_default_gives_way_to_the_configuration_and_holds_in_its_objects() {
    let config = Everything {
        flag: Value::Known(false),
        list: Value::Known(Vec::new()),
        many: Value::Known(vec![Rule {
            name: None,
            weight: Value::Null,
        }]),
        ..Everything::default()
    };
    let weighed = Rule {
        name: None,
        weight: Value::Known(5),
    };
    assert_eq!(
        planned(&config),
        Everything {
            flag: Value::Known(false),
            list: Value::Known(Vec::new()),
            many: Value::Known(vec![weighed]),
            ..defaults()
        }
    );
    assert_eq!(Field::to_value(&rule()).get("weight"), Some(&Value::number(1)));
}
