//! What takes an action back.

use std::collections::BTreeMap;

use super::association::AssociationChange;
use super::observed::{Observed, ObservedRole};
use super::steps::{Action, TagChange};
use crate::policy::decode;

/// What takes an action back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inverse {
    /// Nothing has to be taken back.
    Nothing,
    /// Another action.
    Action(Box<Action>),
    /// What was before is lost, or only who took the action knows it.
    Unknown,
}

impl Action {
    /// What leads back to what was there before a change.
    ///
    /// Whoever edits a trust policy or makes an association has to remember what it became: see [`Inverse::Unknown`].
    pub fn inverse(&self, before: &Observed) -> Inverse {
        let role = |name: &str| before.role.as_ref().filter(|role| role.name == *name);
        let is_left_over = |name: &str| before.left_over.as_ref().is_some_and(|role| role.name == *name);
        let action = match self {
            Self::Wait => return Inverse::Nothing,
            Self::DeleteRole { name } if is_left_over(name) => return Inverse::Nothing,
            Self::DetachPolicy { name, .. } | Self::DeleteInlinePolicy { name, .. } if is_left_over(name) => {
                return Inverse::Nothing;
            }
            Self::CreateRole { name, .. } => Some(Self::DeleteRole { name: name.clone() }),
            Self::AttachPolicy { name, arn } => Some(Self::DetachPolicy {
                name: name.clone(),
                arn: arn.clone(),
            }),
            Self::DetachPolicy { name, arn } => Some(Self::AttachPolicy {
                name: name.clone(),
                arn: arn.clone(),
            }),
            Self::PutInlinePolicy { name, policy, .. } | Self::DeleteInlinePolicy { name, policy } => {
                Some(inline_before(role(name), name, policy))
            }
            Self::UpdateRole { name, .. } => role(name).map(|role| Self::UpdateRole {
                name: name.clone(),
                description: role.description.clone(),
                max_session_duration: role.max_session_duration.unwrap_or(3600),
            }),
            Self::WriteBoundary { name, .. } => role(name).map(|role| Self::WriteBoundary {
                name: name.clone(),
                boundary: role.permissions_boundary.clone(),
            }),
            Self::TagRole { name, change } => role(name).map(|role| Self::TagRole {
                name: name.clone(),
                change: change.inverse(&role.tags),
            }),
            Self::UpdateAssociation { id, change } => {
                let present = before.association.as_ref().filter(|present| present.id == *id);
                present.map(|present| {
                    let mut after = present.terms();
                    change.apply(&mut after);
                    Self::UpdateAssociation {
                        id: id.clone(),
                        change: AssociationChange::between(&after, &present.terms()),
                    }
                })
            }
            Self::TagAssociation { arn, change } => {
                let present = before.association.as_ref().filter(|present| present.arn == *arn);
                present.map(|present| Self::TagAssociation {
                    arn: arn.clone(),
                    change: change.inverse(&present.tags),
                })
            }
            Self::EditTrust { .. }
            | Self::CreateAssociation { .. }
            | Self::DeleteAssociation { .. }
            | Self::DeleteRole { .. } => None,
        };
        action.map_or(Inverse::Unknown, |action| Inverse::Action(Box::new(action)))
    }
}

fn inline_before(role: Option<&ObservedRole>, name: &str, policy: &str) -> Action {
    let (name, policy) = (name.to_owned(), policy.to_owned());
    match role.and_then(|role| role.inline_policies.get(&policy)) {
        Some(document) => Action::PutInlinePolicy {
            name,
            policy,
            document: decode(document).into_owned(),
        },
        None => Action::DeleteInlinePolicy { name, policy },
    }
}

impl TagChange {
    /// What leads back to the tags of before.
    fn inverse(&self, before: &BTreeMap<String, String>) -> Self {
        let touched = || self.set.keys().chain(&self.remove);
        Self {
            set: touched()
                .filter_map(|key| Some((key.clone(), before.get(key)?.clone())))
                .collect(),
            remove: touched().filter(|key| !before.contains_key(*key)).cloned().collect(),
        }
    }
}
