//! Rules between attributes and blocks, and what else a configuration is told.

use tfmodel::model::Set;
use tfmodel::validators::{custom, length, size, unique};
use tfmodel::value::{Datum, Dynamic};
use tfmodel::{Diagnostics, Model, Severity, Type, Value, validate};

fn told(found: &Diagnostics) -> Vec<(Severity, String, String)> {
    found
        .iter()
        .map(|told| {
            let at = told.path.as_ref().map(ToString::to_string).unwrap_or_default();
            (told.severity, at, format!("{}: {}", told.summary, told.detail))
        })
        .collect()
}

fn errors<M: Model>(config: &M) -> Vec<(String, String)> {
    told(&validate::config(&M::schema(), &config.to_value()))
        .into_iter()
        .map(|(severity, at, text)| {
            assert_eq!(severity, Severity::Error, "{text}");
            (at, text)
        })
        .collect()
}

#[derive(Clone, Default, Model)]
#[tf(at_most_one_of(by_name, by_id, by_tag), required_together(user, password))]
struct Lookup {
    #[tf(optional)]
    by_id: Value<String>,
    #[tf(optional)]
    by_name: Value<String>,
    #[tf(block)]
    by_tag: Vec<Tag>,
    #[tf(optional)]
    password: Value<String>,
    #[tf(optional)]
    user: Value<String>,
}

#[derive(Clone, Default, Model)]
struct Tag {
    #[tf(optional)]
    name: Value<String>,
}

#[test]
fn a_model_can_refuse_two_of_several() {
    let mut config = Lookup::default();
    assert_eq!(errors(&config), []);
    config.by_id = Value::from("i");
    assert_eq!(errors(&config), []);
    config.by_name = Value::unknown();
    assert_eq!(errors(&config), []);
    config.by_tag = vec![Tag::default()];
    let found = errors(&config);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0]
            .1
            .contains("`by_id`, `by_tag` are set, and they exclude each other"),
        "{found:?}"
    );
}

#[test]
fn a_model_can_ask_for_all_or_none() {
    let mut config = Lookup {
        user: Value::from("u"),
        ..Lookup::default()
    };
    let found = errors(&config);
    assert_eq!(
        found,
        [(
            String::new(),
            "Values have to be set together: `user` is set without `password`. Set all of them, or none.".to_owned()
        )]
    );
    config.password = Value::unknown();
    assert_eq!(errors(&config), []);
    config.user = Value::Null;
    assert_eq!(errors(&config), []);
    config.password = Value::from("p");
    assert_eq!(errors(&config).len(), 1);
}

#[derive(Clone, Default, Model)]
struct Capacity {
    #[tf(optional, at_least_sum_of(low, high))]
    most: Value<i64>,
    #[tf(optional, at_most_sum_of(low, high))]
    least: Value<i64>,
    #[tf(optional, equal_to_sum_of(low, high))]
    total: Value<f64>,
    #[tf(optional, equal_to_product_of(low, high))]
    area: Value<i64>,
    #[tf(optional)]
    low: Value<f64>,
    #[tf(optional)]
    high: Value<i64>,
}

#[test]
fn numbers_are_held_against_sums_and_products() {
    let config = |name: &str, value: f64, low: Value<f64>, high: Value<i64>| {
        let mut config = Capacity {
            low,
            high,
            ..Capacity::default()
        }
        .to_value();
        if let Value::Known(Datum::Object(attributes)) = &mut config {
            attributes.insert(name.to_owned(), tfmodel::Field::to_value(&value));
        }
        let found = told(&validate::config(&Capacity::schema(), &config));
        assert!(found.iter().all(|(_, at, _)| at == name), "{found:?}");
        found.is_empty()
    };
    let known = |name, value| config(name, value, Value::Known(0.5), Value::Known(3));
    for (name, right, wrong) in [
        ("most", 4.0, 3.0),
        ("least", 3.0, 4.0),
        ("total", 3.5, 3.0),
        ("area", 1.5, 2.0),
    ] {
        assert!(known(name, right), "{name}");
        assert!(!known(name, wrong), "{name}");
        assert!(config(name, wrong, Value::unknown(), Value::Known(3)), "{name}");
    }
    assert!(known("most", 3.5) && known("least", 3.5));
    // Null counts as nothing in a sum, and leaves a product open.
    assert!(!config("total", 1.0, Value::Null, Value::Known(3)));
    assert!(config("total", 3.0, Value::Null, Value::Known(3)));
    assert!(config("area", 1.0, Value::Null, Value::Known(3)));
}

#[derive(Clone, Default, Model)]
#[tf(deprecated = "Use `other`.")]
struct Login {
    #[tf(optional, prefer_write_only(password_wo))]
    password: Value<String>,
    #[tf(optional, write_only)]
    password_wo: Value<String>,
    #[tf(optional, deprecated = "Use `password`.")]
    secret: Value<String>,
    #[tf(block, deprecated = "Use `tags`.")]
    tag: Vec<Tag>,
}

#[test]
fn a_write_only_attribute_is_advised_where_the_host_knows_such_attributes() {
    let schema = Login::schema();
    let mut config = Login::default();
    let advised = |config: &Login| told(&validate::write_only_preferred(&schema, &config.to_value()));
    assert_eq!(advised(&config), []);
    config.password = Value::unknown();
    assert_eq!(advised(&config), []);
    config.password = Value::from("hunter2");
    let found = advised(&config);
    assert_eq!(found.len(), 1, "{found:?}");
    let (severity, at, text) = &found[0];
    assert_eq!((*severity, at.as_str()), (Severity::Warning, "password"));
    assert!(
        text.contains("`password_wo` is write-only") && !text.contains("hunter2"),
        "{text}"
    );
    assert!(
        told(&validate::config(&schema, &config.to_value()))
            .iter()
            .all(|(_, at, _)| at != "password")
    );
}

#[test]
fn what_is_deprecated_is_a_warning_where_it_is_set() {
    let found = |config: &Login| -> Vec<(String, String)> {
        told(&validate::config(&Login::schema(), &config.to_value()))
            .into_iter()
            .map(|(severity, at, text)| {
                assert_eq!(severity, Severity::Warning);
                (at, text)
            })
            .collect()
    };
    let whole = (String::new(), "This is deprecated: Use `other`.".to_owned());
    let mut config = Login {
        secret: Value::unknown(),
        ..Login::default()
    };
    assert_eq!(found(&config), std::slice::from_ref(&whole));
    config.secret = Value::from("x");
    config.tag = vec![Tag::default()];
    assert_eq!(
        found(&config),
        [
            (
                "secret".to_owned(),
                "`secret` is deprecated: Use `password`.".to_owned()
            ),
            ("tag".to_owned(), "`tag` is deprecated: Use `tags`.".to_owned()),
            whole
        ]
    );
}

/// One of two ports is the other's.
fn ordered(range: Range) -> Result<(), String> {
    match (range.from, range.to) {
        (Value::Known(from), Value::Known(to)) if from > to => Err("It ends before it starts.".to_owned()),
        _ => Ok(()),
    }
}

#[derive(Clone, Debug, Default, PartialEq, Model)]
#[tf(validate(custom(ordered)))]
struct Range {
    #[tf(optional)]
    from: Value<i64>,
    #[tf(optional)]
    to: Value<i64>,
}

#[derive(Clone, Default, Model)]
struct Rules {
    #[tf(optional)]
    one: Value<Range>,
    #[tf(optional)]
    many: Value<Vec<Range>>,
    #[tf(optional)]
    bag: Value<Set<Range>>,
    #[tf(block, validate(size(..=2), unique()))]
    block: Vec<Range>,
    #[tf(block)]
    group: Range,
}

#[test]
fn a_check_of_a_model_holds_wherever_the_model_stands() {
    let (right, wrong) = (
        || Range {
            from: Value::Known(1),
            to: Value::Known(2),
        },
        || Range {
            from: Value::Known(3),
            to: Value::Known(2),
        },
    );
    let config = Rules {
        one: Value::Known(wrong()),
        many: Value::Known(vec![right(), wrong()]),
        bag: Value::Known(Set::from(vec![wrong()])),
        block: vec![wrong(), right()],
        group: wrong(),
    };
    let places: Vec<String> = errors(&config).into_iter().map(|(at, _)| at).collect();
    assert_eq!(places, ["bag", "many[1]", "one", "block[0]", "group"]);
    assert_eq!(
        errors(&wrong()),
        [(
            String::new(),
            "Invalid configuration: It is an object. It ends before it starts.".to_owned()
        )]
    );
    assert_eq!(errors(&right()), []);
}

#[test]
fn checks_of_a_block_are_about_all_of_its_elements() {
    let mut config = Rules {
        block: vec![Range::default(), Range::default()],
        ..Rules::default()
    };
    let found = errors(&config);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].0 == "block" && found[0].1.contains("No element can occur twice"),
        "{found:?}"
    );
    config.block.push(Range {
        from: Value::Known(1),
        ..Range::default()
    });
    assert_eq!(errors(&config).len(), 2);
}

#[derive(Clone, Default, Model)]
struct Outer {
    #[tf(optional, sensitive)]
    login: Value<Inner>,
}

#[derive(Clone, Default, Model)]
struct Inner {
    #[tf(optional, validate(length(20..)))]
    token: Value<String>,
}

#[test]
fn what_is_inside_of_something_sensitive_is_not_shown() {
    let config = Outer {
        login: Value::Known(Inner {
            token: Value::from("hunter2"),
        }),
    };
    let found = errors(&config);
    assert_eq!(found.len(), 1);
    assert!(
        found[0].1.contains("at least 20 characters") && !found[0].1.contains("hunter2"),
        "{found:?}"
    );
}

#[derive(Clone, Default, Model)]
struct Anything {
    #[tf(required)]
    any: Value<Dynamic>,
    #[tf(optional, requires(other))]
    typed: Value<Dynamic>,
    #[tf(optional)]
    other: Value<Dynamic>,
}

#[test]
fn a_null_with_its_type_is_not_set() {
    let null = || {
        Value::Known(Dynamic {
            ty: Type::String,
            value: Value::Null,
        })
    };
    let set = || {
        Value::Known(Dynamic {
            ty: Type::String,
            value: Value::string("x"),
        })
    };
    let found = errors(&Anything {
        any: null(),
        typed: set(),
        other: null(),
    });
    let places: Vec<&str> = found.iter().map(|(at, _)| at.as_str()).collect();
    assert_eq!(places, ["any", "typed"]);
    let right = Anything {
        any: set(),
        typed: null(),
        other: null(),
    };
    assert_eq!(errors(&right), []);
}
