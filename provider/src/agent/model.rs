use std::collections::BTreeMap;

use pod_identity_core::binding::{OnExisting, is_reserved_tag};
use pod_identity_core::ids::{ClusterName, Region};
use tfmodel::equality::{Json, Meaning};
use tfmodel::timeouts::Timeout;
use tfmodel::validators::{length, no_nulls, parses};
use tfmodel::{Model, Value};

use crate::cloud::{Addon, ClusterRef, Tags};

/// What stands for no configuration where an earlier one has to go.
pub(super) const NO_CONFIGURATION: &str = "{}";

/// The EKS Pod Identity agent of a cluster: the add-on `eks-pod-identity-agent`, which hands credentials to pods on every node.
///
/// On clusters in EKS Auto Mode the agent is built in. There this resource installs nothing, removes nothing, and says so.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub(crate) struct AgentModel {
    /// Name of the EKS cluster. It need not exist yet when planning.
    #[tf(required, replace, validate(parses::<ClusterName>()))]
    pub(crate) cluster_name: Value<String>,
    /// Region of the cluster, if it is not the provider's.
    #[tf(optional, computed, replace, validate(parses::<Region>()))]
    pub(crate) region: Value<String>,
    /// Version of the add-on, such as `v1.3.10-eksbuild.1`. By default EKS chooses the one that suits the cluster when it installs it, and it
    /// stays. A change is made in place.
    #[tf(optional, computed, keep_prior, validate(length(1..=100)))]
    pub(crate) version: Value<String>,
    /// Configuration of the add-on as JSON, compared by meaning; what it may hold, `aws eks describe-addon-configuration` says. By default
    /// there is none. A change is made in place.
    #[tf(optional, meaning = Json)]
    pub(crate) configuration: Value<String>,
    /// What to do if the add-on is installed already when this resource is created: `fail`, or `adopt` to take it over.
    #[tf(default = OnExisting::Fail)]
    pub(crate) on_existing: Value<OnExisting>,
    /// What EKS does at creation where the software was installed by other means and its fields differ: `NONE` or `OVERWRITE`. By default
    /// EKS decides, which is `NONE`: it changes nothing and the creation may fail.
    #[tf(optional)]
    pub(crate) resolve_conflicts_on_create: Value<OnCreateConflict>,
    /// What EKS does at a change where somebody changed fields of the add-on in the cluster: `NONE`, `OVERWRITE`, or `PRESERVE` to keep
    /// what they wrote. By default EKS decides, which is `NONE`: it changes nothing and the change may fail.
    #[tf(optional)]
    pub(crate) resolve_conflicts_on_update: Value<OnUpdateConflict>,
    /// Whether the agent stays on the nodes when this resource is destroyed, so that pods keep their credentials and EKS no longer
    /// manages it.
    #[tf(default = false)]
    pub(crate) preserve: Value<bool>,
    /// Tags of the add-on.
    #[tf(optional, validate(no_nulls()))]
    pub(crate) tags: Value<BTreeMap<String, Value<String>>>,
    /// Tags of the add-on, with `default_tags` of the `provider` block.
    #[tf(computed)]
    pub(crate) tags_all: Value<BTreeMap<String, Value<String>>>,
    /// ARN of the add-on; null where the agent is built in.
    #[tf(computed, keep_prior)]
    pub(crate) arn: Value<String>,
    /// Whether the agent is part of the cluster (EKS Auto Mode), so that there is nothing to manage.
    #[tf(computed, keep_prior)]
    pub(crate) built_in: Value<bool>,
    /// How long operations may take.
    #[tf(block)]
    pub(crate) timeouts: Value<AgentTimeouts>,
}

/// How conflicts are resolved when an add-on is installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Model)]
pub(crate) enum OnCreateConflict {
    /// EKS changes nothing, and the installation may fail.
    #[tf(name = "NONE")]
    None,
    /// EKS writes its own values.
    #[tf(name = "OVERWRITE")]
    Overwrite,
}

/// How conflicts are resolved when an add-on is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Model)]
pub(crate) enum OnUpdateConflict {
    /// EKS changes nothing, and the change may fail.
    #[tf(name = "NONE")]
    None,
    /// EKS writes its own values.
    #[tf(name = "OVERWRITE")]
    Overwrite,
    /// EKS keeps what it finds.
    #[tf(name = "PRESERVE")]
    Preserve,
}

/// How long operations on an agent may take.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub(crate) struct AgentTimeouts {
    /// How long installation may take, such as `30m`; 20 minutes by default.
    #[tf(optional)]
    pub(crate) create: Value<Timeout>,
    /// How long a change may take, such as `30m`; 20 minutes by default.
    #[tf(optional)]
    pub(crate) update: Value<Timeout>,
    /// How long removal may take, such as `30m`; 40 minutes by default.
    #[tf(optional)]
    pub(crate) delete: Value<Timeout>,
}

impl AgentModel {
    /// The cluster, once it is known.
    pub(crate) fn at(&self) -> Option<ClusterRef> {
        Some(ClusterRef {
            region: self.region.known()?.clone(),
            name: self.cluster_name.known()?.clone(),
        })
    }

    /// Nothing is there to have a version or an ARN; what is configured has to stand as it was written.
    pub(crate) fn leave_out(&mut self, config: &Self) {
        self.version = config.version.clone();
        self.arn = Value::Null;
    }

    /// What of it was configured: a version that is not known yet was not.
    pub(crate) fn configured(&self) -> Self {
        let version = match &self.version {
            Value::Known(version) => Value::Known(version.clone()),
            Value::Null | Value::Unknown(_) => Value::Null,
        };
        Self {
            version,
            ..self.clone()
        }
    }

    pub(crate) fn wanted_tags(&self) -> Tags {
        let tags = self.tags_all.known().into_iter().flatten();
        tags.filter_map(|(key, value)| Some((key.clone(), value.known()?.clone())))
            .collect()
    }

    /// Takes in what is there now.
    pub(crate) fn seen(&mut self, found: &Addon) {
        self.version = found.version.clone().into();
        self.arn = found.arn.clone().into();
        self.built_in = Value::Known(false);
        if self.configuration.is_known() || !is_none(found.configuration.as_deref()) {
            self.configuration = found.configuration.clone().into();
        }
        let tags = found.tags.iter().filter(|(key, _)| !is_reserved_tag(key));
        self.tags_all = Value::Known(
            tags.map(|(key, value)| (key.clone(), Value::Known(value.clone())))
                .collect(),
        );
    }
}

/// Whether two configurations of an add-on mean the same; one that is absent is empty.
pub(super) fn same_configuration(one: Option<&str>, other: Option<&str>) -> bool {
    let (one, other) = (one.unwrap_or(NO_CONFIGURATION), other.unwrap_or(NO_CONFIGURATION));
    match (one.parse::<Json>(), other.parse::<Json>()) {
        (Ok(one), Ok(other)) => one.same(&other),
        _ => one == other,
    }
}

fn is_none(configuration: Option<&str>) -> bool {
    same_configuration(configuration, None)
}
