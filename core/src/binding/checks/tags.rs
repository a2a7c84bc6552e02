use std::collections::BTreeMap;

use tfmodel::order;
use tfmodel::{Diagnostic, Diagnostics, Path, Value};

use super::super::desired::is_reserved_tag;
use super::super::facts::Settings;
use super::super::model::Binding;

/// `of_role`: whether a role has them, as only IAM does not tell keys apart by case.
pub(super) fn tag_keys(
    path: &Path,
    tags: &Value<BTreeMap<String, Value<String>>>,
    of_role: bool,
    problems: &mut Diagnostics,
) {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (key, value) in tags.known().into_iter().flatten() {
        let at = path.with_key(key);
        if is_reserved_tag(key) {
            problems.push(
                Diagnostic::error(
                    "Tag key is reserved",
                    format!("`{key}` is set by AWS or by the binding itself. Choose another key."),
                )
                .at(at.clone()),
            );
        }
        if let Some(other) = seen.insert(key.to_ascii_lowercase(), key.clone()).filter(|_| of_role) {
            problems.push(differ_in_case(&other, key, at.clone()));
        }
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
        let length = value.known().map_or(0, |value| value.chars().count());
        if !(1..=128).contains(&key.chars().count()) || length > 256 {
            problems.push(
                Diagnostic::error(
                    "Tag is too long",
                    format!(
                        "The key `{key}` has {} characters and its value {length}. AWS allows 1 to 128 for a key and 256 for a value.",
                        key.chars().count()
                    ),
                )
                .at(at),
            );
        }
    }
}

fn differ_in_case(one: &str, other: &str, at: Path) -> Diagnostic {
    Diagnostic::error(
        "Tag keys differ only in case",
        format!("IAM takes `{one}` and `{other}` for the same key. Remove one of them."),
    )
    .at(at)
}

/// A tag that is set cannot be left to others as well.
pub(super) fn ignored(config: &Binding, settings: &Settings) -> Vec<Diagnostic> {
    let of_role = config.role.known().map_or(&Value::Null, |role| &role.tags);
    let ignored = &settings.ignored_tags;
    let mut found = ignored.set(&Path::attribute("tags"), &config.tags);
    found.extend(ignored.set(&Path::attribute("role").with_attribute("tags"), of_role));
    found
}

/// A role has the tags of the binding, of the provider and its own.
pub(super) fn tags_together(planned: &Binding) -> Vec<Diagnostic> {
    let Some(role) = planned.role.known() else {
        return Vec::new();
    };
    let own = planned.tags.known();
    let role = role.tags.known();
    let common = planned.tags_all.known().into_iter().flat_map(BTreeMap::keys);
    let by_case = order::map(common.map(|key| (key.to_ascii_lowercase(), key.clone())));
    let conflicts = |tags: Option<&BTreeMap<String, Value<String>>>, path: Path| -> Vec<Diagnostic> {
        let Some(tags) = tags else { return Vec::new() };
        tags.keys()
            .filter_map(|key| {
                let other = by_case.get(&key.to_ascii_lowercase())?;
                // Two keys of one map have been compared already.
                let is_elsewhere = other != key && !tags.contains_key(other);
                is_elsewhere.then(|| differ_in_case(other, key, path.with_key(key)))
            })
            .collect()
    };
    let mut found = conflicts(own, Path::attribute("tags"));
    found.extend(conflicts(role, Path::attribute("role").with_attribute("tags")));
    // The provider gives tags to roles alone as well.
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let all = planned.role.known().and_then(|role| role.tags_all.known());
    for key in all.into_iter().flat_map(BTreeMap::keys) {
        let Some(other) = seen.insert(key.to_ascii_lowercase(), key.clone()) else {
            continue;
        };
        // Those of the configuration have been compared already.
        let is_configured = |key: &String| [own, role].into_iter().flatten().any(|tags| tags.contains_key(key));
        if found.is_empty() && !(is_configured(key) && is_configured(&other)) {
            found.push(differ_in_case(&other, key, Path::attribute("role")));
        }
    }
    found
}
