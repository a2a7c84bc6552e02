use std::collections::BTreeMap;

use tfmodel::order;
use tfmodel::{Diagnostic, Diagnostics, Value};

use super::association::AssociationTerms;
use super::model::{Binding, Role};
use super::observed::{policies, strings, texts};
use crate::ids::{BindingKey, Mechanism, OWNER_TAG};
use crate::mode::Mode;
use crate::policy::{Actions, Document, Effect, PrincipalKind, Principals, Statement, Strings};

/// The value of the tag on something that was made for a binding, in whatever life of it.
pub fn owner<'a>(key: &BindingKey, tags: &'a BTreeMap<String, String>) -> Option<&'a String> {
    let value = tags.get(OWNER_TAG)?;
    let (hash, _) = value.split_once('/')?;
    (hash == key.tag_value()).then_some(value)
}

/// Whether a tag is not the user's: AWS's own, or the binding's.
pub fn is_reserved_tag(key: &str) -> bool {
    key == OWNER_TAG || key.starts_with("aws:")
}

/// What has to be in AWS for one binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desired {
    /// The binding.
    pub key: BindingKey,
    /// How pods get credentials.
    pub mode: Mode,
    /// Name of the role.
    pub role_name: String,
    /// ARN of the role.
    pub role_arn: String,
    /// What the association gives, where there is one.
    pub association: AssociationTerms,
    /// Whether to wait at the end until pods see what has changed.
    pub waits_for_effect: bool,
    /// What the role is, if the binding owns it.
    pub owned: Option<OwnedRole>,
    /// Whether the binding writes to the role's trust policy.
    pub writes_trust: bool,
    /// The binding's statements.
    pub statements: Vec<Statement>,
    /// Other statements of an owned role.
    pub other_statements: Vec<Statement>,
    /// Tags of role and association.
    pub tags: BTreeMap<String, String>,
    /// What becomes of its roles that are out of use.
    pub previous: Previous,
}

/// What becomes of a binding's roles that are out of use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Previous {
    /// They stay until the binding is deleted.
    #[default]
    Kept,
    /// They are deleted once what replaces them is in effect.
    Deleted {
        /// Whether they may hold policies that others gave them.
        force: bool,
    },
}

impl Previous {
    fn of(role: &Role) -> Self {
        if role.keep_previous == Value::Known(false) {
            Self::Deleted {
                force: role.force_delete == Value::Known(true),
            }
        } else {
            Self::Kept
        }
    }
}

/// A role that a binding owns, as it has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedRole {
    /// Its path.
    pub path: String,
    /// Its description.
    pub description: Option<String>,
    /// ARN of its permissions boundary.
    pub permissions_boundary: Option<String>,
    /// Its longest session in seconds.
    pub max_session_duration: i64,
    /// ARNs of all its managed policies; `None` leaves them to others.
    pub managed_policy_arns: Option<Vec<String>>,
    /// All its inline policies; `None` leaves them to others.
    pub inline_policies: Option<BTreeMap<String, String>>,
    /// Its tags, those of the binding included.
    pub tags: BTreeMap<String, String>,
}

impl Desired {
    /// What a plan asks for; `reserved` are tags that only its owner knows.
    ///
    /// # Errors
    /// Something is still unknown that must be known to act.
    pub fn of(planned: &Binding, reserved: &BTreeMap<String, String>) -> Result<Self, Diagnostics> {
        let trust = planned
            .trust_policy
            .known()
            .and_then(|policy| Document::parse(&policy.0).ok());
        trust
            .and_then(|trust| Self::with_trust(planned, trust, reserved))
            .ok_or_else(|| {
                Diagnostic::error(
                    "The binding is not known yet",
                    "Account, region, cluster, role or issuer are still unknown, so nothing can be done. This is a bug in the provider: please report it.",
                )
                .into()
            })
    }

    pub(super) fn with_trust(planned: &Binding, trust: Document, reserved: &BTreeMap<String, String>) -> Option<Self> {
        let key: BindingKey = planned.id.known()?.parse().ok()?;
        let common = texts(&planned.tags_all);
        let with_reserved = |tags: BTreeMap<String, String>| order::map(tags.into_iter().chain(reserved.clone()));
        let owned = planned.role.known().map(|role| OwnedRole {
            path: role.path.known().cloned().unwrap_or_else(|| "/".to_owned()),
            description: role.description.known().cloned(),
            permissions_boundary: role.permissions_boundary.known().cloned(),
            max_session_duration: role.max_session_duration.known().copied().unwrap_or(3600),
            managed_policy_arns: strings(&role.managed_policy_arns),
            inline_policies: policies(&role.inline_policies),
            tags: with_reserved(texts(&role.tags_all)),
        });
        let (statements, other_statements) = trust
            .statements
            .into_iter()
            .partition(|statement| statement.sid.as_deref().is_some_and(|sid| key.owns_sid(sid)));
        Some(Self {
            key,
            mode: *planned.mode.known()?,
            role_name: planned.role_name.known()?.clone(),
            role_arn: planned.role_arn.known()?.clone(),
            association: AssociationTerms {
                role_arn: planned.role_arn.known()?.clone(),
                target_role_arn: planned.target_role_arn.known().cloned(),
                session_policy: planned.session_policy.known().map(|policy| policy.0.clone()),
                disable_session_tags: planned.disable_session_tags == Value::Known(true),
            },
            waits_for_effect: planned.wait_for_effect != Value::Known(false),
            writes_trust: owned.is_some() || planned.manage_trust_policy == Value::Known(true),
            owned,
            statements,
            other_statements,
            tags: with_reserved(common),
            previous: planned.role.known().map(Previous::of).unwrap_or_default(),
        })
    }

    /// What a role of others was left with that may still be shown tokens; only whose statement it is counts.
    pub(super) fn for_tokens(&self) -> Document {
        Document::new(vec![Statement {
            sid: Some(self.key.sid(Mechanism::Irsa)),
            effect: Effect::Allow,
            principals: Some(Principals::one(PrincipalKind::Federated, "*")),
            actions: Some(Actions {
                except: false,
                names: Strings::from("sts:AssumeRoleWithWebIdentity"),
            }),
            resources: None,
            conditions: Vec::new(),
        }])
    }

    /// The pods, in words.
    pub(super) fn pods(&self) -> String {
        pods(&self.key)
    }
}

/// The pods of a binding, in words.
pub(super) fn pods(key: &BindingKey) -> String {
    format!("pods of `{}` in `{}`", key.service_account, key.namespace)
}
