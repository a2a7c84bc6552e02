use std::fmt;
use std::str::FromStr;

use super::{AccountId, ClusterName, IdError, Namespace, Region, ServiceAccount, digest};

/// The tag by which a binding knows its own role and association.
pub const OWNER_TAG: &str = "pod-identity-binding";

/// What makes a binding the only one of its kind; written `account/region/cluster/namespace/service_account`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BindingKey {
    /// The account of the cluster.
    pub account: AccountId,
    /// The region of the cluster.
    pub region: Region,
    /// The cluster.
    pub cluster: ClusterName,
    /// The namespace of the service account.
    pub namespace: Namespace,
    /// The service account, or with IRSA a pattern.
    pub service_account: ServiceAccount,
}

/// How pods get the credentials of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mechanism {
    /// An OIDC token that the role's trust policy admits.
    Irsa,
    /// An association that an agent on the node serves.
    PodIdentity,
}

impl Mechanism {
    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Irsa => "IRSA",
            Self::PodIdentity => "EKS Pod Identity",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Irsa => "irsa",
            Self::PodIdentity => "pod_identity",
        }
    }
}

/// Digits of the hash at the end of a role's default name.
const NAME_HASH: usize = 10;

impl BindingKey {
    const SID_PREFIX: &'static str = "Pib";
    const SID_DIGITS: usize = 12;

    /// The Sid of this binding's statement in its role's trust policy.
    pub fn sid(&self, mechanism: Mechanism) -> String {
        self.sid_of(mechanism.word())
    }

    /// The Sid of the statement that takes the place of the one for EKS Pod Identity where no session tags are sent. With a Sid of its own it can
    /// stand beside that one while tags are switched.
    pub fn untagged_sid(&self) -> String {
        self.sid_of("pod_identity_untagged")
    }

    fn sid_of(&self, word: &str) -> String {
        let hash = digest(&[&self.to_string(), word], Self::SID_DIGITS);
        format!("{}{hash}", Self::SID_PREFIX)
    }

    /// Whether a statement of that Sid was written by this binding.
    pub fn owns_sid(&self, sid: &str) -> bool {
        sid == self.sid(Mechanism::Irsa) || sid == self.sid(Mechanism::PodIdentity) || sid == self.untagged_sid()
    }

    /// Whether a statement of that Sid was written by some binding.
    pub fn is_sid(sid: &str) -> bool {
        sid.strip_prefix(Self::SID_PREFIX).is_some_and(|hash| {
            hash.len() == Self::SID_DIGITS
                && hash
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
    }

    /// The name of the binding's own role where none is given: a readable head and a hash of the key.
    pub fn default_role_name(&self, prefix: &str) -> String {
        const LONGEST: usize = 64;
        let mut head: String = format!("{prefix}{}-{}-{}", self.cluster, self.namespace, self.service_account)
            .chars()
            .map(|letter| if matches!(letter, '*' | '?') { '_' } else { letter })
            .take(LONGEST - NAME_HASH - 1)
            .collect();
        while head.ends_with(['-', '.', '_']) {
            head.pop();
        }
        format!("{head}-{}", self.name_hash())
    }

    /// Whether a name is the default one, with whatever prefix.
    pub fn has_default_role_name(&self, name: &str) -> bool {
        let head = name.strip_suffix(&self.name_hash());
        head.is_some_and(|head| head.ends_with('-'))
    }

    fn name_hash(&self) -> String {
        digest(&[&self.to_string(), "role"], NAME_HASH)
    }

    /// What EKS sends to a target role as external id where it sends no session tags: `region/account/cluster/namespace/service_account`.
    ///
    /// <https://docs.aws.amazon.com/eks/latest/userguide/pod-id-assign-target-role.html>
    pub fn external_id(&self) -> String {
        format!(
            "{}/{}/{}/{}/{}",
            self.region, self.account, self.cluster, self.namespace, self.service_account
        )
    }

    /// Whether a text has the form of an external id that EKS sends.
    pub fn is_external_id(text: &str) -> bool {
        let parts: Vec<&str> = text.split('/').collect();
        parts.len() == 5 && parts.iter().all(|part| !part.is_empty())
    }

    /// A hash of the key that fits into a tag.
    pub fn tag_value(&self) -> String {
        digest(&[&self.to_string()], 26)
    }
}

impl FromStr for BindingKey {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let parts: Vec<&str> = text.split('/').collect();
        let [account, region, cluster, namespace, service_account] = parts.as_slice() else {
            return Err(IdError::BindingKey);
        };
        Ok(Self {
            account: account.parse()?,
            region: region.parse()?,
            cluster: cluster.parse()?,
            namespace: namespace.parse()?,
            service_account: service_account.parse()?,
        })
    }
}

impl fmt::Display for BindingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}/{}/{}/{}/{}",
            self.account, self.region, self.cluster, self.namespace, self.service_account
        )
    }
}
