use std::collections::BTreeMap;

use pod_identity_core::binding::is_reserved_tag;
use pod_identity_core::ids::{ClusterName, OidcIssuer, Region};
use tfmodel::validators::{each, length, no_nulls, parses, size};
use tfmodel::{Model, Set, Value};

use crate::cloud::{OidcProvider, Tags};

/// The audience of tokens that pods get for IRSA, in every partition.
const STS: &str = "sts.amazonaws.com";

/// The IAM OIDC provider of a cluster, which IRSA rests on.
///
/// IAM has at most one provider for an issuer. If there is one already, this resource joins it: it adds its client ids, leaves those of
/// others alone, and never deletes it. One that it made it deletes once no role of the account trusts it any more. IAM checks the
/// certificates of issuers by itself, so there are no thumbprints.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub(crate) struct OidcProviderModel {
    /// Name of the EKS cluster whose issuer is meant. It need not exist yet when planning. A cluster that is made anew has another issuer, and
    /// the provider is replaced.
    #[tf(optional, exactly_one_of(cluster_name, url), validate(parses::<ClusterName>()))]
    pub(crate) cluster_name: Value<String>,
    /// Region of that cluster, if it is not the provider's.
    #[tf(optional, requires(cluster_name), validate(parses::<Region>()))]
    pub(crate) region: Value<String>,
    /// URL of the issuer, with `https://`. Set it for clusters outside EKS, or of another account; else it is that of the cluster.
    #[tf(optional, computed, meaning = OidcIssuer)]
    pub(crate) url: Value<String>,
    /// Audiences for which tokens are taken; `sts.amazonaws.com` by default, which is what pods in EKS have. Those of others are neither
    /// shown nor removed.
    #[tf(default = Set::from(vec![STS.to_owned().into()]), validate(no_nulls(), size(1..=100), each(length(1..=255))))]
    pub(crate) client_ids: Value<Set<Value<String>>>,
    /// Tags of the provider. On a provider that something else made, those of others stay.
    #[tf(optional, validate(no_nulls()))]
    pub(crate) tags: Value<BTreeMap<String, Value<String>>>,
    /// Tags of the provider, with `default_tags` of the `provider` block.
    #[tf(computed)]
    pub(crate) tags_all: Value<BTreeMap<String, Value<String>>>,
    /// ARN of the provider: what trust policies name as `Federated`.
    #[tf(computed)]
    pub(crate) arn: Value<String>,
    /// The issuer without its scheme: what condition keys start with.
    #[tf(computed)]
    pub(crate) issuer: Value<String>,
    /// Whether this resource made the provider. Only then does destroying it delete the provider.
    #[tf(computed, keep_prior)]
    pub(crate) created: Value<bool>,
}

impl OidcProviderModel {
    pub(crate) fn wanted_client_ids(&self) -> Vec<String> {
        texts(self.client_ids.known())
    }

    pub(crate) fn wanted_tags(&self) -> Tags {
        let tags = self.tags_all.known().into_iter().flatten();
        tags.filter_map(|(key, value)| Some((key.clone(), value.known()?.clone())))
            .collect()
    }

    /// Takes in what is there now. Of a provider that something else made, only what this resource put there is its business.
    pub(crate) fn seen(&mut self, found: &OidcProvider, is_created: bool, imported: bool) {
        let wanted = self.wanted_client_ids();
        let is_ours = |id: &&String| imported || wanted.contains(*id);
        let present = found.client_ids.iter().filter(is_ours);
        self.client_ids = Value::Known(present.map(|id| Value::Known(id.clone())).collect());
        let set = self.wanted_tags();
        let tags = found.tags.iter();
        self.tags_all = Value::Known(
            tags.filter(|(key, _)| !is_reserved_tag(key) && (is_created || set.contains_key(*key)))
                .map(|(key, value)| (key.clone(), Value::Known(value.clone())))
                .collect(),
        );
        self.created = Value::Known(is_created);
    }
}

fn texts<'a>(values: Option<impl IntoIterator<Item = &'a Value<String>>>) -> Vec<String> {
    values.into_iter().flatten().filter_map(Value::known).cloned().collect()
}
