use std::collections::BTreeMap;

use tfmodel::Value;
use tfmodel::model::Set;
use tfmodel::order;

use super::desired::Desired;
use super::model::{Binding, PolicyJson};
use super::target;
use crate::mode::Mode;
use crate::policy::{Document, decode};

/// What there is in AWS of one binding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// The role that the binding is for, whoever owns it.
    pub role: Option<ObservedRole>,
    /// The association of the binding's service account, if it is this binding's.
    pub association: Option<ObservedAssociation>,
    /// Roles that the binding was for before.
    pub former: Vec<FormerRole>,
    /// A role of the wanted name that an interrupted apply left, and that has to go before it is made.
    pub left_over: Option<ObservedRole>,
    /// The role that the binding is for, where it was the binding's own until now and still says so.
    pub released: Option<ObservedRole>,
}

/// A role that a binding was for before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerRole {
    /// The role.
    pub role: ObservedRole,
    /// Whether the binding owns it: then it stays, out of use, until the binding is deleted.
    pub owned: bool,
    /// How pods got its credentials until now; `None` where they have not for a while.
    pub mode: Option<Mode>,
}

/// A role as IAM describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ObservedRole {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Its path.
    pub path: String,
    /// Its description.
    pub description: Option<String>,
    /// ARN of its permissions boundary.
    pub permissions_boundary: Option<String>,
    /// Its longest session in seconds, if IAM said.
    pub max_session_duration: Option<i64>,
    /// Its trust policy as JSON, URL-encoded or plain.
    pub trust_policy: String,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// ARNs of its managed policies.
    pub managed_policy_arns: Vec<String>,
    /// Its inline policies as JSON, URL-encoded or plain, by name.
    pub inline_policies: BTreeMap<String, String>,
    /// Service accounts that others associated with it, as far as that was asked and may be listed.
    pub other_users: Vec<String>,
}

/// An association as EKS describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ObservedAssociation {
    /// Its id.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// ARN of its role.
    pub role_arn: String,
    /// ARN of the role that it reaches through that one.
    pub target_role_arn: Option<String>,
    /// What narrows its sessions, as JSON.
    pub session_policy: Option<String>,
    /// Whether EKS leaves out session tags.
    pub disable_session_tags: bool,
    /// What EKS sends to the target role.
    pub external_id: Option<String>,
    /// ARN of the add-on that owns it.
    pub owner_arn: Option<String>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

impl ObservedRole {
    /// The trust policy. IAM only stores documents that parse; one that does not counts as empty.
    pub fn trust(&self) -> Document {
        Document::parse(&decode(&self.trust_policy)).unwrap_or_default()
    }
}

impl Observed {
    /// What a plan takes to be there: what was last seen. Everything that can drift is in the state.
    ///
    /// `own_roles` are the binding's roles, of which the state only knows the present one, and `left_roles` those of others that may have
    /// statements of it.
    pub(super) fn last_seen(prior: &Binding, desired: &Desired, own_roles: &[String], left_roles: &[String]) -> Self {
        let known = |value: &Value<String>| value.known().cloned().unwrap_or_default();
        let name = known(&prior.role_name);
        let mut role = ObservedRole {
            arn: known(&prior.role_arn),
            trust_policy: prior
                .trust_policy
                .known()
                .map(|policy| policy.0.clone())
                .unwrap_or_default(),
            tags: texts(&prior.tags_all),
            ..ObservedRole::default()
        };
        if let Some(owned) = prior.role.known() {
            role.path = known(&owned.path);
            role.description = owned.description.known().cloned();
            role.permissions_boundary = owned.permissions_boundary.known().cloned();
            role.max_session_duration = owned.max_session_duration.known().copied();
            role.managed_policy_arns = strings(&owned.managed_policy_arns).unwrap_or_default();
            role.inline_policies = policies(&owned.inline_policies).unwrap_or_default();
            let for_targets = prior.target_permissions_policy.known().into_iter();
            role.inline_policies.extend(for_targets.flat_map(target::policies_of));
            role.tags = match &owned.tags_all {
                Value::Null => texts(&prior.tags_all).into_iter().chain(texts(&owned.tags)).collect(),
                all => texts(all),
            };
        }
        let association = prior.association_id.known().map(|id| ObservedAssociation {
            id: id.clone(),
            arn: known(&prior.association_arn),
            role_arn: role.arn.clone(),
            target_role_arn: prior.target_role_arn.known().cloned(),
            session_policy: prior.session_policy.known().map(|policy| policy.0.clone()),
            disable_session_tags: prior.disable_session_tags == Value::Known(true),
            external_id: prior.external_id.known().cloned(),
            owner_arn: prior.owner_arn.known().cloned(),
            tags: texts(&prior.tags_all),
        });
        let owned = prior.role.is_known();
        let managed = owned || prior.manage_trust_policy.known() == Some(&true);
        // A role that is gone has lost its name in the state.
        let same = name == desired.role_name;
        role.name = name;
        let (role, left) = if same {
            (Some(role), None)
        } else {
            let elsewhere = desired.owned.is_none().then(ObservedRole::default);
            (
                elsewhere,
                (managed && !role.name.is_empty()).then_some(FormerRole {
                    role,
                    owned,
                    mode: prior.mode_in_effect(),
                }),
            )
        };
        let mut former: Vec<FormerRole> = left.into_iter().collect();
        let named = |name: &String| ObservedRole {
            name: name.clone(),
            ..ObservedRole::default()
        };
        for (names, owned) in [(own_roles, true), (left_roles, false)] {
            for name in names.iter().filter(|name| **name != desired.role_name) {
                if former.iter().all(|known| known.role.name != *name) {
                    let mut role = named(name);
                    if !owned {
                        role.trust_policy = desired.for_tokens().to_json();
                    }
                    former.push(FormerRole {
                        role,
                        owned,
                        mode: None,
                    });
                }
            }
        }
        let is_own = own_roles.contains(&desired.role_name) || owned && same;
        Self {
            role,
            association,
            former,
            left_over: None,
            released: (is_own && desired.owned.is_none()).then(|| named(&desired.role_name)),
        }
    }
}

/// Known entries; one that is known only after apply stands for itself.
pub(super) fn texts(value: &Value<BTreeMap<String, Value<String>>>) -> BTreeMap<String, String> {
    let entries = value.known().into_iter().flatten();
    order::map(entries.map(|(key, value)| (key.clone(), text(value))))
}

fn text(value: &Value<String>) -> String {
    value
        .known()
        .cloned()
        .unwrap_or_else(|| "(known after apply)".to_owned())
}

pub(super) fn strings(value: &Value<Set<Value<String>>>) -> Option<Vec<String>> {
    Some(order::distinct(value.known()?.iter().map(text)))
}

pub(super) fn policies(value: &Value<BTreeMap<String, Value<PolicyJson>>>) -> Option<BTreeMap<String, String>> {
    let entries = value.known()?.iter();
    let texts = entries.map(|(name, policy)| (name.clone(), text(&policy.clone().map(|policy| policy.0))));
    Some(order::map(texts))
}
