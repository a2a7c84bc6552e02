use std::fmt;
use std::str::FromStr;

use super::IdError;
use super::text::text;

text! {
    /// The id of an AWS account.
    AccountId, AccountId, |text| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

text! {
    /// An AWS region.
    Region, Region, |text| {
        let mut parts = text.split('-');
        let number = parts.next_back();
        let names: Vec<&str> = parts.collect();
        text.len() <= 32
            && names.len() >= 2
            && names.iter().all(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase()))
            && number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

/// A partition of AWS: its own accounts, ARNs and host names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Partition {
    /// `aws`
    Aws,
    /// `aws-cn`
    China,
    /// `aws-us-gov`
    GovCloud,
    /// Any other. What holds in `aws` is assumed to hold there.
    Other(String),
}

impl Partition {
    /// The partition of a region, by its name.
    pub fn of_region(region: &Region) -> Self {
        // Those that nobody could verify, by the names of their first regions.
        const OTHERS: &[(&str, &str)] = &[
            ("us-isob-", "aws-iso-b"),
            ("us-isof-", "aws-iso-f"),
            ("eu-isoe-", "aws-iso-e"),
            ("us-iso-", "aws-iso"),
            ("eusc-", "aws-eusc"),
        ];
        let name = region.as_str();
        if name.starts_with("cn-") {
            Self::China
        } else if name.starts_with("us-gov-") {
            Self::GovCloud
        } else {
            OTHERS
                .iter()
                .find(|(prefix, _)| name.starts_with(prefix))
                .map_or(Self::Aws, |(_, partition)| Self::Other((*partition).to_owned()))
        }
    }

    /// As ARNs spell it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Aws => "aws",
            Self::China => "aws-cn",
            Self::GovCloud => "aws-us-gov",
            Self::Other(name) => name,
        }
    }

    /// Whether what is done in it rests on an assumption.
    pub const fn is_assumed(&self) -> bool {
        matches!(self, Self::Other(_))
    }
}

impl FromStr for Partition {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        match text {
            "aws" => Ok(Self::Aws),
            "aws-cn" => Ok(Self::China),
            "aws-us-gov" => Ok(Self::GovCloud),
            other => {
                let rest = other.strip_prefix("aws-").ok_or(IdError::Partition)?;
                if !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
                    Ok(Self::Other(other.to_owned()))
                } else {
                    Err(IdError::Partition)
                }
            }
        }
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
