use std::fmt;
use std::str::FromStr;

use super::text::arn_parts;
use super::{AccountId, IdError, Partition, Region, digest};

/// An OIDC issuer as IAM names it: its address without `https://`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OidcIssuer(String);

/// What the address of an EKS issuer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EksIssuer {
    /// The region of its cluster.
    pub region: Region,
    /// Its id, the last part of the address.
    pub id: String,
}

impl OidcIssuer {
    /// Without scheme, as condition keys and provider ARNs have it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Region and id, if this is an issuer of EKS; clusters that people run themselves have others.
    pub fn eks(&self) -> Option<EksIssuer> {
        let (host, id) = self.0.split_once("/id/")?;
        let host = host.strip_prefix("oidc.eks.")?;
        let region = host
            .strip_suffix(".amazonaws.com.cn")
            .or_else(|| host.strip_suffix(".amazonaws.com"))?;
        let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        Some(EksIssuer {
            region: region.parse().ok().filter(|_| is_id)?,
            id: id.to_owned(),
        })
    }

    /// The condition key of a claim: `…:sub`.
    pub fn claim(&self, name: &str) -> String {
        format!("{}:{name}", self.0)
    }
}

impl FromStr for OidcIssuer {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        // Local servers issue over plain HTTP.
        let address = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .unwrap_or(text);
        let host = address.split('/').next().unwrap_or_default();
        let host_fits = !host.is_empty()
            && host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
        let rest_fits = address
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"?#*\"'<>\\{}|^`".contains(&byte));
        if host_fits && rest_fits && address.len() <= 255 {
            Ok(Self(address.to_owned()))
        } else {
            Err(IdError::OidcIssuer)
        }
    }
}

impl fmt::Display for OidcIssuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The ARN of an IAM OIDC provider.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OidcProviderArn {
    /// Its partition.
    pub partition: Partition,
    /// Its account: that of the roles which trust it.
    pub account: AccountId,
    /// Its issuer.
    pub issuer: OidcIssuer,
}

impl OidcProviderArn {
    /// Names the provider in the tag of whoever made it: an ARN may be longer than the value of a tag.
    pub fn tag_value(&self) -> String {
        digest(&["oidc provider", &self.to_string()], 26)
    }
}

impl FromStr for OidcProviderArn {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let parse = || {
            let [partition, "iam", "", account, resource] = arn_parts(text)? else {
                return None;
            };
            Some(Self {
                partition: partition.parse().ok()?,
                account: account.parse().ok()?,
                issuer: resource.strip_prefix("oidc-provider/")?.parse().ok()?,
            })
        };
        parse().ok_or(IdError::OidcProviderArn)
    }
}

impl fmt::Display for OidcProviderArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "arn:{}:iam::{}:oidc-provider/{}",
            self.partition, self.account, self.issuer
        )
    }
}
