use std::collections::BTreeMap;

use tfmodel::{Diagnostics, Path, Value};

use super::checks::FindingSettings;
use super::defaults::{IgnoredTags, RoleDefaults, merged};
use super::derived::Derived;
use super::existing::Found;
use super::model::{Binding, parsed};
use super::observed::{ObservedAssociation, ObservedRole};
use crate::fact::Fact;
use crate::findings::{Cluster, FargateProfile};
use crate::ids::{AccountId, BindingKey, ClusterArn, ClusterName, OidcIssuer, Partition, Region, RoleArn, RoleName};
use crate::mode::Mode;

/// What the provider's configuration says about every binding.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// The region where a binding names none; `None` if it is not known yet.
    pub region: Option<Region>,
    /// Tags of every role and association.
    pub default_tags: Value<BTreeMap<String, Value<String>>>,
    /// What roles that bindings own are where nothing else is said.
    pub role_defaults: RoleDefaults,
    /// Tags that are left to others.
    pub ignored_tags: IgnoredTags,
    /// How large a trust policy may be, if not [`Settings::DEFAULT_TRUST_POLICY_QUOTA`].
    pub trust_policy_quota: Option<usize>,
    /// What is made of findings.
    pub findings: FindingSettings,
}

impl Settings {
    /// What IAM allows where nobody asked for more: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
    pub const DEFAULT_TRUST_POLICY_QUOTA: usize = 2048;

    /// All tags of something that has these of its own.
    pub fn tags_all(&self, own: &Value<BTreeMap<String, Value<String>>>) -> Value<BTreeMap<String, Value<String>>> {
        merged([&self.default_tags, own])
    }

    /// The same for something whose argument `tags` these are.
    ///
    /// # Errors
    /// One of them is left to others.
    pub fn planned_tags(
        &self,
        own: &Value<BTreeMap<String, Value<String>>>,
    ) -> Result<Value<BTreeMap<String, Value<String>>>, Diagnostics> {
        match self.ignored_tags.set(&Path::attribute("tags"), own) {
            set if set.is_empty() => Ok(self.tags_all(own)),
            set => Err(set.into_iter().collect()),
        }
    }
}

/// What is known about AWS when planning. The default knows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Who calls.
    pub caller: Fact<Caller>,
    /// The cluster.
    pub cluster: Fact<ClusterFacts>,
    /// The role, where the binding does not own it yet.
    pub role: Fact<Found<ObservedRole>>,
    /// The association of the service account, where the binding has none yet.
    pub association: Fact<Found<ObservedAssociation>>,
    /// Names of the binding's own roles, of now and of before; the state only knows the present one.
    pub own_roles: Vec<String>,
    /// Names of roles of others that the binding has left, and that may still have a statement of it.
    pub left_roles: Vec<String>,
    /// What pods with an association need of the cluster.
    pub preflight: Fact<PreflightFacts>,
}

/// Who calls AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account of the credentials.
    pub account: AccountId,
    /// Their partition.
    pub partition: Partition,
}

/// What EKS says about the cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusterFacts {
    /// Its OIDC issuer; a cluster may have none.
    pub issuer: Option<OidcIssuer>,
}

/// What pods with an association need of their cluster. What is `None` is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PreflightFacts {
    /// The cluster's OIDC issuer, by which pods may be using IRSA.
    pub issuer: Option<OidcIssuer>,
    /// Its Kubernetes version, such as `1.34`.
    pub version: Option<String>,
    /// Its platform version, such as `eks.9`.
    pub platform_version: Option<String>,
    /// Whether nodes have the agent, as an add-on or built in.
    pub agent: Option<bool>,
    /// Roles of nodes that certainly may not ask for credentials of pods.
    pub refused_node_roles: Vec<String>,
    /// Which pods run on Fargate.
    pub fargate_profiles: Option<Vec<FargateProfile>>,
    /// Actions that would have told more and that the caller may not call.
    pub denied: Vec<String>,
}

impl PreflightFacts {
    /// The cluster, as the rules look at it.
    pub fn cluster(&self, arn: ClusterArn) -> Cluster {
        Cluster {
            arn,
            issuer: self.issuer.clone(),
            fargate: self.fargate_profiles.clone(),
            association_count: None,
            agent: self.agent,
            refused_node_roles: self.refused_node_roles.clone(),
            version: self.version.clone(),
            platform_version: self.platform_version.clone(),
        }
    }
}

/// Which facts a plan needs. What is not asked for may stay unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FactRequest {
    /// [`Facts::cluster`]
    pub cluster: Option<(Region, ClusterName)>,
    /// [`Facts::role`]
    pub role: Option<RoleRequest>,
    /// [`Facts::association`] of this binding.
    pub association: Option<BindingKey>,
    /// [`Facts::preflight`]
    pub preflight: Option<(Region, ClusterName)>,
}

/// Which role to ask for. IAM finds roles by name alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleRequest {
    /// One that somebody else owns: only one of this ARN will do, and its policies do not matter.
    Given(RoleArn),
    /// Whatever has the name that the binding's own role is to have, with its policies.
    Wanted(RoleName),
}

/// Says which facts the plan of a change needs.
///
/// Names that do not parse ask for nothing: validation reports them.
pub fn facts_needed(
    prior: Option<&Binding>,
    config: &Binding,
    caller: &Fact<Caller>,
    settings: &Settings,
) -> FactRequest {
    let uses_irsa = config.mode.is_unknown() || mode_of(config).is_some_and(Mode::uses_irsa);
    let issuer_is_given = !config.oidc_issuer.is_null() || !config.oidc_provider_arn.is_null();
    let region = region_of(prior, config, settings);
    let cluster = parsed(&config.cluster_name).ok().flatten();
    let facts = Facts {
        caller: caller.clone(),
        ..Facts::default()
    };
    let derived = Derived::new(prior, config, &facts, settings).unwrap_or_default();
    let role = match config.role {
        Value::Null => parsed(&config.role_arn).ok().flatten().map(RoleRequest::Given),
        // One that the binding owns already is in its state.
        Value::Known(_) | Value::Unknown(_) => {
            let owned = prior.filter(|prior| prior.role.is_known());
            let present = owned.and_then(|prior| prior.role_name.known());
            let wanted = derived.role_name().filter(|name| present != Some(&name.to_string()));
            wanted.cloned().map(RoleRequest::Wanted)
        }
    };
    let makes_association = makes_association(prior, config);
    let cluster = region.zip(cluster);
    FactRequest {
        preflight: cluster.clone().filter(|_| makes_association),
        cluster: cluster.filter(|_| uses_irsa && !issuer_is_given),
        role,
        association: derived.key().filter(|_| makes_association).cloned(),
    }
}

/// Whether pods are to get an association that they do not have.
pub(super) fn makes_association(prior: Option<&Binding>, config: &Binding) -> bool {
    mode_of(config).is_some_and(Mode::uses_pod_identity) && prior.is_none_or(|prior| !prior.association_id.is_known())
}

/// The mode that the configuration asks for; `None` if it is not known yet.
pub(super) fn mode_of(config: &Binding) -> Option<Mode> {
    match &config.mode {
        Value::Null => Some(Mode::PodIdentity),
        Value::Unknown(_) => None,
        Value::Known(mode) => Some(*mode),
    }
}

/// Whether an association that is made so sends session tags; `None` if nobody knows yet. EKS takes no session policy beside them.
pub(crate) fn sends_tags(config: &Binding) -> Option<bool> {
    match (&config.disable_session_tags, &config.session_policy) {
        (Value::Known(disabled), _) => Some(!disabled),
        (Value::Unknown(_), _) | (Value::Null, Value::Unknown(_)) => None,
        (Value::Null, policy) => Some(policy.is_null()),
    }
}

/// The region of the cluster. Where the provider's is not known, that of an existing binding stays.
pub(super) fn region_of(prior: Option<&Binding>, config: &Binding, settings: &Settings) -> Option<Region> {
    match &config.region {
        Value::Known(region) => region.parse().ok(),
        Value::Unknown(_) => None,
        Value::Null => settings.region.clone().or_else(|| prior?.region.known()?.parse().ok()),
    }
}
