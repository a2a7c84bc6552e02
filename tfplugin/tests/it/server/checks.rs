//! What a configuration is told, over the wire: each check and each rule, once broken and once kept.

use std::collections::BTreeMap;
use std::time::Duration;

use tfplugin::model::equality::{Cidr, Json, TimeSpan, Timestamp};
use tfplugin::model::model::Object;
use tfplugin::model::timeouts::Timeouts;
use tfplugin::model::validators::{
    at_least, at_most, between, both, custom, each, either, keys, length, length_in_bytes, matches, no_nulls,
    non_empty, none_of, none_of_ignoring_case, one_of, one_of_ignoring_case, parses, satisfies, size, unique,
};
use tfplugin::model::{Diagnostic, Diagnostics, Model, Severity, Value};
use tfplugin::{Configure, Create, Cx, Delete, Provider, Read, Registry, Resource};
use tfplugin_testing::Core;
use tfplugin_testing::core::{Action, ResourceType, State};

use super::only;

/// One attribute for each check.
#[derive(Clone, Debug, Default, Model)]
struct Checked {
    #[tf(optional, validate(one_of(["red", "green"])))]
    one_of: Value<String>,
    #[tf(optional, validate(none_of([1, 2])))]
    none_of: Value<i64>,
    #[tf(optional, validate(one_of_ignoring_case(["Red"])))]
    one_of_ignoring_case: Value<String>,
    #[tf(optional, validate(none_of_ignoring_case(["Red"])))]
    none_of_ignoring_case: Value<String>,
    #[tf(optional, validate(length(2..=3)))]
    length: Value<String>,
    #[tf(optional, validate(length_in_bytes(..3)))]
    length_in_bytes: Value<String>,
    #[tf(optional, validate(matches("It has to begin with `a`.", |text| text.starts_with('a'))))]
    matches: Value<String>,
    #[tf(optional, validate(parses::<u16>()))]
    parses: Value<String>,
    #[tf(optional, validate(at_least(3)))]
    at_least: Value<i64>,
    #[tf(optional, validate(at_most(3)))]
    at_most: Value<i64>,
    #[tf(optional, validate(between(3..=5)))]
    between: Value<f64>,
    #[tf(optional, validate(size(1..=2)))]
    size: Value<Vec<String>>,
    #[tf(optional, validate(non_empty()))]
    non_empty: Value<BTreeMap<String, String>>,
    #[tf(optional, validate(unique()))]
    unique: Value<Vec<i64>>,
    #[tf(optional, validate(no_nulls()))]
    no_nulls: Value<Vec<Value<String>>>,
    #[tf(optional, validate(keys(length(1..=1))))]
    keys: Value<BTreeMap<String, i64>>,
    #[tf(optional, validate(each(at_least(1))))]
    each: Value<Vec<i64>>,
    #[tf(optional, validate(both(at_least(1), at_most(3))))]
    both: Value<i64>,
    #[tf(optional, validate(either(at_most(1), at_least(3))))]
    either: Value<i64>,
    #[tf(optional, validate(custom(|text: String| if text == "no" { Err("It says no.".to_owned()) } else { Ok(()) })))]
    custom: Value<String>,
    #[tf(optional, validate(satisfies("It has to be even.", |number: i64| number % 2 == 0)))]
    satisfies: Value<i64>,
    #[tf(optional, meaning = Json)]
    json: Value<String>,
    #[tf(optional, meaning = TimeSpan)]
    span: Value<String>,
    #[tf(optional, meaning = Timestamp)]
    moment: Value<String>,
    #[tf(optional, meaning = Cidr)]
    network: Value<String>,
    #[tf(optional, sensitive, validate(length(8..)))]
    secret: Value<String>,
    #[tf(optional, deprecated = "Use another.")]
    old: Value<String>,
    #[tf(optional)]
    object: Value<Object<Point>>,
    #[tf(block)]
    timeouts: Timeouts,
}

/// A place.
#[derive(Clone, Debug, PartialEq, Model)]
struct Point {
    #[tf(required)]
    x: Value<i64>,
    #[tf(optional)]
    y: Value<i64>,
}

/// One attribute for each rule.
#[derive(Clone, Debug, Default, Model)]
#[tf(at_most_one_of(first, second), required_together(user, password))]
struct Ruled {
    #[tf(optional)]
    first: Value<String>,
    #[tf(optional)]
    second: Value<String>,
    #[tf(optional)]
    user: Value<String>,
    #[tf(optional)]
    password: Value<String>,
    #[tf(optional, exactly_one_of(name, id))]
    name: Value<String>,
    #[tf(optional)]
    id: Value<String>,
    #[tf(optional, at_least_one_of(here, there))]
    here: Value<bool>,
    #[tf(optional)]
    there: Value<bool>,
    #[tf(optional, requires(key))]
    lock: Value<String>,
    #[tf(optional, conflicts_with(lock))]
    key: Value<String>,
    #[tf(optional, equal_to_sum_of(left, right))]
    sum: Value<i64>,
    #[tf(optional)]
    left: Value<i64>,
    #[tf(optional)]
    right: Value<i64>,
    #[tf(block, max = 1)]
    part: Vec<Point>,
}

#[derive(Debug)]
struct Rules;

impl Provider for Rules {
    const ADDRESS: &'static str = "registry.terraform.io/example/rules";
    const VERSION: &'static str = "1.0.0";
    type Config = ();
    type Data = ();

    fn registry(&self) -> Registry<()> {
        Registry::new().resource(CheckedOnes).resource(RuledOnes)
    }

    async fn configure(&self, _: &Cx<()>, _: Configure<()>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

macro_rules! kept_in_the_state {
    ($resource:ident, $model:ident, $name:literal, $check:expr) => {
        #[derive(Debug)]
        struct $resource;

        impl Resource for $resource {
            const TYPE: &'static str = $name;
            type Data = ();
            type Model = $model;
            type Identity = ();

            async fn create(&self, _: &Cx<(), $model>, request: Create<$model>) -> Result<$model, Diagnostics> {
                let check: fn(&$model) -> Result<(), Diagnostics> = $check;
                check(&request.planned)?;
                Ok(request.planned)
            }

            async fn read(&self, _: &Cx<(), $model>, request: Read<$model>) -> Result<Option<$model>, Diagnostics> {
                Ok(Some(request.state))
            }

            async fn delete(&self, _: &Cx<(), $model>, _: Delete<$model>) -> Result<(), Diagnostics> {
                Ok(())
            }
        }
    };
}

kept_in_the_state!(CheckedOnes, Checked, "rules_checked", |made| {
    match made.timeouts.create.or_default(Duration::from_secs(1)) {
        limit if limit == Duration::from_secs(5400) || limit == Duration::from_secs(1) => Ok(()),
        limit => Err(Diagnostic::error("Another limit", format!("{limit:?}")).into()),
    }
});
kept_in_the_state!(RuledOnes, Ruled, "rules_ruled", |_| Ok(()));

async fn resource(name: &str) -> ResourceType {
    let core = Core::in_process(Rules).await.expect("schemas");
    core.configure(&core.provider_config("{}").expect("settings"))
        .await
        .expect("configured");
    core.resource(name).expect("a resource")
}

async fn validated(resource: &ResourceType, json: &str) -> Diagnostics {
    resource.validate(&resource.config(json).expect(json)).await
}

#[tokio::test]
async fn each_check_refuses_what_breaks_it() {
    let checked = resource("rules_checked").await;
    for (name, kept, broken) in [
        ("one_of", r#""red""#, r#""blue""#),
        ("none_of", "3", "2"),
        ("one_of_ignoring_case", r#""RED""#, r#""blue""#),
        ("none_of_ignoring_case", r#""blue""#, r#""RED""#),
        ("length", r#""äö""#, r#""a""#),
        ("length_in_bytes", r#""ä""#, r#""äö""#),
        ("matches", r#""abc""#, r#""bc""#),
        ("parses", r#""80""#, r#""eighty""#),
        ("at_least", "3", "2"),
        ("at_most", "3", "4"),
        ("between", "3.5", "5.5"),
        ("size", r#"["a"]"#, r#"["a", "b", "c"]"#),
        ("non_empty", r#"{"a": "b"}"#, "{}"),
        ("unique", "[1, 2]", "[1, 1]"),
        ("no_nulls", r#"["a"]"#, r#"["a", null]"#),
        ("keys", r#"{"a": 1}"#, r#"{"ab": 1}"#),
        ("each", "[1, 2]", "[1, 0]"),
        ("both", "2", "4"),
        ("either", "3", "2"),
        ("custom", r#""yes""#, r#""no""#),
        ("satisfies", "2", "3"),
        ("json", r#""[1]""#, r#""[1""#),
        ("span", r#""90m""#, r#""soon""#),
        ("moment", r#""2026-01-01T00:00:00Z""#, r#""today""#),
        ("network", r#""10.0.0.0/8""#, r#""10.0.0.0/99""#),
    ] {
        let found = validated(&checked, &format!(r#"{{"{name}": {kept}}}"#)).await;
        assert!(found.is_empty(), "{name}: {found:?}");
        let (_, place) = only(&validated(&checked, &format!(r#"{{"{name}": {broken}}}"#)).await);
        assert!(place.starts_with(name), "{name}: {place}");
    }
}

#[tokio::test]
async fn each_rule_between_attributes_refuses_what_breaks_it() {
    let ruled = resource("rules_ruled").await;
    let kept = r#""name": "n", "here": true"#;
    let fine = validated(&ruled, &format!("{{{kept}}}")).await;
    assert!(fine.is_empty(), "{fine:?}");
    for (json, named) in [
        (format!(r#"{{{kept}, "first": "a", "second": "b"}}"#), "second"),
        (format!(r#"{{{kept}, "user": "u"}}"#), "password"),
        (format!(r#"{{{kept}, "id": "i"}}"#), "name"),
        (r#"{"here": true}"#.to_owned(), "name"),
        (r#"{"name": "n"}"#.to_owned(), "there"),
        (format!(r#"{{{kept}, "lock": "l"}}"#), "key"),
        (format!(r#"{{{kept}, "lock": "l", "key": "k"}}"#), "lock"),
        (format!(r#"{{{kept}, "sum": 4, "left": 1, "right": 2}}"#), "left"),
    ] {
        let found = validated(&ruled, &json).await;
        assert_eq!(found.len(), 1, "{json}: {found:?}");
        let told = found.iter().next().expect("one");
        assert!(told.detail.contains(&format!("`{named}`")), "{json}: {told:?}");
    }
    let sum = validated(&ruled, &format!(r#"{{{kept}, "sum": 3, "left": 1, "right": 2}}"#)).await;
    assert!(sum.is_empty(), "{sum:?}");
}

#[tokio::test]
async fn a_sensitive_value_is_in_no_message() {
    let checked = resource("rules_checked").await;
    let found = validated(&checked, r#"{"secret": "hunter2"}"#).await;
    assert_eq!(only(&found).1, "secret");
    assert!(!format!("{found:?}").contains("hunter2"), "{found:?}");
}

#[tokio::test]
async fn what_is_deprecated_is_a_warning() {
    let checked = resource("rules_checked").await;
    let found = validated(&checked, r#"{"old": "x"}"#).await;
    let (told, place) = (found.iter().next().expect("a warning"), only(&found).1);
    assert_eq!((told.severity, place.as_str()), (Severity::Warning, "old"));
    assert!(told.detail.contains("Use another."), "{told:?}");
}

#[tokio::test]
async fn what_means_the_same_is_no_change() {
    let checked = resource("rules_checked").await;
    let config = |json: &str| checked.config(json).expect("config");
    let made = config(
        r#"{"json": "{\"a\": 1}", "span": "90m", "moment": "2026-01-01T00:00:00Z", "network": "2001:db8::/32"}"#,
    );
    let made = checked.converge(&State::default(), &made).await.expect("made");
    let same = config(
        r#"{"json": "{\"a\":1.0}", "span": "1h30m", "moment": "2026-01-01T01:00:00+01:00", "network": "2001:DB8::/32"}"#,
    );
    let plan = checked.plan(&made, &same).await.expect("plan");
    assert_eq!(plan.action, Action::NoOp);
    let other = config(r#"{"json": "{\"a\":2}"}"#);
    let plan = checked.plan(&made, &other).await.expect("plan");
    assert_eq!(plan.action, Action::Update);
}

#[tokio::test]
async fn a_time_limit_is_read_as_it_was_written() {
    let checked = resource("rules_checked").await;
    for json in [r#"{"timeouts": {"create": "1h30m"}}"#, "{}"] {
        let config = checked.config(json).expect("config");
        checked.converge(&State::default(), &config).await.expect(json);
    }
    let (_, place) = only(&validated(&checked, r#"{"timeouts": {"create": "soon"}}"#).await);
    assert_eq!(place, "timeouts.create");
}

#[tokio::test]
async fn an_object_type_travels_as_one_value() {
    let checked = resource("rules_checked").await;
    let config = checked.config(r#"{"object": {"x": 1, "y": null}}"#).expect("config");
    let made = checked.converge(&State::default(), &config).await.expect("made");
    assert_eq!(
        made.value.get("object"),
        Some(&Value::object([("x", Value::number(1)), ("y", Value::Null)]))
    );
}
