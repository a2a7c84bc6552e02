//! What the settings say about every binding.

use std::collections::BTreeMap;

use pod_identity_core::binding::{IgnoredTags, RoleDefaults, is_reserved_tag};
use pod_identity_core::ids::{PolicyArn, RoleName, RolePath};
use tfmodel::validators::{each, keys, length, no_nulls, parses, satisfies};
use tfmodel::{Diagnostic, Model, Path, Set, Value};

use super::texts;

/// Tags for everything that is made.
#[derive(Clone, Debug, Model)]
pub(crate) struct DefaultTags {
    /// Tags by key; a resource's own tag of the same key wins.
    #[tf(
        optional,
        validate(
            no_nulls(),
            keys(length(1..=128)),
            keys(satisfies("It is set by AWS or by the binding itself.", is_free)),
            each(length(..=256))
        )
    )]
    pub(crate) tags: Value<BTreeMap<String, Value<String>>>,
}

/// Tags that others set: they are not shown, and neither changed nor removed.
#[derive(Clone, Debug, Model)]
pub(crate) struct IgnoreTags {
    /// Whole keys.
    #[tf(optional, validate(no_nulls(), each(length(1..=128))))]
    keys: Value<Set<Value<String>>>,
    /// What keys start with.
    #[tf(optional, validate(no_nulls(), each(length(1..=128))))]
    key_prefixes: Value<Set<Value<String>>>,
}

/// What the roles that bindings own are where their `role` says nothing.
#[derive(Clone, Debug, Model)]
pub(crate) struct RoleDefaultSettings {
    /// Path of new roles, such as `/pods/`. Roles that exist stay where they are, since IAM cannot move them.
    #[tf(optional, validate(parses::<RolePath>()))]
    path: Value<String>,
    /// ARN of the policy that bounds their permissions. A change reaches roles that exist as well.
    #[tf(optional, validate(parses::<PolicyArn>()))]
    permissions_boundary: Value<String>,
    /// What names of new roles start with, unless `role.name` gives one. Roles that exist keep their names, since another name is another
    /// role. Function `role_name` knows no prefix.
    #[tf(optional, validate(length(1..=32), parses::<RoleName>()))]
    name_prefix: Value<String>,
    /// Their tags; those of the binding and of its `role` win, and `default_tags` do not.
    #[tf(
        optional,
        validate(
            no_nulls(),
            keys(length(1..=128)),
            keys(satisfies("It is set by AWS or by the binding itself.", is_free)),
            each(length(..=256))
        )
    )]
    tags: Value<BTreeMap<String, Value<String>>>,
}

impl RoleDefaultSettings {
    pub(super) fn defaults(settings: &Value<Self>) -> RoleDefaults {
        match settings {
            Value::Null => RoleDefaults::default(),
            Value::Unknown(_) => RoleDefaults {
                path: Value::unknown(),
                permissions_boundary: Value::unknown(),
                name_prefix: Value::unknown(),
                tags: Value::unknown(),
            },
            Value::Known(settings) => RoleDefaults {
                path: settings.path.clone(),
                permissions_boundary: settings.permissions_boundary.clone(),
                name_prefix: settings.name_prefix.clone(),
                tags: settings.tags.clone(),
            },
        }
    }
}

impl IgnoreTags {
    pub(super) fn ignored(settings: &Value<Self>) -> IgnoredTags {
        settings
            .known()
            .map_or_else(IgnoredTags::default, |settings| IgnoredTags {
                keys: texts(settings.keys.known()),
                key_prefixes: texts(settings.key_prefixes.known()),
            })
    }
}

/// Tags of the settings that the settings leave to others at once.
pub(super) fn contradictions(
    ignored: &IgnoredTags,
    default_tags: &Value<DefaultTags>,
    role_defaults: &Value<RoleDefaultSettings>,
) -> Vec<Diagnostic> {
    let of_all = default_tags.known().map(|block| (&block.tags, "default_tags"));
    let of_roles = role_defaults.known().map(|block| (&block.tags, "role_defaults"));
    let maps = [of_all, of_roles].into_iter().flatten();
    let all = maps.flat_map(|(tags, block)| {
        let keys = tags.known().into_iter().flat_map(BTreeMap::keys);
        keys.map(move |key| (block, key))
    });
    all.filter(|(_, key)| ignored.covers(key))
        .map(|(block, key)| {
            Diagnostic::error(
                "Tag is set and ignored",
                format!(
                    "`{block}` sets `{key}`, and `ignore_tags` leaves it to others. Remove it from one of the two."
                ),
            )
            .at(Path::attribute(block).with_attribute("tags").with_key(key))
        })
        .collect()
}

#[expect(clippy::needless_pass_by_value, reason = "a validator is given the value")]
fn is_free(key: String) -> bool {
    !is_reserved_tag(&key)
}
