use serde::Serialize;

use super::situation::Situation;
use crate::fact::Fact;
use crate::workload::{
    Container, ContainerKind, EnvValue, EnvVar, Mount, PodSpec, ServiceAccountObject, TokenProjection, Volume,
    VolumeSource,
};

/// What EKS writes into the containers of a pod that is made now.
///
/// The rules are those of the public source of amazon-eks-pod-identity-webhook (`handler.go`); that EKS runs the same is an assumption, which
/// issue 264 there bears out. It knows nothing of Fargate: that pods there are treated alike is one, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Admission {
    /// What it can be; one thing if enough is known.
    pub possible: Vec<Injection>,
    /// Why, in sentences.
    pub because: Vec<String>,
}

/// What is written into a container.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Injection {
    /// Where the agent of EKS Pod Identity is, and a token for it.
    PodIdentity,
    /// The role of the service account, and a token for AWS STS.
    Irsa {
        /// The role, if the service account is known.
        role: Option<String>,
    },
    /// Nothing.
    Nothing,
}

pub(super) const ROLE: &str = "AWS_ROLE_ARN";
pub(super) const TOKEN_FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
pub(super) const FULL_URI: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
pub(super) const AGENT_TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
/// The audience that AWS STS and the client ids of IAM have in common.
pub(super) const STS_AUDIENCE: &str = "sts.amazonaws.com";
pub(super) const AGENT_AUDIENCE: &str = "pods.eks.amazonaws.com";
const AGENT_URI: &str = "http://169.254.170.23/v1/credentials";
const SKIP: &str = "eks.amazonaws.com/skip-containers";

/// A token that EKS mounts into containers.
struct Token {
    volume: &'static str,
    folder: &'static str,
    file: &'static str,
    audience: &'static str,
}

const IRSA_TOKEN: Token = Token {
    volume: "aws-iam-token",
    folder: "/var/run/secrets/eks.amazonaws.com/serviceaccount",
    file: "token",
    audience: STS_AUDIENCE,
};

const AGENT_TOKEN: Token = Token {
    volume: "eks-pod-identity-token",
    folder: "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount",
    file: "eks-pod-identity-token",
    audience: AGENT_AUDIENCE,
};

/// A container as it runs: with what was written into it, and the volumes that it can mount.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) container: Container,
    pub(super) volumes: Vec<Volume>,
}

impl Admission {
    pub(super) fn of(situation: &Situation) -> Self {
        let account = &situation.workload.pod.service_account;
        let mut possible = Vec::new();
        let mut because = Vec::new();
        match &situation.association {
            Fact::Known(_) => {
                because.push(format!(
                    "There is a Pod Identity association for `{account}`, which outdoes an annotation."
                ));
                return Self {
                    possible: vec![Injection::PodIdentity],
                    because,
                };
            }
            Fact::Absent => because.push(format!("There is no Pod Identity association for `{account}`.")),
            Fact::Unknown | Fact::Denied => {
                because.push(format!(
                    "Whether there is a Pod Identity association for `{account}` is not known."
                ));
                possible.push(Injection::PodIdentity);
            }
        }
        let annotation = ServiceAccountObject::ROLE_ANNOTATION;
        match &situation.service_account {
            Fact::Known(found) => match found.role() {
                Some(role) => {
                    because.push(format!("`{account}` names role `{role}` in `{annotation}`."));
                    possible.push(Injection::Irsa {
                        role: Some(role.to_owned()),
                    });
                }
                None => {
                    because.push(format!("`{account}` has no `{annotation}`."));
                    possible.push(Injection::Nothing);
                }
            },
            Fact::Absent => {
                because.push(format!("There is no service account `{account}`."));
                possible.push(Injection::Nothing);
            }
            Fact::Unknown | Fact::Denied => {
                because.push(format!(
                    "Whether `{account}` names a role in `{annotation}` is not known."
                ));
                possible.extend([Injection::Irsa { role: None }, Injection::Nothing]);
            }
        }
        Self { possible, because }
    }
}

impl Injection {
    /// What must be true for it to be this one, where it can be another.
    pub(super) fn when(&self) -> &'static str {
        match self {
            Self::PodIdentity => "there is a Pod Identity association",
            Self::Irsa { role: Some(_) } => "there is no Pod Identity association",
            Self::Irsa { role: None } => "its service account names a role, and there is no Pod Identity association",
            Self::Nothing => "there is no Pod Identity association, and its service account names no role",
        }
    }

    /// The container with this written into it.
    pub(super) fn into(&self, pod: &PodSpec, container: &Container) -> Seen {
        let mut seen = Seen::as_it_is(pod, container);
        if is_skipped(pod, container) {
            return seen;
        }
        let (token, variables) = match self {
            Self::Nothing => return seen,
            Self::PodIdentity => (
                &AGENT_TOKEN,
                [(FULL_URI, AGENT_URI.to_owned()), (AGENT_TOKEN_FILE, AGENT_TOKEN.path())],
            ),
            Self::Irsa { role } => (
                &IRSA_TOKEN,
                [
                    (ROLE, role.clone().unwrap_or_default()),
                    (TOKEN_FILE, IRSA_TOKEN.path()),
                ],
            ),
        };
        // One of the two is enough to keep both away, wherever its value comes from.
        if !variables.iter().any(|(name, _)| container.names(name)) {
            seen.container.env.extend(variables.map(|(name, value)| EnvVar {
                name: name.to_owned(),
                value: if value.is_empty() {
                    EnvValue::Other
                } else {
                    EnvValue::Text(value)
                },
            }));
        }
        if !container.mounts.iter().any(|mount| mount.volume == token.volume) {
            seen.container.mounts.push(Mount {
                volume: token.volume.to_owned(),
                path: token.folder.to_owned(),
                sub_path: None,
            });
        }
        if !seen.volumes.iter().any(|volume| volume.name == token.volume) {
            seen.volumes.push(Volume {
                name: token.volume.to_owned(),
                source: VolumeSource::Projected {
                    tokens: vec![TokenProjection {
                        audience: Some(token.audience.to_owned()),
                        path: token.file.to_owned(),
                    }],
                    references: Vec::new(),
                },
            });
        }
        seen
    }
}

impl Token {
    fn path(&self) -> String {
        format!("{}/{}", self.folder, self.file)
    }
}

impl Seen {
    pub(super) fn as_it_is(pod: &PodSpec, container: &Container) -> Self {
        Self {
            container: container.clone(),
            volumes: pod.volumes.clone(),
        }
    }
}

/// Whether nothing is written into a container because of what it is or what the pod asks for.
pub(super) fn is_skipped(pod: &PodSpec, container: &Container) -> bool {
    container.kind == ContainerKind::Ephemeral || names_to_skip(pod).any(|name| name == container.name)
}

/// The containers that the pod asks to leave alone. A space after a comma belongs to the name.
pub(super) fn names_to_skip(pod: &PodSpec) -> impl Iterator<Item = &str> {
    let names = pod.annotations.get(SKIP).into_iter().flat_map(|names| names.split(','));
    names.map(|name| {
        let quoted = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        quoted.unwrap_or(name)
    })
}

/// A pod as its author wrote it: without what bears every mark of having been written at admission.
pub(super) fn as_written(pod: &PodSpec) -> PodSpec {
    let mut written = pod.clone();
    for (token, file, other) in [
        (&IRSA_TOKEN, TOKEN_FILE, ROLE),
        (&AGENT_TOKEN, AGENT_TOKEN_FILE, FULL_URI),
    ] {
        if pod.volume(token.volume).is_none() {
            continue;
        }
        for container in &mut written.containers {
            let is_ours = container
                .variable(file)
                .text()
                .is_some_and(|path| unix_path(path) == token.path());
            if is_ours {
                container.env.retain(|entry| entry.name != file && entry.name != other);
                container.mounts.retain(|mount| mount.volume != token.volume);
            }
        }
        let in_use = |volume: &str| {
            let mut mounts = written.containers.iter().flat_map(|container| &container.mounts);
            mounts.any(|mount| mount.volume == volume)
        };
        if !in_use(token.volume) {
            written.volumes.retain(|volume| volume.name != token.volume);
        }
    }
    written
}

/// A path of Windows as mounts have it.
pub(super) fn unix_path(path: &str) -> String {
    path.strip_prefix("C:").unwrap_or(path).replace('\\', "/")
}

/// Whether an address is that of the agent of EKS Pod Identity.
pub(super) fn is_agent(uri: &str) -> bool {
    [AGENT_URI, "http://[fd00:ec2::23]/v1/credentials"].contains(&uri.trim_end_matches('/'))
}
