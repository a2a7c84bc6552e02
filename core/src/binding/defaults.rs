//! What the provider's settings say about the roles and tags of every binding.

use std::collections::BTreeMap;

use tfmodel::{Diagnostic, Path, Value, order};

use super::desired::is_reserved_tag;

/// What a role that a binding owns is where its configuration says nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RoleDefaults {
    /// Its path. A role that exists stays where it is.
    pub path: Value<String>,
    /// ARN of its permissions boundary.
    pub permissions_boundary: Value<String>,
    /// What its name starts with, unless it is given. A role that exists keeps its name.
    pub name_prefix: Value<String>,
    /// Its tags; those of the binding win.
    pub tags: Value<BTreeMap<String, Value<String>>>,
}

/// Tags that somebody else sets: they are not seen, and so neither drift nor removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IgnoredTags {
    /// Whole keys.
    pub keys: Vec<String>,
    /// What keys start with.
    pub key_prefixes: Vec<String>,
}

impl IgnoredTags {
    /// Whether a tag is one of them. What marks a binding's own objects never is.
    pub fn covers(&self, key: &str) -> bool {
        let starts = |prefix: &String| key.starts_with(prefix);
        !is_reserved_tag(key) && (self.keys.iter().any(|one| one == key) || self.key_prefixes.iter().any(starts))
    }

    /// Those of them that a configuration sets: they would be written, never be seen again, and so be in every plan.
    pub fn set(&self, at: &Path, tags: &Value<BTreeMap<String, Value<String>>>) -> Vec<Diagnostic> {
        let keys = tags.known().into_iter().flat_map(BTreeMap::keys);
        keys.filter(|key| self.covers(key))
            .map(|key| {
                Diagnostic::error(
                    "Tag is set and ignored",
                    format!("`ignore_tags` in the provider configuration leaves `{key}` to others. Remove the tag here, or there."),
                )
                .at(at.with_key(key))
            })
            .collect()
    }

    /// Takes them out of what was read.
    pub fn strip(&self, tags: &mut BTreeMap<String, String>) {
        tags.retain(|key, _| !self.covers(key));
    }
}

/// Tags together, the later ones winning; unknown where one of the maps is.
pub(super) fn merged<const N: usize>(
    maps: [&Value<BTreeMap<String, Value<String>>>; N],
) -> Value<BTreeMap<String, Value<String>>> {
    if maps.iter().any(|map| map.is_unknown()) {
        return Value::unknown();
    }
    let all = maps.into_iter().filter_map(Value::known).flatten();
    Value::Known(order::map(all.map(|(key, value)| (key.clone(), value.clone()))))
}
