//! From what is there to the state: every kind of drift changes an attribute, and spelling alone changes none.

use std::collections::BTreeMap;

use tfmodel::Value;
use tfmodel::model::Set;

use super::desired::is_reserved_tag;
use super::model::{Binding, PolicyJson, Role, same_policy};
use super::observed::{Observed, ObservedRole, texts};
use super::plan::ready_token;
use super::target;
use crate::ids::BindingKey;
use crate::policy::{Document, Statement, decode};

pub(super) type Texts = BTreeMap<String, Value<String>>;

/// The state of a binding, from its last state and what is there now; `None` if nothing of it is left.
pub fn read(state: &Binding, observed: &Observed) -> Option<Binding> {
    let key = state.id.known().and_then(|id| id.parse::<BindingKey>().ok());
    let owned = state.role.is_known();
    let manages = owned || state.manage_trust_policy == Value::Known(true);
    let trust = observed.role.as_ref().map(ObservedRole::trust);
    let ours = |trust: &Document| {
        key.as_ref()
            .is_some_and(|key| trust.statements.iter().any(|one| is_own(key, one)))
    };
    let left = observed.association.is_some()
        || if owned {
            observed.role.is_some()
        } else if manages {
            trust.as_ref().is_some_and(ours)
        } else {
            // With IRSA and a role of somebody else there is nothing in AWS that could be gone.
            state.mode.known().is_some_and(|mode| mode.uses_irsa())
        };
    if !left {
        return None;
    }

    let mut now = state.clone();
    if let Some(association) = &observed.association {
        now.association_id = Value::Known(association.id.clone());
        now.association_arn = Value::Known(association.arn.clone());
        if !association.role_arn.is_empty() {
            now.role_arn = Value::Known(association.role_arn.clone());
        }
        now.target_role_arn = association.target_role_arn.clone().into();
        now.session_policy = association.session_policy.clone().map(PolicyJson).into();
        if let (Value::Known(earlier), Value::Known(policy)) = (&state.session_policy, &now.session_policy)
            && same_policy(&earlier.0, &policy.0)
        {
            now.session_policy = state.session_policy.clone();
        }
        now.disable_session_tags = Value::Known(association.disable_session_tags);
        now.owner_arn = association.owner_arn.clone().into();
        let said = association.external_id.as_deref();
        if let Some(id) = said.filter(|id| state.external_id.is_known() && BindingKey::is_external_id(id)) {
            now.external_id = Value::from(id);
        }
    } else {
        now.owner_arn = Value::Null;
        now.association_id = Value::Null;
        now.association_arn = Value::Null;
    }
    if owned {
        now.role = match (&observed.role, &state.role) {
            (Some(role), Value::Known(earlier)) => Value::Known(role_now(earlier, role, &state.tags_all)),
            (Some(_) | None, _) => Value::Null,
        };
        match &observed.role {
            None => now.role_name = Value::Null,
            Some(role) => {
                let allowed = target::permissions_of(role);
                let same = match (&allowed, &state.target_permissions_policy) {
                    (Some(allowed), Value::Known(earlier)) => same_policy(&allowed.0, &earlier.0),
                    (allowed, earlier) => allowed.is_none() && earlier.is_null(),
                };
                if !same {
                    now.target_permissions_policy = allowed.into();
                }
            }
        }
    }
    if manages {
        let document = match (&key, trust) {
            (Some(key), Some(trust)) => own_part(key, &trust, owned),
            _ => Document::new(Vec::new()),
        };
        let same =
            |earlier: &&PolicyJson| Document::parse(&earlier.0).is_ok_and(|earlier| earlier.same_meaning(&document));
        if state.trust_policy.known().filter(same).is_none() {
            now.trust_policy = Value::Known(PolicyJson(document.to_json()));
        }
    }
    now.tags_all = Value::Known(tags_now(state, observed));
    let gives = |binding: &Binding| {
        (
            binding.association_id.clone(),
            binding.role_arn.clone(),
            binding.target_role_arn.clone(),
            binding.session_policy.clone(),
            binding.disable_session_tags.clone(),
        )
    };
    if gives(&now) != gives(state) {
        now.ready_token = ready_token(&now);
    }
    Some(now)
}

pub(super) fn is_own(key: &BindingKey, statement: &Statement) -> bool {
    statement.sid.as_deref().is_some_and(|sid| key.owns_sid(sid))
}

/// What a trust policy says for one binding: its statements, and in a role that it owns everything that no other binding wrote.
pub(super) fn own_part(key: &BindingKey, trust: &Document, owned: bool) -> Document {
    let statements = trust.statements.iter().filter(|statement| {
        is_own(key, statement) || owned && !statement.sid.as_deref().is_some_and(BindingKey::is_sid)
    });
    Document {
        statements: statements.cloned().collect(),
        // The version of a role that somebody else owns is theirs.
        ..if owned {
            trust.clone()
        } else {
            Document::new(Vec::new())
        }
    }
}

pub(super) fn role_now(earlier: &Role, role: &ObservedRole, common: &Value<Texts>) -> Role {
    let mut now = earlier.clone();
    now.name = Value::Known(role.name.clone());
    now.path = Value::Known(role.path.clone());
    now.description = role.description.clone().into();
    now.permissions_boundary = role.permissions_boundary.clone().into();
    if let Some(seconds) = role.max_session_duration {
        now.max_session_duration = Value::Known(seconds);
    }
    if earlier.managed_policy_arns.is_known() {
        now.managed_policy_arns = Value::Known(set(&role.managed_policy_arns));
    }
    if let Some(earlier) = earlier.inline_policies.known() {
        now.inline_policies = Value::Known(inline_now(Some(earlier), role));
    }
    // A tag of the binding that the role overrides is the role's, and one that it has by default shows in `tags_all` alone.
    let own = texts(&earlier.tags);
    let (common, before) = (texts(common), texts(&earlier.tags_all));
    let tags: Texts = role
        .tags
        .iter()
        .filter(|(key, _)| {
            own.contains_key(*key) || !is_reserved_tag(key) && !common.contains_key(*key) && !before.contains_key(*key)
        })
        .map(|(key, value)| (key.clone(), Value::Known(value.clone())))
        .collect();
    if !tags.is_empty() || earlier.tags.is_known() {
        now.tags = Value::Known(tags);
    }
    let all = users(&role.tags);
    // A state from before there was this attribute says no less: the next plan adds it.
    let is_said = earlier.tags_all.is_null() && all == common.into_iter().chain(own).collect();
    if !is_said {
        now.tags_all = Value::Known(values(all));
    }
    now
}

pub(super) fn inline_now(
    earlier: Option<&BTreeMap<String, Value<PolicyJson>>>,
    role: &ObservedRole,
) -> BTreeMap<String, Value<PolicyJson>> {
    let users = role
        .inline_policies
        .iter()
        .filter(|(name, _)| !target::is_policy_name(name));
    users
        .map(|(name, found)| {
            let found = decode(found);
            let kept = earlier
                .and_then(|earlier| earlier.get(name)?.known())
                .filter(|earlier| same_policy(&earlier.0, &found));
            let policy = kept.cloned().unwrap_or_else(|| PolicyJson(found.into_owned()));
            (name.clone(), Value::Known(policy))
        })
        .collect()
}

pub(super) fn set(texts: &[String]) -> Set<Value<String>> {
    texts.iter().cloned().map(Value::Known).collect()
}

/// The tags that role and association have in common; where one of them drifted, those of that one.
fn tags_now(state: &Binding, observed: &Observed) -> Texts {
    let earlier = texts(&state.tags_all);
    let mut role_only = state.role.known().map(|role| texts(&role.tags_all)).unwrap_or_default();
    role_only.retain(|key, value| earlier.get(key) != Some(value));
    role_only.extend(state.role.known().map(|role| texts(&role.tags)).unwrap_or_default());
    let association = observed.association.as_ref().map(|one| users(&one.tags));
    let role = observed.role.as_ref().filter(|_| state.role.is_known()).map(|role| {
        let mut tags = users(&role.tags);
        // What the role has beyond the common tags shows in `role.tags`, what it overrides is no drift.
        tags.retain(|key, _| earlier.contains_key(key) && !role_only.contains_key(key));
        tags.extend(
            earlier
                .iter()
                .filter(|(key, _)| role_only.contains_key(*key))
                .map(|(key, value)| (key.clone(), value.clone())),
        );
        tags
    });
    let drifted = [association, role].into_iter().flatten().find(|tags| *tags != earlier);
    values(drifted.unwrap_or(earlier))
}

fn users(tags: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let own = tags.iter().filter(|(key, _)| !is_reserved_tag(key));
    own.map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn values(tags: BTreeMap<String, String>) -> Texts {
    tags.into_iter()
        .map(|(key, value)| (key, Value::Known(value)))
        .collect()
}
