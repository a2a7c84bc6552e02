use std::collections::BTreeMap;

use crate::fact::Fact;
use crate::ids::{ClusterArn, OidcIssuer};

/// What was read about one cluster.
#[derive(Clone, Debug)]
pub struct Survey {
    /// The cluster.
    pub cluster: ClusterArn,
    /// The issuer of its tokens; absent where it has none.
    pub issuer: Fact<OidcIssuer>,
    /// Its associations.
    pub associations: Fact<Vec<FoundAssociation>>,
    /// The roles of its account.
    pub roles: Fact<Vec<FoundRole>>,
    /// The issuers of all clusters of its account and region.
    pub issuers: Fact<Vec<OidcIssuer>>,
    /// How many characters a trust policy may have.
    pub trust_policy_quota: usize,
}

/// An association, as far as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundAssociation {
    /// Its id.
    pub id: String,
    /// The namespace of its service account.
    pub namespace: String,
    /// Its service account.
    pub service_account: String,
    /// The add-on that owns it.
    pub owner_arn: Option<String>,
    /// Its role, if that could be read.
    pub role_arn: Option<String>,
    /// The role in another account that it leads to.
    pub target_role_arn: Option<String>,
    /// Whether it sends session tags.
    pub session_tags: bool,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

/// A role, as far as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundRole {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// Its trust policy, as JSON.
    pub trust_policy: String,
    /// Its tags, if they could be read.
    pub tags: BTreeMap<String, String>,
}
