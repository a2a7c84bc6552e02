use std::fmt;
use std::str::FromStr;

use super::{
    AssociationArn, AssociationId, BindingKey, ClusterName, IdError, Namespace, Region, RoleName, ServiceAccount,
};

/// How a user names a binding to import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportId {
    /// `cluster/namespace/service_account[/role-name][@region]`
    ServiceAccount {
        /// The cluster.
        cluster: ClusterName,
        /// The namespace of the service account.
        namespace: Namespace,
        /// The service account.
        service_account: ServiceAccount,
        /// The role, where several trust the service account.
        role: Option<RoleName>,
        /// The region, if it is not the provider's.
        region: Option<Region>,
    },
    /// The attribute `id` of a binding: `account/region/cluster/namespace/service_account`
    Key(BindingKey),
    /// The ARN of a Pod Identity association.
    AssociationArn(AssociationArn),
    /// `cluster,association-id[@region]`, as hashicorp/aws names associations.
    Association {
        /// The cluster.
        cluster: ClusterName,
        /// The association.
        id: AssociationId,
        /// The region, if it is not the provider's.
        region: Option<Region>,
    },
}

impl ImportId {
    pub(super) const FORM: &'static str = "`cluster/namespace/service_account`, with `/role-name` where several roles qualify and `@region` for \
                                           another region; by the ARN of its association; or by `cluster,association-id`";
}

impl FromStr for ImportId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if text.starts_with("arn:") {
            return text.parse().map(Self::AssociationArn);
        }
        // Names of roles may contain `@`, so only what looks like a region is one.
        let with_region = text
            .rsplit_once('@')
            .and_then(|(rest, region)| Some((rest, region.parse::<Region>().ok()?)));
        let (rest, region) = match with_region {
            Some((rest, region)) => (rest, Some(region)),
            None => (text, None),
        };
        // Names of roles may contain commas too, and come after slashes.
        if let (Some((cluster, id)), false) = (rest.split_once(','), rest.contains('/')) {
            return Ok(Self::Association {
                cluster: cluster.parse()?,
                id: id.parse()?,
                region,
            });
        }
        let parts: Vec<&str> = rest.split('/').collect();
        let (cluster, namespace, service_account, role) = match parts.as_slice() {
            [cluster, namespace, service_account] => (cluster, namespace, service_account, None),
            [cluster, namespace, service_account, role] => (cluster, namespace, service_account, Some(role)),
            [_, _, _, _, _] if region.is_none() => return rest.parse().map(Self::Key),
            _ => return Err(IdError::ImportId),
        };
        Ok(Self::ServiceAccount {
            cluster: cluster.parse()?,
            namespace: namespace.parse()?,
            service_account: service_account.parse()?,
            role: role.map(|role| role.parse()).transpose()?,
            region,
        })
    }
}

impl fmt::Display for ImportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let region = match self {
            Self::ServiceAccount {
                cluster,
                namespace,
                service_account,
                role,
                region,
            } => {
                write!(f, "{cluster}/{namespace}/{service_account}")?;
                if let Some(role) = role {
                    write!(f, "/{role}")?;
                }
                region
            }
            Self::Association { cluster, id, region } => {
                write!(f, "{cluster},{id}")?;
                region
            }
            Self::Key(key) => return key.fmt(f),
            Self::AssociationArn(arn) => return arn.fmt(f),
        };
        match region {
            Some(region) => write!(f, "@{region}"),
            None => Ok(()),
        }
    }
}
