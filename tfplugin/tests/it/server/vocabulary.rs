//! What a schema can say, over the wire: types that come back as they went, and options that a plan follows.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tfplugin::model::value::Dynamic;
use tfplugin::model::{Datum, Diagnostics, Model, Number, Set, Type, Value};
use tfplugin::{Configure, Create, Cx, Delete, Provider, Read, Registry, Resource, Update};
use tfplugin_testing::Core;
use tfplugin_testing::core::{Action, Plan, ResourceType, State};

/// Something with a name.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Leaf {
    /// Its name.
    #[tf(required)]
    name: Value<String>,
    /// How many there are.
    #[tf(default = 1)]
    count: Value<i64>,
}

/// A group of arguments.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Limits {
    /// The most.
    #[tf(optional)]
    most: Value<i64>,
}

/// An attribute or block of every kind.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Kinds {
    #[tf(optional)]
    text: Value<String>,
    #[tf(optional)]
    flag: Value<bool>,
    #[tf(optional)]
    small: Value<i32>,
    #[tf(optional)]
    whole: Value<i64>,
    #[tf(optional)]
    fraction: Value<f64>,
    #[tf(optional)]
    short: Value<f32>,
    #[tf(optional)]
    exact: Value<Number>,
    #[tf(optional)]
    any: Value<Dynamic>,
    #[tf(optional)]
    list: Value<Vec<Value<String>>>,
    #[tf(optional)]
    set: Value<Set<i64>>,
    #[tf(optional)]
    map: Value<BTreeMap<String, bool>>,
    #[tf(optional)]
    lists: Value<Vec<Vec<i64>>>,
    #[tf(optional)]
    one: Value<Leaf>,
    #[tf(optional)]
    many: Value<Vec<Leaf>>,
    #[tf(optional)]
    several: Value<Set<Leaf>>,
    #[tf(optional)]
    by_name: Value<BTreeMap<String, Leaf>>,
    #[tf(block)]
    single_block: Option<Leaf>,
    #[tf(block)]
    group_block: Limits,
    #[tf(block, max = 3)]
    list_block: Vec<Leaf>,
    #[tf(block)]
    set_block: Set<Leaf>,
    #[tf(block)]
    map_block: BTreeMap<String, Leaf>,
}

/// A part of something.
#[derive(Clone, Debug, PartialEq, Model)]
struct Part {
    /// Its name.
    #[tf(required)]
    name: Value<String>,
    /// What it is called by others.
    #[tf(computed, keep_prior_non_null)]
    address: Value<String>,
}

/// An attribute for each way to plan.
#[derive(Clone, Debug, PartialEq, Model)]
struct Ways {
    #[tf(optional)]
    note: Value<String>,
    #[tf(optional, replace)]
    key: Value<String>,
    #[tf(optional, computed, keep_prior, replace_if_configured)]
    zone: Value<String>,
    #[tf(optional, replace_when = shrinks)]
    size: Value<i64>,
    #[tf(default = "plain")]
    text: Value<String>,
    #[tf(default = true)]
    flag: Value<bool>,
    #[tf(default = 7)]
    whole: Value<i64>,
    #[tf(default = 0.5)]
    fraction: Value<f64>,
    #[tf(default = vec!["a".to_owned()])]
    list: Value<Vec<String>>,
    #[tf(default = Limits { most: Value::Known(3) })]
    limits: Value<Limits>,
    #[tf(optional)]
    parts: Value<Vec<Part>>,
    #[tf(computed, keep_prior)]
    id: Value<String>,
    #[tf(computed)]
    revision: Value<i64>,
}

fn shrinks(prior: &Value, planned: &Value) -> bool {
    let number = |value: &Value| match value {
        Value::Known(Datum::Number(number)) => number.to_i64(),
        _ => None,
    };
    number(planned) < number(prior)
}

#[derive(Clone, Debug, Default)]
struct Words {
    seen: Arc<Mutex<Option<Kinds>>>,
}

impl Provider for Words {
    const ADDRESS: &'static str = "registry.terraform.io/example/words";
    const VERSION: &'static str = "1.0.0";
    type Config = ();
    type Data = ();

    fn registry(&self) -> Registry<()> {
        Registry::new()
            .resource(KindsOf(Arc::clone(&self.seen)))
            .resource(WaysOf)
    }

    async fn configure(&self, _: &Cx<()>, _: Configure<()>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

#[derive(Debug)]
struct KindsOf(Arc<Mutex<Option<Kinds>>>);

impl Resource for KindsOf {
    const TYPE: &'static str = "words_kinds";
    type Data = ();
    type Model = Kinds;
    type Identity = ();

    async fn create(&self, _: &Cx<(), Kinds>, request: Create<Kinds>) -> Result<Kinds, Diagnostics> {
        *self.0.lock().expect("seen") = Some(request.planned.clone());
        Ok(request.planned)
    }

    async fn read(&self, _: &Cx<(), Kinds>, request: Read<Kinds>) -> Result<Option<Kinds>, Diagnostics> {
        Ok(Some(request.state))
    }

    async fn delete(&self, _: &Cx<(), Kinds>, _: Delete<Kinds>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

#[derive(Debug)]
struct WaysOf;

impl WaysOf {
    fn settle(mut ways: Ways, revision: i64) -> Ways {
        ways.id = known_or(ways.id, "id-1");
        ways.zone = known_or(ways.zone, "a");
        ways.revision = Value::Known(revision);
        ways.parts = ways.parts.map(|parts| {
            let settle = |part: Part| Part {
                address: known_or(part.address, "one.example"),
                ..part
            };
            parts.into_iter().map(settle).collect()
        });
        ways
    }
}

fn known_or(planned: Value<String>, found: &str) -> Value<String> {
    if planned.is_unknown() {
        Value::from(found)
    } else {
        planned
    }
}

impl Resource for WaysOf {
    const TYPE: &'static str = "words_ways";
    type Data = ();
    type Model = Ways;
    type Identity = ();

    async fn create(&self, _: &Cx<(), Ways>, request: Create<Ways>) -> Result<Ways, Diagnostics> {
        Ok(Self::settle(request.planned, 1))
    }

    async fn read(&self, _: &Cx<(), Ways>, request: Read<Ways>) -> Result<Option<Ways>, Diagnostics> {
        Ok(Some(request.state))
    }

    async fn update(&self, _: &Cx<(), Ways>, request: Update<Ways>) -> Result<Ways, Diagnostics> {
        let revision = request.prior.revision.known().map_or(1, |revision| revision + 1);
        Ok(Self::settle(request.planned, revision))
    }

    async fn delete(&self, _: &Cx<(), Ways>, _: Delete<Ways>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

async fn ways() -> ResourceType {
    let core = Core::in_process(Words::default()).await.expect("schemas");
    core.configure(&core.provider_config("{}").expect("settings"))
        .await
        .expect("configured");
    core.resource("words_ways").expect("a resource")
}

async fn converged(ways: &ResourceType, json: &str) -> State {
    let config = ways.config(json).expect("config");
    ways.converge(&State::default(), &config).await.expect("made")
}

async fn planned(ways: &ResourceType, from: &State, json: &str) -> Plan {
    ways.plan(from, &ways.config(json).expect("config"))
        .await
        .expect("plan")
}

#[tokio::test]
async fn a_value_of_every_kind_arrives_and_comes_back() {
    let words = Words::default();
    let seen = Arc::clone(&words.seen);
    let core = Core::in_process(words).await.expect("schemas");
    core.configure(&core.provider_config("{}").expect("settings"))
        .await
        .expect("configured");
    let kinds = core.resource("words_kinds").expect("a resource");
    let config = kinds.config(
        r#"{
            "text": "ä", "flag": false, "small": -7, "whole": 9007199254740993, "fraction": 0.25, "short": 0.1,
            "exact": 123456789012345678901234567890.5,
            "any": {"type": "string", "value": "free"},
            "list": ["x", null], "set": [2, 1], "map": {"k": true}, "lists": [[1], []],
            "one": {"name": "one"},
            "many": [{"name": "first"}, {"name": "second", "count": 2}],
            "several": [{"name": "third"}],
            "by_name": {"k": {"name": "fourth"}},
            "single_block": {"name": "fifth"},
            "group_block": {"most": 9},
            "list_block": [{"name": "sixth"}],
            "set_block": [{"name": "seventh"}, {"name": "eighth", "count": 8}],
            "map_block": {"k": {"name": "ninth"}}
        }"#,
    );
    let config = config.expect("config");
    let made = kinds.converge(&State::default(), &config).await.expect("made");
    kinds.destroy(&made).await.expect("destroyed");

    let leaf = |name: &str, count| Leaf {
        name: Value::from(name),
        count: Value::Known(count),
    };
    let expected = Kinds {
        text: Value::from("ä"),
        flag: Value::Known(false),
        small: Value::Known(-7),
        whole: Value::Known(9_007_199_254_740_993),
        fraction: Value::Known(0.25),
        short: Value::Known(0.1),
        exact: Value::Known("123456789012345678901234567890.5".parse().expect("a number")),
        any: Value::Known(Dynamic {
            ty: Type::String,
            value: Value::string("free"),
        }),
        list: Value::Known(vec![Value::from("x"), Value::Null]),
        set: Value::Known(Set::from(vec![1, 2])),
        map: Value::Known(BTreeMap::from([("k".to_owned(), true)])),
        lists: Value::Known(vec![vec![1], vec![]]),
        one: Value::Known(leaf("one", 1)),
        many: Value::Known(vec![leaf("first", 1), leaf("second", 2)]),
        several: Value::Known(Set::from(vec![leaf("third", 1)])),
        by_name: Value::Known(BTreeMap::from([("k".to_owned(), leaf("fourth", 1))])),
        single_block: Some(leaf("fifth", 1)),
        group_block: Limits { most: Value::Known(9) },
        list_block: vec![leaf("sixth", 1)],
        set_block: Set::from(vec![leaf("seventh", 1), leaf("eighth", 8)]),
        map_block: BTreeMap::from([("k".to_owned(), leaf("ninth", 1))]),
    };
    assert_eq!(seen.lock().expect("seen").as_ref(), Some(&expected));
}

#[tokio::test]
async fn null_of_every_kind_arrives_and_comes_back() {
    let words = Words::default();
    let seen = Arc::clone(&words.seen);
    let core = Core::in_process(words).await.expect("schemas");
    core.configure(&core.provider_config("{}").expect("settings"))
        .await
        .expect("configured");
    let kinds = core.resource("words_kinds").expect("a resource");
    let config = kinds.config("{}").expect("config");
    kinds.converge(&State::default(), &config).await.expect("made");
    assert_eq!(seen.lock().expect("seen").as_ref(), Some(&Kinds::default()));
}

#[tokio::test]
async fn a_default_of_every_type_stands_in_for_what_is_left_out() {
    let ways = ways().await;
    let plan = planned(&ways, &State::default(), "{}").await;
    for (name, value) in [
        ("text", Value::string("plain")),
        ("flag", Value::Known(Datum::Bool(true))),
        ("whole", Value::number(7)),
        ("fraction", Value::number(Number::from_f64(0.5).expect("a number"))),
        ("list", Value::Known(Datum::List(vec![Value::string("a")]))),
        ("limits", Value::object([("most", Value::number(3))])),
    ] {
        assert_eq!(plan.planned.value.get(name), Some(&value), "{name}");
    }
    let plan = planned(&ways, &State::default(), r#"{"text": "", "limits": {}}"#).await;
    assert_eq!(plan.planned.value.get("text"), Some(&Value::string("")));
    assert_eq!(
        plan.planned.value.get("limits"),
        Some(&Value::object([("most", Value::Null)]))
    );
}

#[tokio::test]
async fn prior_values_are_kept_where_the_options_say_so() {
    let ways = ways().await;
    let made = converged(&ways, r#"{"parts": [{"name": "one"}]}"#).await;
    let plan = planned(
        &ways,
        &made,
        r#"{"note": "n", "parts": [{"name": "one"}, {"name": "two"}]}"#,
    )
    .await;
    assert_eq!(plan.action, Action::Update);
    let planned = &plan.planned.value;
    assert_eq!(planned.get("id"), Some(&Value::string("id-1")));
    assert_eq!(planned.get("zone"), Some(&Value::string("a")));
    assert!(planned.get("revision").is_some_and(Value::is_unknown));
    let addresses: Vec<bool> = planned
        .get("parts")
        .expect("parts")
        .children()
        .into_iter()
        .map(|part| part.get("address").expect("an address").is_unknown())
        .collect();
    assert_eq!(
        addresses,
        [false, true],
        "an old part keeps its address, a new one has none yet"
    );
}

#[tokio::test]
async fn a_change_replaces_where_the_options_say_so() {
    let ways = ways().await;
    let made = converged(&ways, r#"{"key": "k", "size": 3}"#).await;
    for (json, action, because) in [
        (r#"{"key": "k", "size": 3}"#, Action::NoOp, None),
        (r#"{"key": "other", "size": 3}"#, Action::Replace, Some("key")),
        (r#"{"size": 3}"#, Action::Replace, Some("key")),
        (r#"{"key": "k", "size": 3, "zone": "b"}"#, Action::Replace, Some("zone")),
        (r#"{"key": "k", "size": 3, "zone": "a"}"#, Action::NoOp, None),
        (r#"{"key": "k", "size": 2}"#, Action::Replace, Some("size")),
        (r#"{"key": "k", "size": 4}"#, Action::Update, None),
    ] {
        let plan = planned(&ways, &made, json).await;
        assert_eq!(plan.action, action, "{json}");
        let paths: Vec<String> = plan.requires_replace.iter().map(ToString::to_string).collect();
        assert_eq!(paths, Vec::from_iter(because), "{json}");
    }
}
