//! What `Schema::check` finds in schemas that compile.

use std::collections::BTreeMap;

use tfmodel::model::Set;
use tfmodel::schema::{Schema, SiblingRule};
use tfmodel::validators::{
    at_least, custom, each, either, keys, length, non_empty, none_of, one_of, parses, satisfies, size, unique,
};
use tfmodel::{Model, Value};

#[derive(Clone, Model)]
struct Right {
    #[tf(optional, validate(length(1..), one_of(["a"]), parses::<u8>(), non_empty(), satisfies("x", |_: String| true)))]
    text: Value<String>,
    #[tf(optional, validate(at_least(1), none_of([2]), either(at_least(1), one_of([0]))))]
    number: Value<i64>,
    #[tf(optional, validate(size(1..), unique(), non_empty(), each(length(1..)), custom(|_: Vec<String>| Ok(()))))]
    list: Value<Vec<String>>,
    #[tf(optional, validate(each(each(at_least(0)))))]
    deep: Value<Set<Vec<i64>>>,
    #[tf(optional, validate(keys(length(1..)), each(one_of([true]))))]
    map: Value<BTreeMap<String, bool>>,
}

#[derive(Clone, Model)]
struct Wrong {
    #[tf(optional, validate(at_least(1)))]
    text: Value<String>,
    #[tf(optional, validate(one_of(["a"])))]
    number: Value<i64>,
    #[tf(optional, validate(each(length(1..))))]
    list: Value<Vec<i64>>,
    #[tf(optional, validate(keys(at_least(1))))]
    map: Value<BTreeMap<String, bool>>,
    #[tf(optional, validate(either(length(1..), at_least(1))))]
    both: Value<String>,
    #[tf(default = 0, validate(at_least(1)))]
    refused: Value<i64>,
}

fn problems(schema: &Schema) -> Vec<String> {
    schema.check().iter().map(ToString::to_string).collect()
}

#[test]
fn checks_of_the_right_type_are_fine() {
    assert_eq!(problems(&Right::schema()), [""; 0]);
}

#[test]
fn checks_of_another_type_and_refused_defaults_are_found() {
    let found = problems(&Wrong::schema());
    for name in ["text", "number", "list", "map", "both"] {
        assert!(
            found
                .iter()
                .any(|problem| problem.starts_with(&format!("`{name}` has a check for values of another type"))),
            "{name}: {found:#?}"
        );
    }
    assert!(
        found.contains(&"`refused` has a default that its own check refuses: It has to be at least 1.".to_owned()),
        "{found:#?}"
    );
    assert_eq!(found.len(), 6, "{found:#?}");
}

#[test]
fn a_rule_written_by_hand_about_nothing_is_found() {
    let mut schema = Right::schema();
    schema.block.attributes[0].behaviour.rules = vec![SiblingRule::Requires(vec!["text", "nothing"])];
    assert_eq!(
        problems(&schema),
        ["`deep` has a rule about `nothing`, which does not stand beside it"]
    );
}
