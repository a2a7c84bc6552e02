//! The provider: its settings, and what it offers.

#[cfg(test)]
mod tests;

use tfmodel::Diagnostics;
use tfplugin::{Configure, Cx, Provider, Registry};

use crate::agent::AgentResource;
use crate::binding::{BindingList, BindingResource};
use crate::cluster::ClusterFacts;
use crate::configuration::Configuration;
use crate::functions::{
    CanAssume, ExternalId, MergeTrustPolicies, RoleName, ServiceAccountAnnotations, TargetPermissionsPolicy,
    TargetTrustPolicy, TrustPolicy, TrustPolicyFindings,
};
use crate::inventory::{BindingSource, BindingsSource};
use crate::oidc_provider::OidcProviderResource;
use crate::session::{Connect, Session};

/// Binds pods on EKS to IAM roles; `S` says how AWS is reached.
pub(crate) struct Pod<S>(pub(crate) S);

impl<S: Connect> Provider for Pod<S> {
    const ADDRESS: &'static str = "registry.terraform.io/pod-identity/pod";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    type Config = Configuration;
    type Data = Session<S::Cloud>;

    fn registry(&self) -> Registry<Self::Data> {
        Registry::new()
            .resource(BindingResource::new())
            .list_resource(BindingList::new())
            .resource(OidcProviderResource::new())
            .resource(AgentResource::new())
            .data_source(ClusterFacts::new())
            .data_source(BindingSource::new())
            .data_source(BindingsSource::new())
            .function(TrustPolicy)
            .function(TargetTrustPolicy)
            .function(TargetPermissionsPolicy)
            .function(ExternalId)
            .function(RoleName)
            .function(ServiceAccountAnnotations)
            .function(MergeTrustPolicies)
            .function(CanAssume)
            .function(TrustPolicyFindings)
    }

    fn validate(&self, config: &Configuration) -> Diagnostics {
        config.check()
    }

    async fn configure(&self, cx: &Cx<()>, request: Configure<Configuration>) -> Result<Self::Data, Diagnostics> {
        cx.report(request.config.expired_waivers());
        Session::open(&self.0, request).await
    }
}
