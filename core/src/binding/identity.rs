use tfmodel::Value;
use tfmodel::model::Model;
use tfmodel::validators::parses;

use super::model::Binding;
use crate::ids::{AccountId, ClusterName, Namespace, Region, RoleName, ServiceAccount};
use crate::mode::Mode;

/// What identifies a binding, for imports without an id.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct BindingIdentity {
    /// Account of the cluster. By default it is that of the credentials.
    #[tf(optional, validate(parses::<AccountId>()))]
    pub account_id: Value<String>,
    /// Region of the cluster. By default it is the provider's.
    #[tf(optional, validate(parses::<Region>()))]
    pub region: Value<String>,
    /// Name of the EKS cluster.
    #[tf(required, validate(parses::<ClusterName>()))]
    pub cluster_name: Value<String>,
    /// Kubernetes namespace of the service account.
    #[tf(required, validate(parses::<Namespace>()))]
    pub namespace: Value<String>,
    /// Name of the Kubernetes service account.
    #[tf(required, validate(parses::<ServiceAccount>()))]
    pub service_account: Value<String>,
    /// Name of the role, in mode `irsa`, where several roles may trust one service account.
    #[tf(optional, validate(parses::<RoleName>()))]
    pub role_name: Value<String>,
}

impl BindingIdentity {
    /// The identity of a binding. The role belongs to it in mode `irsa` alone: an association is the only one of its service account.
    pub fn of(binding: &Binding) -> Self {
        Self {
            account_id: binding.account_id.clone(),
            region: binding.region.clone(),
            cluster_name: binding.cluster_name.clone(),
            namespace: binding.namespace.clone(),
            service_account: binding.service_account.clone(),
            role_name: match &binding.mode {
                Value::Known(Mode::Irsa) => binding.role_name.clone(),
                Value::Known(Mode::Dual | Mode::PodIdentity) | Value::Null => Value::Null,
                Value::Unknown(_) => Value::unknown(),
            },
        }
    }
}
