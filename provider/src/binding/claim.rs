//! What a binding keeps in private state: which objects are its own.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub(crate) use pod_identity_core::binding::owner;
use pod_identity_core::ids::BindingKey;
use pod_identity_core::ids::OWNER_TAG;
use tfmodel::{Diagnostic, Diagnostics, Model};
use tfplugin::Cx;

use crate::cloud::{Association, Role, Tags};

const OWNER: &str = "owner";
const ASSOCIATION: &str = "association_id";
const ROLES: &str = "roles";
const LEFT: &str = "left_roles";
const UNSETTLED: &str = "unsettled_since";

/// Marks objects as a binding's own, and tells them from others of the same name.
///
/// Role and association carry a tag: a hash that says which binding they belong to, and a nonce that says in which life of it. Another
/// state that declares the same binding lacks the nonce; somebody who copies the tag to an object made in advance cannot give it the id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    owner: String,
    /// Empty while it is being made: a call that was never answered may have made it.
    association_id: Option<String>,
    /// Unique ids of the roles that the binding made or took over, by name: the present one and those before it.
    roles: BTreeMap<String, String>,
    /// Names of roles of others that may have statements of the binding and are not the one of its state.
    left: BTreeSet<String>,
    /// When something was written last that was not waited for, in milliseconds since 1970.
    unsettled: Option<u64>,
}

impl Claim {
    /// For a binding that is about to be made.
    pub(crate) fn new(key: &BindingKey) -> Result<Self, Diagnostics> {
        Ok(Self::of_owner(format!("{}/{}", key.tag_value(), random()?)))
    }

    /// For a binding whose objects exist, with the value of their tag.
    pub(crate) const fn of_owner(owner: String) -> Self {
        Self {
            owner,
            association_id: None,
            roles: BTreeMap::new(),
            left: BTreeSet::new(),
            unsettled: None,
        }
    }

    /// As an earlier call stored it.
    pub(crate) fn load<D, M: Model>(cx: &Cx<D, M>) -> Option<Self> {
        Self::stored(|key| cx.private(key))
    }

    /// That of the binding whose place a planned one takes.
    pub(crate) fn of_replaced<D, M: Model>(cx: &Cx<D, M>) -> Option<Self> {
        Self::stored(|key| cx.replaced_private(key))
    }

    fn stored(get: impl Fn(&str) -> Option<String>) -> Option<Self> {
        // A name of a role has no slash and no line break.
        let roles = get(ROLES).unwrap_or_default();
        Some(Self {
            owner: get(OWNER)?,
            association_id: get(ASSOCIATION),
            roles: roles
                .lines()
                .filter_map(|line| line.split_once('/'))
                .map(|(name, unique_id)| (name.to_owned(), unique_id.to_owned()))
                .collect(),
            left: get(LEFT).unwrap_or_default().lines().map(str::to_owned).collect(),
            unsettled: get(UNSETTLED).and_then(|since| since.parse().ok()),
        })
    }

    pub(crate) fn store<D, M: Model>(&self, cx: &Cx<D, M>) {
        for name in [ASSOCIATION, LEFT, UNSETTLED] {
            cx.remove_private(name);
        }
        for (name, value) in self.entries() {
            cx.set_private(name, value);
        }
    }

    /// What is stored, by key.
    pub(crate) fn entries(&self) -> Vec<(&'static str, String)> {
        let roles = self.roles.iter().map(|(name, unique_id)| format!("{name}/{unique_id}"));
        let roles = roles.collect::<Vec<_>>().join("\n");
        let mut entries = vec![(OWNER, self.owner.clone()), (ROLES, roles)];
        entries.extend(self.association_id.iter().map(|id| (ASSOCIATION, id.clone())));
        if !self.left.is_empty() {
            let names: Vec<&str> = self.left.iter().map(String::as_str).collect();
            entries.push((LEFT, names.join("\n")));
        }
        entries.extend(self.unsettled.map(|since| (UNSETTLED, since.to_string())));
        entries
    }

    /// The tag for what the binding makes.
    pub(crate) fn tags(&self) -> Tags {
        Tags::from([(OWNER_TAG.to_owned(), self.owner.clone())])
    }

    pub(crate) fn add_role(&mut self, name: &str, unique_id: &str) {
        self.roles.insert(name.to_owned(), unique_id.to_owned());
    }

    pub(crate) fn release_role(&mut self, name: &str) {
        self.roles.remove(name);
    }

    /// Unique id of a role of the binding.
    pub(crate) fn unique_id(&self, role: &str) -> Option<&str> {
        self.roles.get(role).map(String::as_str)
    }

    /// Roles of others that may have statements of the binding and are not the one of its state.
    pub(crate) const fn left_roles(&self) -> &BTreeSet<String> {
        &self.left
    }

    pub(crate) fn set_left_roles(&mut self, names: BTreeSet<String>) {
        self.left = names;
    }

    /// Says when something was written last that was not waited for.
    pub(crate) fn set_unsettled(&mut self, since: Option<SystemTime>) {
        let since = since.and_then(|since| since.duration_since(UNIX_EPOCH).ok());
        self.unsettled = since.and_then(|since| u64::try_from(since.as_millis()).ok());
    }

    /// For how long AWS may still answer as if the last write had not been, where it is known everywhere after `wait`.
    pub(crate) fn unsettled_for(&self, wait: Duration, now: SystemTime) -> Option<Duration> {
        let since = UNIX_EPOCH + Duration::from_millis(self.unsettled?);
        let left = match now.duration_since(since) {
            Ok(gone) => wait.saturating_sub(gone),
            // The clock was put back: nobody knows.
            Err(_) => wait,
        };
        (!left.is_zero()).then_some(left)
    }

    pub(crate) fn set_association(&mut self, id: Option<&str>) {
        self.association_id = id.map(str::to_owned);
    }

    /// To be stored before an association is made.
    pub(crate) fn expect_association(&mut self) {
        self.association_id.get_or_insert_default();
    }

    /// Whether there is or may be an association of the binding.
    pub(crate) const fn has_association(&self) -> bool {
        self.association_id.is_some()
    }

    /// Names of the binding's roles.
    pub(crate) fn roles(&self) -> Vec<String> {
        self.roles.keys().cloned().collect()
    }

    /// Names of the binding's roles other than `present`.
    pub(crate) fn former_roles(&self, present: Option<&str>) -> Vec<String> {
        let names = self.roles.keys();
        names.filter(|name| Some(name.as_str()) != present).cloned().collect()
    }

    /// A role that was deleted and made again is another one, and one that another binding took over is its.
    pub(crate) fn is_on_role(&self, role: &Role) -> bool {
        self.roles.get(&role.name) == Some(&role.unique_id) && self.may_mark(&role.tags)
    }

    pub(crate) fn is_on_association(&self, association: &Association) -> bool {
        match self.association_id.as_deref() {
            None => false,
            Some("") => self.marks(&association.tags),
            Some(id) => id == association.id && self.may_mark(&association.tags),
        }
    }

    pub(crate) fn marks(&self, tags: &Tags) -> bool {
        tags.get(OWNER_TAG) == Some(&self.owner)
    }

    /// What was imported has no tag until it is changed, and whoever takes something over writes their own.
    fn may_mark(&self, tags: &Tags) -> bool {
        tags.get(OWNER_TAG).is_none_or(|value| *value == self.owner)
    }
}

/// 32 random digits: a nonce, or the token that makes repeated calls one.
pub(crate) fn random() -> Result<String, Diagnostics> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        Diagnostic::error(
            "The operating system gives no random numbers",
            format!("They are needed to mark what this provider makes as its own: {error}. Nothing was changed."),
        )
    })?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_unsettled_until_the_wait_is_over() {
        let mut claim = Claim::of_owner("key/nonce".to_owned());
        let (then, wait) = (UNIX_EPOCH + Duration::from_secs(1_000_000), Duration::from_secs(10));
        assert_eq!(claim.unsettled_for(wait, then), None);
        claim.set_unsettled(Some(then));
        let seconds = Duration::from_secs;
        for (now, left) in [
            (then, Some(seconds(10))),
            (then + seconds(4), Some(seconds(6))),
            (then + seconds(10), None),
            (then - seconds(3600), Some(seconds(10))),
        ] {
            assert_eq!(claim.unsettled_for(wait, now), left);
        }
        assert_eq!(claim.unsettled_for(Duration::ZERO, then), None);
    }

    #[test]
    fn another_life_of_the_same_binding_is_told_apart() {
        let key: BindingKey = "111122223333/us-west-2/demo/shop/checkout".parse().unwrap();
        let (first, second) = (Claim::new(&key).unwrap(), Claim::new(&key).unwrap());
        assert!(first.marks(&first.tags()) && !second.marks(&first.tags()));
        assert_eq!(owner(&key, &first.tags()), Some(&first.owner));
        let elsewhere: BindingKey = "111122223333/eu-west-1/demo/shop/checkout".parse().unwrap();
        assert_eq!(owner(&elsewhere, &first.tags()), None);
    }
}
