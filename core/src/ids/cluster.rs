use std::fmt;
use std::str::FromStr;

use super::text::{arn_parts, text};
use super::{AccountId, IdError, Partition, Region};

text! {
    /// The name of an EKS cluster.
    ClusterName, ClusterName, |text| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        (1..=100).contains(&text.len())
            && text.bytes().all(allowed)
            && text.starts_with(|first: char| first.is_ascii_alphanumeric())
    }
}

/// The ARN of an EKS cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClusterArn {
    /// Its partition.
    pub partition: Partition,
    /// Its region.
    pub region: Region,
    /// Its account.
    pub account: AccountId,
    /// Its name.
    pub name: ClusterName,
}

impl FromStr for ClusterArn {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let parse = || {
            let [partition, "eks", region, account, resource] = arn_parts(text)? else {
                return None;
            };
            Some(Self {
                partition: partition.parse().ok()?,
                region: region.parse().ok()?,
                account: account.parse().ok()?,
                name: resource.strip_prefix("cluster/")?.parse().ok()?,
            })
        };
        parse().ok_or(IdError::ClusterArn)
    }
}

impl fmt::Display for ClusterArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "arn:{}:eks:{}:{}:cluster/{}",
            self.partition, self.region, self.account, self.name
        )
    }
}
