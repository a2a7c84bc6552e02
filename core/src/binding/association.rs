use super::model::same_policy;
use super::observed::ObservedAssociation;

/// What an association gives to pods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssociationTerms {
    /// ARN of its role.
    pub role_arn: String,
    /// ARN of the role that EKS assumes through that one.
    pub target_role_arn: Option<String>,
    /// What narrows its sessions, as JSON.
    pub session_policy: Option<String>,
    /// Whether EKS leaves out session tags.
    pub disable_session_tags: bool,
}

/// What changes of an association; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssociationChange {
    /// ARN of its role.
    pub role_arn: Option<String>,
    /// ARN of the target role; empty takes it away.
    pub target_role_arn: Option<String>,
    /// The session policy, as JSON; empty takes it away.
    pub session_policy: Option<String>,
    /// Whether EKS leaves out session tags.
    pub disable_session_tags: Option<bool>,
}

impl AssociationChange {
    /// What leads from one to the other.
    pub fn between(present: &AssociationTerms, wanted: &AssociationTerms) -> Self {
        let or_none = |text: &Option<String>| text.clone().unwrap_or_default();
        let is_same_policy = match (&present.session_policy, &wanted.session_policy) {
            (Some(present), Some(wanted)) => same_policy(present, wanted),
            (present, wanted) => present == wanted,
        };
        let session_policy = (!is_same_policy).then(|| or_none(&wanted.session_policy));
        // EKS takes a session policy only beside the word that there are no tags.
        let says_tags = session_policy.as_ref().is_some_and(|policy| !policy.is_empty())
            || present.disable_session_tags != wanted.disable_session_tags;
        Self {
            role_arn: (present.role_arn != wanted.role_arn).then(|| wanted.role_arn.clone()),
            target_role_arn: (present.target_role_arn != wanted.target_role_arn)
                .then(|| or_none(&wanted.target_role_arn)),
            session_policy,
            disable_session_tags: says_tags.then_some(wanted.disable_session_tags),
        }
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// An association as it is after the change.
    pub fn apply(&self, terms: &mut AssociationTerms) {
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        if let Some(role_arn) = &self.role_arn {
            terms.role_arn.clone_from(role_arn);
        }
        if let Some(target) = &self.target_role_arn {
            terms.target_role_arn = given(target);
        }
        if let Some(policy) = &self.session_policy {
            terms.session_policy = given(policy);
        }
        if let Some(disabled) = self.disable_session_tags {
            terms.disable_session_tags = disabled;
        }
    }

    /// What it changes, in words.
    pub(super) fn parts(&self) -> Vec<&'static str> {
        let tags = self.disable_session_tags.map(|disabled| {
            if disabled {
                "switch session tags off"
            } else {
                "switch session tags on"
            }
        });
        let way = |text: &Option<String>, set: &'static str, unset: &'static str| {
            text.as_ref().map(|text| if text.is_empty() { unset } else { set })
        };
        let parts = [
            self.role_arn.is_some().then_some("point it at another role"),
            way(
                &self.target_role_arn,
                "point it at another target role",
                "take its target role away",
            ),
            way(
                &self.session_policy,
                "write its session policy",
                "take its session policy away",
            ),
            tags,
        ];
        parts.into_iter().flatten().collect()
    }
}

impl ObservedAssociation {
    /// What it gives to pods.
    pub fn terms(&self) -> AssociationTerms {
        AssociationTerms {
            role_arn: self.role_arn.clone(),
            target_role_arn: self.target_role_arn.clone(),
            session_policy: self.session_policy.clone(),
            disable_session_tags: self.disable_session_tags,
        }
    }
}
