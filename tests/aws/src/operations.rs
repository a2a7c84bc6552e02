//! The operations that are served.

use std::fmt;

/// One of the services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// Identity and Access Management.
    Iam,
    /// Elastic Kubernetes Service.
    Eks,
    /// Security Token Service.
    Sts,
}

impl Service {
    /// As action names and signatures spell it.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Iam => "iam",
            Self::Eks => "eks",
            Self::Sts => "sts",
        }
    }

    pub(crate) fn of(prefix: &str) -> Option<Self> {
        [Self::Iam, Self::Eks, Self::Sts]
            .into_iter()
            .find(|service| service.prefix() == prefix)
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.prefix())
    }
}

/// Whether a call changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Read,
    Write,
}

use Effect::{Read, Write};

/// Every operation that is served.
pub(crate) const OPERATIONS: [(&str, Effect); 57] = [
    ("iam:AddClientIDToOpenIDConnectProvider", Write),
    ("iam:AttachRolePolicy", Write),
    ("iam:CreateOpenIDConnectProvider", Write),
    ("iam:CreateRole", Write),
    ("iam:DeleteOpenIDConnectProvider", Write),
    ("iam:DeleteRole", Write),
    ("iam:DeleteRolePermissionsBoundary", Write),
    ("iam:DeleteRolePolicy", Write),
    ("iam:DetachRolePolicy", Write),
    ("iam:GetAccountAuthorizationDetails", Read),
    ("iam:GetOpenIDConnectProvider", Read),
    ("iam:GetPolicy", Read),
    ("iam:GetPolicyVersion", Read),
    ("iam:GetRole", Read),
    ("iam:GetRolePolicy", Read),
    ("iam:ListAttachedRolePolicies", Read),
    ("iam:ListInstanceProfilesForRole", Read),
    ("iam:ListOpenIDConnectProviderTags", Read),
    ("iam:ListOpenIDConnectProviders", Read),
    ("iam:ListRolePolicies", Read),
    ("iam:ListRoleTags", Read),
    ("iam:ListRoles", Read),
    ("iam:PutRolePermissionsBoundary", Write),
    ("iam:PutRolePolicy", Write),
    ("iam:RemoveClientIDFromOpenIDConnectProvider", Write),
    ("iam:TagOpenIDConnectProvider", Write),
    ("iam:TagRole", Write),
    ("iam:UntagOpenIDConnectProvider", Write),
    ("iam:UntagRole", Write),
    ("iam:UpdateAssumeRolePolicy", Write),
    ("iam:UpdateOpenIDConnectProviderThumbprint", Write),
    ("iam:UpdateRole", Write),
    ("eks:CreateAddon", Write),
    ("eks:CreatePodIdentityAssociation", Write),
    ("eks:DeleteAddon", Write),
    ("eks:DeletePodIdentityAssociation", Write),
    ("eks:DescribeAddon", Read),
    ("eks:DescribeAddonConfiguration", Read),
    ("eks:DescribeAddonVersions", Read),
    ("eks:DescribeCluster", Read),
    ("eks:DescribeFargateProfile", Read),
    ("eks:DescribeNodegroup", Read),
    ("eks:DescribePodIdentityAssociation", Read),
    ("eks:DescribeUpdate", Read),
    ("eks:ListAddons", Read),
    ("eks:ListClusters", Read),
    ("eks:ListFargateProfiles", Read),
    ("eks:ListNodegroups", Read),
    ("eks:ListPodIdentityAssociations", Read),
    ("eks:ListTagsForResource", Read),
    ("eks:TagResource", Write),
    ("eks:UntagResource", Write),
    ("eks:UpdateAddon", Write),
    ("eks:UpdatePodIdentityAssociation", Write),
    ("sts:AssumeRole", Read),
    ("sts:AssumeRoleWithWebIdentity", Read),
    ("sts:GetCallerIdentity", Read),
];

/// Whether an operation is served, and what it does.
pub(crate) fn effect(name: &str) -> Option<Effect> {
    OPERATIONS
        .iter()
        .find(|(operation, _)| *operation == name)
        .map(|(_, effect)| *effect)
}
