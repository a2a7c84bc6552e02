use std::fmt;
use std::str::FromStr;

use super::text::{arn_parts, text};
use super::{AccountId, ClusterName, IdError, Partition, Region};

text! {
    /// The id of a Pod Identity association.
    AssociationId, AssociationId, |text| {
        text.strip_prefix("a-").is_some_and(|rest| {
            (1..=62).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
    }
}

/// The ARN of a Pod Identity association.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AssociationArn {
    /// Its partition.
    pub partition: Partition,
    /// Its region.
    pub region: Region,
    /// Its account.
    pub account: AccountId,
    /// Its cluster.
    pub cluster: ClusterName,
    /// Its id.
    pub id: AssociationId,
}

impl FromStr for AssociationArn {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let parse = || {
            let [partition, "eks", region, account, resource] = arn_parts(text)? else {
                return None;
            };
            let (cluster, id) = resource.strip_prefix("podidentityassociation/")?.split_once('/')?;
            Some(Self {
                partition: partition.parse().ok()?,
                region: region.parse().ok()?,
                account: account.parse().ok()?,
                cluster: cluster.parse().ok()?,
                id: id.parse().ok()?,
            })
        };
        parse().ok_or(IdError::AssociationArn)
    }
}

impl fmt::Display for AssociationArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "arn:{}:eks:{}:{}:podidentityassociation/{}/{}",
            self.partition, self.region, self.account, self.cluster, self.id
        )
    }
}
