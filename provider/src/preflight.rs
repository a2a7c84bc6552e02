//! What pods with an association need of their cluster: the agent, nodes that may use it, no Fargate.
//!
//! A look at a cluster is a bounded number of reads. Bindings share one for each cluster.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use pod_identity_core::binding::PreflightFacts;
use pod_identity_core::evaluate::{Context, permitted};
use pod_identity_core::findings;
use pod_identity_core::ids::RoleArn;
use pod_identity_core::policy::Document;
use tokio::time::Instant;

use crate::agent::ADD_ON;
use crate::cloud::{Addon, Cloud, CloudError, Cluster, ClusterRef, FargateProfile, Problem};
use crate::session::Connected;

/// What the agent on a node does with the role of the node.
const EXCHANGE: &str = "eks-auth:AssumeRoleForPodIdentity";

/// Policies of AWS that allow it: <https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html>
const SUFFICIENT: [&str; 2] = ["AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy"];

/// Roles and policies that are looked at. What is beyond is not known.
const MOST_ROLES: usize = 10;
const MOST_POLICIES: usize = 10;

/// How long it is believed that something is missing: another resource may be making it.
const BAD_NEWS: Duration = Duration::from_secs(30);

/// Where the pods of a cluster run, and whether they can get credentials there.
#[derive(Clone, Debug)]
pub(crate) struct Preflight {
    pub(crate) agent: Answer<Addon>,
    pub(crate) node_roles: Answer<Vec<NodeRole>>,
    pub(crate) fargate_profiles: Answer<Vec<FargateProfile>>,
}

/// The role of nodes of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NodeRole {
    pub(crate) arn: String,
    /// Whether the agent can use it; `None` if that is not known.
    pub(crate) is_permitted: Option<bool>,
}

/// What is known about something that may be missing or kept from us.
#[derive(Clone, Debug)]
pub(crate) enum Answer<T> {
    Found(T),
    Missing,
    /// The credentials may not call this action.
    Denied(String),
    NotSaid,
}

impl<T> Answer<T> {
    /// A refusal to answer is an answer of its own; only failures of the connection are errors.
    pub(crate) fn of(outcome: Result<T, CloudError>) -> Result<Self, CloudError> {
        match outcome {
            Ok(found) => Ok(Self::Found(found)),
            Err(error) => match error.problem() {
                Problem::NotFound => Ok(Self::Missing),
                Problem::AccessDenied => Ok(Self::Denied(error.action())),
                Problem::Conflict | Problem::NoSuchOperation | Problem::QuotaReached | Problem::Other => {
                    Ok(Self::NotSaid)
                }
                Problem::Throttled
                | Problem::Unreachable { .. }
                | Problem::NoCredentials
                | Problem::NotAssumed(_)
                | Problem::BadCredentials => Err(error),
            },
        }
    }

    pub(crate) const fn exists(&self) -> Option<bool> {
        match self {
            Self::Found(_) => Some(true),
            Self::Missing => Some(false),
            Self::Denied(_) | Self::NotSaid => None,
        }
    }

    pub(crate) const fn found(&self) -> Option<&T> {
        match self {
            Self::Found(found) => Some(found),
            Self::Missing | Self::Denied(_) | Self::NotSaid => None,
        }
    }

    fn denied(&self) -> Option<String> {
        match self {
            Self::Denied(action) => Some(action.clone()),
            Self::Found(_) | Self::Missing | Self::NotSaid => None,
        }
    }
}

impl Preflight {
    /// Looks at a cluster.
    pub(crate) async fn of<C: Cloud>(aws: &Connected<C>, at: &ClusterRef) -> Result<Self, CloudError> {
        let (agent, node_roles, fargate_profiles) = tokio::join!(
            aws.cloud.addon(at, ADD_ON),
            node_roles(aws, at),
            aws.cloud.fargate_profiles(at)
        );
        Ok(Self {
            agent: Answer::of(agent)?,
            node_roles: Answer::of(node_roles)?,
            fargate_profiles: Answer::of(fargate_profiles)?,
        })
    }

    /// What the engine is told about a cluster.
    pub(crate) fn facts(&self, cluster: &Cluster) -> PreflightFacts {
        let is_built_in = cluster.auto_mode == Some(true);
        let refused = self.node_roles.found().into_iter().flatten();
        let mut denied = Vec::new();
        if !is_built_in {
            denied.extend(self.agent.denied());
        }
        denied.extend(self.node_roles.denied());
        denied.extend(self.fargate_profiles.denied());
        PreflightFacts {
            // No role can trust an issuer that does not parse.
            issuer: cluster.oidc_issuer.as_ref().and_then(|issuer| issuer.parse().ok()),
            version: cluster.version.clone(),
            platform_version: cluster.platform_version.clone(),
            agent: if is_built_in { Some(true) } else { self.agent.exists() },
            refused_node_roles: refused
                .filter(|role| role.is_permitted == Some(false))
                .map(|role| role.arn.clone())
                .collect(),
            fargate_profiles: self.fargate_profiles.found().map(|profiles| {
                let profile = |profile: &FargateProfile| findings::FargateProfile {
                    name: profile.name.clone(),
                    selectors: profile
                        .selectors
                        .iter()
                        .map(|selector| (selector.namespace.clone(), !selector.labels.is_empty()))
                        .collect(),
                };
                profiles.iter().map(profile).collect()
            }),
            denied,
        }
    }
}

/// What this process saw.
#[derive(Default)]
pub(crate) struct Preflights(Mutex<BTreeMap<ClusterRef, (Instant, PreflightFacts)>>);

impl Preflights {
    /// Another look is taken at a cluster when it is needed next.
    pub(crate) fn forget(&self, at: &ClusterRef) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(at);
    }

    fn known(&self, at: &ClusterRef) -> Option<PreflightFacts> {
        let preflights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, facts) = preflights.get(at)?;
        let is_good = facts.agent != Some(false) && facts.refused_node_roles.is_empty();
        (is_good || since.elapsed() < BAD_NEWS).then(|| facts.clone())
    }

    fn remember(&self, at: &ClusterRef, facts: &PreflightFacts) {
        let mut preflights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        preflights.insert(at.clone(), (Instant::now(), facts.clone()));
    }
}

impl<C: Cloud> Connected<C> {
    /// What an association needs of a cluster, as this process saw it; `None` if the cluster is not there or nobody answers. However many
    /// bindings ask at once, the cluster is looked at once.
    pub(crate) async fn preflight(&self, at: &ClusterRef) -> Option<PreflightFacts> {
        let _alone = self.lock(format!("look at {}/{}", at.region, at.name)).await;
        if let Some(known) = self.preflights.known(at) {
            return Some(known);
        }
        let facts = match Answer::of(self.cluster(at).await).ok()? {
            Answer::Found(cluster) => Preflight::of(self, at).await.ok()?.facts(&cluster),
            Answer::Missing => return None,
            unsaid => PreflightFacts {
                denied: unsaid.denied().into_iter().collect(),
                ..PreflightFacts::default()
            },
        };
        self.preflights.remember(at, &facts);
        Some(facts)
    }
}

impl<C: Cloud> Connected<C> {
    /// Whether the nodes of a cluster certainly have no agent, even now: another resource may have made it since this process looked.
    pub(crate) async fn lacks_agent(&self, at: &ClusterRef) -> bool {
        let lacks = |facts: Option<PreflightFacts>| facts.is_some_and(|facts| facts.agent == Some(false));
        if !lacks(self.preflight(at).await) {
            return false;
        }
        self.preflights.forget(at);
        lacks(self.preflight(at).await)
    }
}

async fn node_roles<C: Cloud>(aws: &Connected<C>, at: &ClusterRef) -> Result<Vec<NodeRole>, CloudError> {
    let mut roles = Vec::new();
    for (index, arn) in aws.cloud.node_roles(at).await?.into_iter().enumerate() {
        let is_permitted = match arn.parse::<RoleArn>() {
            Ok(role) if index < MOST_ROLES => is_permitted(aws, role.name.as_str(), at).await?,
            Ok(_) | Err(_) => None,
        };
        roles.push(NodeRole { arn, is_permitted });
    }
    Ok(roles)
}

/// Whether the policies of a role let the agent of a cluster exchange tokens. That they do not is only said when all were read.
async fn is_permitted<C: Cloud>(aws: &Connected<C>, role: &str, at: &ClusterRef) -> Result<Option<bool>, CloudError> {
    let attached = match aws.cloud.attached_policies(role).await {
        // Without its role a node group does not work at all, which is somebody else's business.
        Err(error) if error.is_not_found() => return Ok(None),
        attached => attached?,
    };
    let is_sufficient = |arn: &String| {
        let name = arn.split_once(":iam::aws:policy/").map(|(_, name)| name);
        name.is_some_and(|name| SUFFICIENT.contains(&name))
    };
    if attached.iter().any(is_sufficient) {
        return Ok(Some(true));
    }
    let mut texts: Vec<String> = aws.cloud.inline_policies(role).await?.into_values().collect();
    let mut is_whole = attached.len() <= MOST_POLICIES;
    for arn in attached.iter().take(MOST_POLICIES) {
        match Answer::of(aws.cloud.managed_policy(arn).await)? {
            Answer::Found(text) => texts.push(text),
            Answer::Missing | Answer::Denied(_) | Answer::NotSaid => is_whole = false,
        }
    }
    let documents: Vec<Document> = texts.iter().filter_map(|text| Document::parse(text).ok()).collect();
    is_whole &= documents.len() == texts.len();
    let account = &aws.caller.account_id;
    let cluster = format!(
        "arn:{}:eks:{}:{account}:cluster/{}",
        aws.partition(),
        at.region,
        at.name
    );
    let answer = permitted(&documents, EXCHANGE, &cluster, &Context::unknown());
    Ok(answer.filter(|is_permitted| is_whole || *is_permitted))
}
