use std::fmt;
use std::str::FromStr;

use super::text::{arn_parts, text};
use super::{AccountId, IdError, Partition};

text! {
    /// The name of an IAM role, without its path.
    RoleName, RoleName, |text| {
        (1..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte))
    }
}

text! {
    /// The path of an IAM role.
    RolePath, RolePath, |text| {
        text.len() <= 512
            && text.starts_with('/')
            && text.ends_with('/')
            && text.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

impl RolePath {
    /// The path of a role whose maker named none.
    pub fn root() -> Self {
        Self("/".to_owned())
    }
}

text! {
    /// The name of an inline policy of a role.
    PolicyName, PolicyName, |text| {
        (1..=128).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte))
    }
}

text! {
    /// The ARN of a managed policy of IAM, of AWS or of an account.
    PolicyArn, PolicyArn, |text| {
        let Some([partition, "iam", "", owner, resource]) = arn_parts(text) else { return false };
        let name = resource.strip_prefix("policy/").map(|path| path.rsplit('/').next().unwrap_or(path));
        partition.parse::<Partition>().is_ok()
            && (owner == "aws" || owner.parse::<AccountId>().is_ok())
            && name.is_some_and(|name| (1..=128).contains(&name.len()))
            && resource.len() <= 640
            && resource.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

/// The ARN of an IAM role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleArn {
    /// Its partition.
    pub partition: Partition,
    /// Its account.
    pub account: AccountId,
    /// Its path.
    pub path: RolePath,
    /// Its name.
    pub name: RoleName,
}

impl FromStr for RoleArn {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let parse = || {
            let [partition, "iam", "", account, resource] = arn_parts(text)? else {
                return None;
            };
            let with_path = resource.strip_prefix("role")?;
            let (path, name) = with_path.split_at(with_path.rfind('/')? + 1);
            Some(Self {
                partition: partition.parse().ok()?,
                account: account.parse().ok()?,
                path: path.parse().ok()?,
                name: name.parse().ok()?,
            })
        };
        parse().ok_or(IdError::RoleArn)
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "arn:{}:iam::{}:role{}{}",
            self.partition, self.account, self.path, self.name
        )
    }
}
