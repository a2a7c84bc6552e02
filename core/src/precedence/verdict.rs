use std::fmt;

use serde::Serialize;

use super::sdk::Sdk;

/// Credentials that a container can use.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Credentials {
    /// Access keys that somebody wrote down.
    StaticKeys {
        /// Where they stand.
        from: String,
    },
    /// What the shared files say.
    SharedFile {
        /// Where they stand.
        place: String,
    },
    /// A role that the SDK assumes with the token of the service account.
    Irsa {
        /// The role, if the pod shows it.
        role: Option<String>,
    },
    /// The role of the Pod Identity association.
    PodIdentity {
        /// The role whose credentials arrive, if it is known.
        role: Option<String>,
    },
    /// What another endpoint gives.
    Endpoint {
        /// Its address, if the pod shows it.
        uri: Option<String>,
    },
    /// The role that kube2iam or kiam assumes for the pod.
    NodeProxy {
        /// As the annotation names it.
        role: String,
    },
    /// The role of the node, which every pod that reaches it shares.
    NodeRole,
    /// None at all.
    Nothing,
}

/// Which credentials a container will use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// These, whatever else is true.
    Decided {
        /// The credentials.
        credentials: Credentials,
        /// What must hold for them to arrive. An SDK that has chosen does not look further on its own account.
        needs: Vec<Need>,
    },
    /// It cannot be known.
    Unknown {
        /// Why.
        because: Vec<String>,
        /// What it can be, in the order of the chains.
        candidates: Vec<Candidate>,
    },
}

/// Credentials that a container may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// The credentials.
    pub credentials: Credentials,
    /// With which SDKs.
    pub sdks: Vec<Sdk>,
    /// What must be true besides; nothing if the SDK alone decides.
    pub when: Vec<String>,
}

/// What must hold for chosen credentials to arrive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Need {
    /// What, as a sentence.
    pub what: String,
    /// Whether it does.
    pub met: Met,
    /// Who asks for it.
    pub source: &'static str,
}

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Met {
    /// It does not: there will be no credentials.
    No,
    /// Nobody can know it from what is given.
    Unknown,
    /// It does.
    Yes,
}

impl Met {
    pub(super) const fn of(known: Option<bool>) -> Self {
        match known {
            Some(true) => Self::Yes,
            Some(false) => Self::No,
            None => Self::Unknown,
        }
    }
}

impl Verdict {
    /// The credentials, if it is decided which.
    pub const fn credentials(&self) -> Option<&Credentials> {
        match self {
            Self::Decided { credentials, .. } => Some(credentials),
            Self::Unknown { .. } => None,
        }
    }

    /// Needs that do not hold.
    pub fn failures(&self) -> impl Iterator<Item = &Need> {
        let needs = match self {
            Self::Decided { needs, .. } => needs.as_slice(),
            Self::Unknown { .. } => &[],
        };
        needs.iter().filter(|need| need.met == Met::No)
    }

    /// It, in a sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::Decided { credentials, .. } => {
                let but = self.failures().next();
                let but = but.map(|need| format!(" It will not get them, for this does not hold: {}", need.what));
                format!("It uses {credentials}.{}", but.unwrap_or_default())
            }
            Self::Unknown { candidates, .. } => {
                let can_be: Vec<String> = candidates.iter().map(|one| one.credentials.to_string()).collect();
                format!("It cannot be known which it uses: {}.", can_be.join(", or "))
            }
        }
    }
}

impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StaticKeys { from } => write!(f, "the access keys from {from}"),
            Self::SharedFile { place } => write!(f, "the shared files: {place}"),
            Self::Irsa { role: Some(role) } => write!(f, "role `{role}` through IRSA"),
            Self::Irsa { role: None } => f.write_str("a role through IRSA"),
            Self::PodIdentity { role: Some(role) } => write!(f, "role `{role}` through EKS Pod Identity"),
            Self::PodIdentity { role: None } => f.write_str("the role of its EKS Pod Identity association"),
            Self::Endpoint { uri: Some(uri) } => write!(f, "what `{uri}` gives"),
            Self::Endpoint { uri: None } => f.write_str("what an endpoint gives that the pod does not show"),
            Self::NodeProxy { role } => write!(f, "role `{role}` through kube2iam or kiam"),
            Self::NodeRole => f.write_str("the role of the node"),
            Self::Nothing => f.write_str("no credentials"),
        }
    }
}
