use std::str::FromStr;

use super::{Meaning, NotOfFormat};

/// The name of an AWS resource: `arn:aws:iam::111122223333:role/app`.
///
/// Capitals do not matter in the prefix, the partition, the service and the region, which AWS writes in small letters only. Account and
/// resource are the same only letter by letter, and names in two partitions never are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Arn {
    /// `aws`, `aws-cn`, …
    pub partition: String,
    /// `iam`, `eks`, …
    pub service: String,
    /// Empty for services without regions.
    pub region: String,
    /// The account that owns it; `aws` for what AWS owns; empty for services without accounts.
    pub account: String,
    /// The rest, as the service likes it.
    pub resource: String,
}

impl FromStr for Arn {
    type Err = NotOfFormat;

    fn from_str(text: &str) -> Result<Self, NotOfFormat> {
        arn(text).ok_or(NotOfFormat(
            "an ARN: `arn`, partition, service, region, account and resource with a colon between them, such as \
             `arn:aws:iam::111122223333:role/app`",
        ))
    }
}

fn arn(text: &str) -> Option<Arn> {
    let mut parts = text.splitn(6, ':');
    let mut part = || parts.next();
    part().filter(|prefix| prefix.eq_ignore_ascii_case("arn"))?;
    let arn = Arn {
        partition: part()?.to_ascii_lowercase(),
        service: part()?.to_ascii_lowercase(),
        region: part()?.to_ascii_lowercase(),
        account: part()?.to_owned(),
        resource: part()?.to_owned(),
    };
    let complete = [&arn.partition, &arn.service, &arn.resource]
        .iter()
        .all(|part| !part.is_empty());
    complete.then_some(arn)
}

impl Meaning for Arn {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}
