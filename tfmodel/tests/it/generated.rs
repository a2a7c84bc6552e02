//! Configurations for objects that exist, where the schema alone does not say what belongs into them.

use tfmodel::plan::generate_config;
use tfmodel::{Model, Value, validate};

/// A door: the provider makes a key out of a lock and a lock out of a key.
#[derive(Clone, Debug, Model)]
struct Door {
    /// Its lock.
    #[tf(optional, computed, conflicts_with(key))]
    lock: Value<String>,
    /// Its key.
    #[tf(optional, computed, conflicts_with(lock))]
    key: Value<String>,
    /// What it was locked with once.
    #[tf(optional, computed, deprecated = "Use `lock`.")]
    bolt: Value<String>,
    /// Its color.
    #[tf(default = "brown")]
    color: Value<String>,
}

#[test]
fn of_arguments_that_exclude_each_other_only_as_many_are_generated_as_may_be_set() {
    let state = Model::to_value(&Door {
        lock: Value::from("a"),
        key: Value::from("b"),
        bolt: Value::from("c"),
        color: Value::from("red"),
    });
    let schema = Door::schema();
    let config = generate_config(&schema, &state);
    assert!(validate::config(&schema, &config).is_empty());
    assert_eq!(config.get("bolt"), Some(&Value::Null));
    assert_eq!(config.get("color"), Some(&Value::string("red")));
    let left: Vec<_> = ["lock", "key"]
        .into_iter()
        .filter_map(|name| config.get(name)?.as_str())
        .collect();
    assert_eq!(left.len(), 1, "{left:?}");
}
