//! Validation of configurations.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use tfmodel::equality::Json;
use tfmodel::model::Set;
use tfmodel::schema::{Schema, Validator};
use tfmodel::validate;
use tfmodel::validators::{
    Check, Literal, advice, at_least, at_most, between, both, custom, each, either, keys, length, length_in_bytes,
    matches, no_nulls, non_empty, none_of, none_of_ignoring_case, one_of, one_of_ignoring_case, parses, satisfies,
    size, unique,
};
use tfmodel::value::Datum;
use tfmodel::{Diagnostics, Model, Number, Path, Severity, Value};

#[derive(Clone, Default, Model)]
struct Part {
    #[tf(optional, exactly_one_of(a, b))]
    a: Value<String>,
    #[tf(optional)]
    b: Value<String>,
    #[tf(optional, validate(length(3..)))]
    secret: Value<String>,
}

#[derive(Clone, Default, Model)]
struct Open {
    #[tf(optional)]
    x: Value<i64>,
}

#[derive(Clone, Default, Model)]
struct Hidden {
    #[tf(optional, write_only)]
    secret: Value<String>,
}

#[derive(Clone, Default, Model)]
struct Config {
    #[tf(required)]
    name: Value<String>,
    #[tf(computed)]
    id: Value<String>,
    #[tf(optional, requires(other, group), conflicts_with(list))]
    one: Value<String>,
    #[tf(optional)]
    other: Value<String>,
    #[tf(optional, sensitive, validate(length(8..)))]
    password: Value<String>,
    #[tf(optional)]
    parts: Value<Vec<Part>>,
    #[tf(optional)]
    bag: Value<Set<Part>>,
    #[tf(block)]
    group: Open,
    #[tf(block)]
    hidden: Vec<Hidden>,
    #[tf(block, at_least_one_of(list, parts))]
    list: Vec<Part>,
}

fn text(value: &str) -> Value<String> {
    Value::from(value)
}

/// A configuration with nothing wrong in it.
fn fine() -> Config {
    Config {
        name: text("n"),
        list: vec![part()],
        ..Config::default()
    }
}

fn part() -> Part {
    Part {
        a: text("a"),
        ..Part::default()
    }
}

fn found(config: &Config) -> Vec<(String, String)> {
    problems(&validate::config(&Config::schema(), &config.to_value()))
}

fn problems(found: &Diagnostics) -> Vec<(String, String)> {
    found
        .iter()
        .map(|problem| {
            let at = problem.path.as_ref().map(ToString::to_string).unwrap_or_default();
            (at, format!("{}: {}", problem.summary, problem.detail))
        })
        .collect()
}

fn only(config: &Config) -> (String, String) {
    let found = found(config);
    assert_eq!(found.len(), 1, "{found:#?}");
    found.into_iter().next().unwrap_or_default()
}

#[test]
fn a_right_configuration_has_no_problems() {
    assert_eq!(found(&fine()), []);
}

#[test]
fn required_attributes_are_set_and_computed_ones_are_not() {
    let mut config = fine();
    config.name = Value::Null;
    config.id = text("x");
    let found = found(&config);
    assert_eq!(
        found,
        [
            (
                "id".to_owned(),
                "`id` cannot be set: Only the provider sets it. Remove it from the configuration.".to_owned()
            ),
            (
                "name".to_owned(),
                "Missing value of `name`: It is required, and it is null here. Set it.".to_owned()
            ),
        ]
    );
}

#[test]
fn a_sensitive_value_is_not_shown() {
    let mut config = fine();
    config.password = text("secret!");
    let (at, message) = only(&config);
    assert_eq!(at, "password");
    assert!(
        message.contains("at least 8 characters") && !message.contains("secret!"),
        "{message}"
    );
}

#[test]
fn nested_attributes_and_blocks_are_checked_where_they_stand() {
    let mut config = fine();
    config.parts = Value::Known(vec![
        part(),
        Part {
            secret: text("ab"),
            ..part()
        },
    ]);
    assert_eq!(only(&config).0, "parts[1].secret");
    config.parts = Value::Null;
    config.list = vec![Part { b: text("b"), ..part() }];
    assert_eq!(only(&config).0, "list[0]");
}

#[test]
fn what_is_wrong_inside_a_set_is_told_at_the_set() {
    let mut config = fine();
    config.bag = Value::Known(Set::from(vec![Part {
        secret: text("ab"),
        ..part()
    }]));
    let (at, message) = only(&config);
    assert_eq!(at, "bag");
    assert!(message.contains("`bag.secret`"), "{message}");
}

#[test]
fn exactly_one_of_refuses_none_and_two() {
    let mut config = fine();
    config.list = vec![Part::default()];
    assert!(only(&config).1.contains("None of `a`, `b` is set"));
    config.list = vec![Part { b: text("b"), ..part() }];
    assert!(only(&config).1.contains("`a`, `b` are set"));
    config.list = vec![Part {
        b: Value::unknown(),
        ..part()
    }];
    assert_eq!(found(&config), []);
}

#[test]
fn at_least_one_of_counts_an_absent_block_as_not_set() {
    let mut config = fine();
    config.list = Vec::new();
    assert!(only(&config).1.contains("None of `list`, `parts` is set"));
    config.parts = Value::unknown();
    assert_eq!(found(&config), []);
}

#[test]
fn requires_names_what_is_missing() {
    let mut config = fine();
    config.one = text("x");
    config.other = text("y");
    config.list = Vec::new();
    config.parts = Value::Known(vec![]);
    let (at, message) = only(&config);
    assert_eq!(at, "one");
    assert!(message.contains("together with `group`."), "{message}");
    config.group.x = Value::unknown();
    assert_eq!(found(&config), []);
}

#[test]
fn conflicts_with_is_about_values_that_are_set() {
    let mut config = fine();
    config.other = text("y");
    config.group.x = Value::Known(1);
    config.one = Value::unknown();
    assert_eq!(found(&config), []);
    config.one = text("x");
    assert_eq!(only(&config).0, "one");
}

#[test]
fn write_only_values_are_refused_where_the_host_would_keep_them() {
    let mut config = fine();
    config.name = Value::Null;
    let refused = |config: &Config| problems(&validate::write_only_unsupported(&Config::schema(), &config.to_value()));
    assert_eq!(refused(&config), []);
    config.hidden = vec![Hidden {
        secret: Value::unknown(),
    }];
    let found = refused(&config);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "hidden[0].secret");
}

#[derive(Clone, Default, Model)]
struct Checked {
    #[tf(optional, validate(one_of(["a", "b"]), none_of(["b"])))]
    word: Value<String>,
    #[tf(optional, validate(one_of_ignoring_case(["On", "Off"])))]
    switch: Value<String>,
    #[tf(optional, validate(none_of_ignoring_case(["Root", "Ärger"])))]
    user: Value<String>,
    #[tf(optional, validate(length_in_bytes(..=3), matches("It has to start with `ä`.", |text| text.starts_with('ä'))))]
    short: Value<String>,
    #[tf(optional, meaning = Json)]
    document: Value<String>,
    #[tf(optional, validate(advice(at_most(7)), at_most(9)))]
    many: Value<i64>,
    #[tf(optional, validate(either(both(at_least(1), at_most(3)), one_of([0.5, f64::NAN]))))]
    part: Value<f64>,
    #[tf(optional, validate(parses::<Ipv4Addr>()))]
    address: Value<String>,
    #[tf(optional, validate(at_least(2), at_most(5), none_of([4])))]
    count: Value<i64>,
    #[tf(optional, validate(either(at_most(1), one_of([3]))))]
    odd: Value<i64>,
    #[tf(optional, validate(between(0..=10)))]
    share: Value<f64>,
    #[tf(optional, validate(non_empty(), unique(), each(length(..=3))))]
    list: Value<Vec<Value<String>>>,
    #[tf(optional, validate(size(2..4)))]
    set: Value<Set<Value<String>>>,
    #[tf(optional, validate(keys(non_empty()), no_nulls()))]
    map: Value<BTreeMap<String, Value<String>>>,
    #[tf(optional, validate(custom(no_spaces), satisfies("It has to be small.", |text: String| text.len() < 9)))]
    own: Value<String>,
}

fn no_spaces(text: String) -> Result<(), String> {
    if text.contains(' ') {
        Err("It cannot hold spaces.".to_owned())
    } else {
        Ok(())
    }
}

/// The detail of the one problem with one attribute, or nothing.
fn detail(name: &str, value: Value) -> Option<String> {
    let schema: Schema = Checked::schema();
    let found: Vec<_> = validate::config(&schema, &Value::object([(name, value)]))
        .into_iter()
        .collect();
    assert!(found.len() < 2, "{found:#?}");
    found.into_iter().next().map(|problem| {
        assert!(problem.path.is_some_and(|at| at.starts_with(&Path::attribute(name))));
        problem.detail
    })
}

fn refusal(name: &str, value: impl Literal) -> Option<String> {
    detail(name, Value::from(value.datum()))
}

fn list(texts: &[&str]) -> Datum {
    Datum::List(texts.iter().map(|text| Value::string(*text)).collect())
}

#[test]
fn checks_of_text_say_what_they_found_and_what_they_ask_for() {
    let none = None::<String>;
    assert_eq!(refusal("word", "a"), none);
    assert_eq!(
        refusal("word", "c").unwrap(),
        "It is `c`. It has to be one of `a`, `b`."
    );
    assert_eq!(refusal("word", "b").unwrap(), "It is `b`. It cannot be one of `b`.");
    assert_eq!(refusal("switch", "ON"), none);
    assert!(
        refusal("switch", "in")
            .unwrap()
            .ends_with("one of `On`, `Off`, in capitals or not.")
    );
    assert_eq!(refusal("address", "127.0.0.1"), none);
    assert_eq!(
        refusal("address", "127").unwrap(),
        "It is `127`. Invalid IPv4 address syntax."
    );
    assert_eq!(refusal("own", "short"), none);
    assert_eq!(refusal("own", "a b").unwrap(), "It is `a b`. It cannot hold spaces.");
    assert_eq!(
        refusal("own", "too_long_for_it").unwrap(),
        "It is `too_long_for_it`. It has to be small."
    );
}

#[test]
fn checks_of_text_count_characters_or_bytes_and_read_patterns_and_json() {
    assert_eq!(refusal("user", "rooted"), None);
    assert_eq!(
        refusal("user", "äRGER").unwrap(),
        "It is `äRGER`. It cannot be one of `Root`, `Ärger`, in capitals or not."
    );
    assert_eq!(refusal("short", "äx"), None);
    assert_eq!(
        refusal("short", "äö").unwrap(),
        "It is `äö`. It has to be at most 3 bytes long."
    );
    assert_eq!(refusal("short", "x").unwrap(), "It is `x`. It has to start with `ä`.");
    assert_eq!(refusal("document", "[1, {}]"), None);
    let not_json = refusal("document", "[1").unwrap();
    assert!(
        not_json.starts_with("It is `[1`. ") && not_json.ends_with("column 3."),
        "{not_json}"
    );
}

#[test]
fn advice_warns_and_does_not_refuse() {
    let schema = Checked::schema();
    let found = |many: i64| {
        let config = Value::object([("many", Value::number(many))]);
        let found = validate::config(&schema, &config).into_iter();
        found
            .map(|problem| (problem.severity, problem.detail))
            .collect::<Vec<_>>()
    };
    assert_eq!(found(7), []);
    let advised = (Severity::Warning, "It is `8`. It has to be at most 7.".to_owned());
    assert_eq!(found(8), [advised]);
    assert_eq!(found(10).len(), 2);
    assert_eq!(found(10)[1].0, Severity::Error);
}

#[test]
fn combined_checks_pass_as_their_parts_say() {
    assert_eq!((refusal("part", 2.5), refusal("part", 0.5)), (None, None));
    assert_eq!(
        refusal("part", 4).unwrap(),
        "It is `4`. It has to be at most 3. Or: It has to be one of `0.5`."
    );
    assert!(refusal("part", 0.25).is_some());
}

#[test]
fn either_check_can_warn_though_the_other_passes() {
    let root = Path::root();
    let warnings = |check: &dyn Validator, value: i64| {
        let found = check.validate(&Value::number(value), &root);
        assert!(!found.has_errors());
        found.len()
    };
    let advised = || either(advice(at_most(1)), advice(at_most(2)));
    assert_eq!(warnings(&advised(), 3), 1);
    assert_eq!(warnings(&advised().with_all_warnings(), 3), 2);
    assert_eq!(warnings(&advised().with_all_warnings(), 2), 1);
    let partly = || either(at_least(5), advice(at_least(4)));
    assert_eq!(warnings(&partly(), 3), 1);
    assert_eq!(warnings(&partly().with_all_warnings(), 3), 1);
    assert!(
        either(at_least(5), at_least(4))
            .with_all_warnings()
            .validate(&Value::number(3), &root)
            .has_errors()
    );
}

#[test]
fn nothing_is_more_or_less_than_nan() {
    let refuses = |check: Check, value: f64| {
        let value = Number::from_f64(value).map(Value::number).unwrap();
        check.validate(&value, &Path::root()).has_errors()
    };
    for value in [0.0, f64::MAX, f64::NEG_INFINITY] {
        assert!(refuses(at_least(f64::NAN), value));
        assert!(refuses(at_most(f64::NAN), value));
        assert!(refuses(between(f64::NAN..=1.0), value));
        assert!(!refuses(none_of([f64::NAN]), value));
    }
}

#[test]
fn a_slip_is_told_from_something_else() {
    let schema = Binding::schema();
    let hint = |mode: &str| {
        let found = validate::config(&schema, &Value::object([("mode", Value::string(mode))]));
        let detail = found
            .into_iter()
            .next()
            .map(|problem| problem.detail)
            .unwrap_or_default();
        detail
            .split_once("Did you mean ")
            .and_then(|(_, rest)| rest.split_once('?'))
            .map(|(name, _)| name.to_owned())
    };
    for (slip, meant) in [
        ("pod-identity", "`pod_identity`"),
        ("PodIdentity", "`pod_identity`"),
        ("pod_identty", "`pod_identity`"),
        ("IRSA", "`irsa`"),
        ("duel", "`dual`"),
    ] {
        assert_eq!(hint(slip).as_deref(), Some(meant), "{slip}");
    }
    for other in ["", "x", "both", "association"] {
        assert_eq!(hint(other), None, "{other}");
    }
}

#[derive(Clone, Copy, Debug, Model)]
enum Mode {
    Irsa,
    Dual,
    PodIdentity,
}

#[derive(Clone, Default, Model)]
struct Binding {
    #[tf(optional)]
    mode: Value<Mode>,
}

#[test]
fn checks_of_numbers_say_what_they_found_and_what_they_ask_for() {
    assert_eq!(refusal("count", 3), None);
    assert_eq!(refusal("count", 1).unwrap(), "It is `1`. It has to be at least 2.");
    assert_eq!(refusal("count", 6).unwrap(), "It is `6`. It has to be at most 5.");
    assert_eq!(refusal("count", 4).unwrap(), "It is `4`. It cannot be one of `4`.");
    assert_eq!((refusal("odd", 0), refusal("odd", 3)), (None, None));
    assert_eq!(
        refusal("odd", 2).unwrap(),
        "It is `2`. It has to be at most 1. Or: It has to be one of `3`."
    );
    assert_eq!(refusal("share", 10), None);
    assert_eq!(refusal("share", 11).unwrap(), "It is `11`. It has to be from 0 to 10.");
}

#[test]
fn checks_of_collections_say_what_they_found_and_what_they_ask_for() {
    assert_eq!(refusal("list", list(&["a", "b"])), None);
    assert_eq!(refusal("list", list(&[])).unwrap(), "It is empty. It cannot be empty.");
    assert_eq!(
        refusal("list", list(&["a", "a"])).unwrap(),
        "It has `2` elements. No element can occur twice."
    );
    assert_eq!(
        refusal("list", list(&["abcd"])).unwrap(),
        "It is `abcd`. It has to be at most 3 characters long."
    );
    let set = |elements| refusal("set", Datum::Set(elements));
    assert_eq!(set(vec![Value::string("a"), Value::string("b")]), None);
    assert_eq!(
        set(vec![Value::string("a")]).unwrap(),
        "It has `1` element. It has to have 2 to 3 elements."
    );
    let map = |key: &str, value| refusal("map", Datum::Map(BTreeMap::from([(key.to_owned(), value)])));
    assert_eq!(map("k", Value::string("v")), None);
    assert_eq!(map("", Value::string("v")).unwrap(), "It is empty. It cannot be empty.");
    assert!(
        map("k", Value::Null)
            .unwrap()
            .ends_with("None of its elements can be null.")
    );
}

#[test]
fn what_is_not_known_yet_passes() {
    let unknown = Value::unknown;
    for name in [
        "word", "switch", "address", "count", "share", "list", "set", "map", "own",
    ] {
        assert_eq!(detail(name, unknown()), None, "{name}");
    }
    assert_eq!(refusal("list", Datum::List(vec![unknown(), unknown()])), None);
    assert_eq!(refusal("set", Datum::Set(vec![unknown()])), None);
}

#[test]
fn a_check_on_the_wrong_type_is_a_bug_of_the_provider() {
    assert!(refusal("count", "text").unwrap().contains("bug in the provider"));
}
