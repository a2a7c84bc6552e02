//! What a pod asks for, as STS sees it.
//!
//! A [`Pod`] knows who it is as far as anybody told; [`Pod::ask`] makes of it the request that EKS or the pod's SDK sends to STS. What is in
//! such a request is a table, [`ROWS`], each row with its source; a key without a row is unknown.

mod ask;
mod page;
mod question;
mod rows;

use std::collections::BTreeMap;

pub use ask::Ask;
pub use page::page;
pub use question::{Chain, Entrance, Link, Permissions, may_assume, may_assume_target, may_reach, who_may};
pub(crate) use rows::SESSION_TAGS;
pub use rows::{Carries, Hop, Part, ROWS, Row, Source, WithTags};

use crate::ids::{
    AccountId, BindingKey, ClusterArn, ClusterName, Mechanism, Namespace, OidcIssuer, OidcProviderArn, Partition,
    Region, RoleArn, ServiceAccount,
};

/// The audience of IRSA's tokens, the same in every partition.
pub const IRSA_AUDIENCE: &str = "sts.amazonaws.com";

/// A pod that wants a role's credentials. `None` stands for what nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pod {
    /// How it gets credentials.
    pub mechanism: Mechanism,
    /// The partition of its cluster.
    pub partition: Option<Partition>,
    /// The region of its cluster.
    pub region: Option<Region>,
    /// The account of its cluster.
    pub account: Option<AccountId>,
    /// Its cluster.
    pub cluster: Option<ClusterName>,
    /// Its namespace.
    pub namespace: Option<Namespace>,
    /// Its service account; one that is a pattern stands for pods of all names that fit, and is not known.
    pub service_account: Option<ServiceAccount>,
    /// Its name.
    pub name: Option<String>,
    /// Its uid.
    pub uid: Option<String>,
    /// Whether the association sends session tags.
    pub session_tags: Option<bool>,
    /// Whether it runs on a hybrid node.
    pub hybrid_node: Option<bool>,
    /// The organization of its cluster's account.
    pub organization: Option<String>,
    /// The issuer of its cluster's tokens.
    pub issuer: Option<OidcIssuer>,
    /// The account of the OIDC provider, which is the role's.
    pub provider_account: Option<AccountId>,
    /// The audience of its token for IRSA.
    pub audience: Option<String>,
}

/// What is known of a role that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskedRole {
    /// Its ARN.
    pub arn: Option<RoleArn>,
    /// Its tags.
    pub tags: Option<BTreeMap<String, String>>,
    /// The organization of its account.
    pub organization: Option<String>,
}

impl Pod {
    /// A pod of which only is known how it gets credentials, and what is so unless somebody changed it: the audience, tags that are sent, a
    /// node in EC2.
    pub fn new(mechanism: Mechanism) -> Self {
        Self {
            mechanism,
            partition: None,
            region: None,
            account: None,
            cluster: None,
            namespace: None,
            service_account: None,
            name: None,
            uid: None,
            session_tags: Some(true),
            hybrid_node: Some(false),
            organization: None,
            issuer: None,
            provider_account: None,
            audience: Some(IRSA_AUDIENCE.to_owned()),
        }
    }

    fn cluster_arn(&self) -> Option<ClusterArn> {
        Some(ClusterArn {
            partition: self.partition.clone()?,
            region: self.region.clone()?,
            account: self.account.clone()?,
            name: self.cluster.clone()?,
        })
    }

    fn provider(&self) -> Option<OidcProviderArn> {
        Some(OidcProviderArn {
            partition: self.partition.clone()?,
            account: self.provider_account.clone()?,
            issuer: self.issuer.clone()?,
        })
    }

    fn service_account(&self) -> Option<&ServiceAccount> {
        self.service_account.as_ref().filter(|name| !name.is_pattern())
    }

    fn subject(&self) -> Option<String> {
        let (namespace, service_account) = (self.namespace.as_ref()?, self.service_account()?);
        Some(format!("system:serviceaccount:{namespace}:{service_account}"))
    }

    /// What EKS sends to the target role where it sends no tags.
    ///
    /// Amazon EKS User Guide, "Access AWS Resources using EKS Pod Identity Target IAM Roles".
    pub fn external_id(&self) -> Option<String> {
        let key = BindingKey {
            account: self.account.clone()?,
            region: self.region.clone()?,
            cluster: self.cluster.clone()?,
            namespace: self.namespace.clone()?,
            service_account: self.service_account()?.clone(),
        };
        Some(key.external_id())
    }

    /// Whether it is known that EKS says for which account it acts: nobody has confirmed it elsewhere.
    fn source_account(&self) -> Option<&AccountId> {
        (self.partition == Some(Partition::Aws) && self.hybrid_node == Some(false))
            .then_some(self.account.as_ref())
            .flatten()
    }
}
