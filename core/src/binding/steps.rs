use std::collections::BTreeMap;
use std::fmt;

use super::TrustEdit;
use super::association::{AssociationChange, AssociationTerms};
use crate::policy::Document;

/// Something to do, why, and what it means for pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What to do.
    pub action: Action,
    /// Why, as the end of a sentence that starts with the action.
    pub reason: String,
    /// What takes it back, if anything does.
    pub undo: Option<String>,
    /// What to restart after it, and when.
    pub restart: Option<String>,
}

/// One call to AWS, or a wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Makes a role.
    CreateRole {
        /// Its name.
        name: String,
        /// Its path.
        path: String,
        /// Its description.
        description: Option<String>,
        /// ARN of its permissions boundary.
        permissions_boundary: Option<String>,
        /// Longest session, in seconds.
        max_session_duration: i64,
        /// Its trust policy.
        trust_policy: Document,
        /// Its tags.
        tags: BTreeMap<String, String>,
    },
    /// Sets description and longest session of a role.
    UpdateRole {
        /// The role.
        name: String,
        /// Its new description.
        description: Option<String>,
        /// Its new longest session, in seconds.
        max_session_duration: i64,
    },
    /// Sets or removes the permissions boundary of a role.
    WriteBoundary {
        /// The role.
        name: String,
        /// ARN of the new boundary.
        boundary: Option<String>,
    },
    /// Sets and removes tags of a role.
    TagRole {
        /// The role.
        name: String,
        /// The tags.
        change: TagChange,
    },
    /// Edits the trust policy of a role.
    EditTrust {
        /// The role.
        name: String,
        /// What comes and goes.
        edit: TrustEdit,
    },
    /// Attaches a managed policy to a role.
    AttachPolicy {
        /// The role.
        name: String,
        /// ARN of the policy.
        arn: String,
    },
    /// Writes an inline policy of a role.
    PutInlinePolicy {
        /// The role.
        name: String,
        /// Name of the policy.
        policy: String,
        /// JSON.
        document: String,
    },
    /// Waits until what was changed is in effect everywhere.
    Wait,
    /// Associates the service account with a role.
    CreateAssociation {
        /// What it gives.
        terms: AssociationTerms,
        /// Its tags.
        tags: BTreeMap<String, String>,
    },
    /// Changes what the association gives to pods.
    UpdateAssociation {
        /// Id of the association.
        id: String,
        /// What changes.
        change: AssociationChange,
    },
    /// Sets and removes tags of the association.
    TagAssociation {
        /// ARN of the association.
        arn: String,
        /// The tags.
        change: TagChange,
    },
    /// Removes the association.
    DeleteAssociation {
        /// Id of the association.
        id: String,
    },
    /// Detaches a managed policy from a role.
    DetachPolicy {
        /// The role.
        name: String,
        /// ARN of the policy.
        arn: String,
    },
    /// Removes an inline policy of a role.
    DeleteInlinePolicy {
        /// The role.
        name: String,
        /// Name of the policy.
        policy: String,
    },
    /// Removes a role that holds no policies any more.
    DeleteRole {
        /// The role.
        name: String,
    },
}

/// Tags to set and tag keys to remove.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagChange {
    /// New values by key.
    pub set: BTreeMap<String, String>,
    /// Keys to remove.
    pub remove: Vec<String>,
}

impl TagChange {
    /// What leads from one set of tags to another; keys that `keep` names are left alone.
    pub fn between(
        present: &BTreeMap<String, String>,
        wanted: &BTreeMap<String, String>,
        keep: impl Fn(&str) -> bool,
    ) -> Self {
        Self {
            set: wanted
                .iter()
                .filter(|(key, value)| present.get(*key) != Some(value))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
            remove: present
                .keys()
                .filter(|key| !wanted.contains_key(*key) && !keep(key))
                .cloned()
                .collect(),
        }
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.remove.is_empty()
    }
}

/// What an action does to the permissions of pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It only ever gives.
    Adds,
    /// It may take away.
    Removes,
    /// It does neither.
    Neutral,
}

impl Action {
    /// What it does to the permissions of pods.
    pub const fn effect(&self) -> Effect {
        match self {
            Self::CreateRole { .. }
            | Self::AttachPolicy { .. }
            | Self::PutInlinePolicy { .. }
            | Self::CreateAssociation { .. }
            | Self::UpdateAssociation { .. } => Effect::Adds,
            Self::EditTrust { edit, .. } if edit.remove.is_empty() => Effect::Adds,
            Self::WriteBoundary { boundary: None, .. } => Effect::Adds,
            Self::EditTrust { .. }
            | Self::WriteBoundary { .. }
            | Self::DeleteAssociation { .. }
            | Self::DetachPolicy { .. }
            | Self::DeleteInlinePolicy { .. }
            | Self::DeleteRole { .. } => Effect::Removes,
            Self::UpdateRole { .. } | Self::TagRole { .. } | Self::TagAssociation { .. } | Self::Wait => {
                Effect::Neutral
            }
        }
    }
}

/// What is done, in a few words.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateRole { name, .. } => write!(f, "create role `{name}`"),
            Self::UpdateRole { name, .. } => write!(f, "update role `{name}`"),
            Self::WriteBoundary {
                name, boundary: None, ..
            } => write!(f, "remove the permissions boundary of role `{name}`"),
            Self::WriteBoundary { name, .. } => write!(f, "set the permissions boundary of role `{name}`"),
            Self::TagRole { name, change } if change.set.is_empty() => write!(f, "remove tags of role `{name}`"),
            Self::TagRole { name, .. } => write!(f, "tag role `{name}`"),
            Self::EditTrust { name, edit } => match (edit.put.is_empty(), edit.remove.is_empty()) {
                (_, true) => write!(f, "add to the trust policy of role `{name}`"),
                (true, false) => write!(f, "remove from the trust policy of role `{name}`"),
                (false, false) => write!(f, "change the trust policy of role `{name}`"),
            },
            Self::AttachPolicy { name, arn } => write!(f, "attach policy `{arn}` to role `{name}`"),
            Self::PutInlinePolicy { name, policy, .. } => write!(f, "write inline policy `{policy}` of role `{name}`"),
            Self::Wait => f.write_str("wait until this is in effect"),
            Self::CreateAssociation { .. } => f.write_str("create the Pod Identity association"),
            Self::UpdateAssociation { change, .. } => {
                write!(f, "change the Pod Identity association: {}", change.parts().join(", "))
            }
            Self::TagAssociation { .. } => f.write_str("tag the Pod Identity association"),
            Self::DeleteAssociation { .. } => f.write_str("delete the Pod Identity association"),
            Self::DetachPolicy { name, arn } => write!(f, "detach policy `{arn}` from role `{name}`"),
            Self::DeleteInlinePolicy { name, policy } => write!(f, "remove inline policy `{policy}` of role `{name}`"),
            Self::DeleteRole { name } => write!(f, "delete role `{name}`"),
        }
    }
}

/// A sentence: what is done, why, and what to restart.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let action = self.action.to_string();
        let mut letters = action.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        write!(f, "{first}{}", letters.as_str())?;
        if !self.reason.is_empty() {
            write!(f, ", {}", self.reason)?;
        }
        f.write_str(".")?;
        if let Some(restart) = &self.restart {
            write!(f, " {restart}")?;
        }
        Ok(())
    }
}
