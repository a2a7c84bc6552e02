use std::fmt;
use std::ops::{Bound, RangeBounds};

/// Where objects can come from: a provider, a resource type, and versions of its schema.
#[derive(Clone, Debug)]
pub struct Origin {
    provider: &'static str,
    type_name: &'static str,
    versions: (Bound<i64>, Bound<i64>),
}

impl Origin {
    /// A resource type of a provider, in any version of its schema.
    ///
    /// The provider is named as exactly as it matters: `hashicorp/aws` from any registry, since Terraform and OpenTofu have one each;
    /// `registry.example/corp/aws` from that one alone; `pod`, for types of this same provider, wherever users install it from.
    pub const fn new(provider: &'static str, type_name: &'static str) -> Self {
        Self {
            provider,
            type_name,
            versions: (Bound::Unbounded, Bound::Unbounded),
        }
    }

    /// Only these versions of the schema.
    #[must_use]
    pub fn versions(self, versions: impl RangeBounds<i64>) -> Self {
        Self {
            versions: (versions.start_bound().cloned(), versions.end_bound().cloned()),
            ..self
        }
    }

    pub(super) fn covers(&self, provider: &str, type_name: &str, version: i64) -> bool {
        type_name == self.type_name && self.versions.contains(&version) && is_part_of(self.provider, provider)
    }
}

/// Whether an address ends with the parts of another.
fn is_part_of(named: &str, address: &str) -> bool {
    let mut parts = address.rsplit('/');
    named.rsplit('/').all(|part| parts.next() == Some(part))
}

/// `aws_volume` of `hashicorp/aws` (schema versions 1 to 3)
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` of `{}`", self.type_name, self.provider)?;
        let first = match self.versions.0 {
            Bound::Unbounded => None,
            Bound::Included(first) => Some(first),
            Bound::Excluded(before) => Some(before.saturating_add(1)),
        };
        let last = match self.versions.1 {
            Bound::Unbounded => None,
            Bound::Included(last) => Some(last),
            Bound::Excluded(after) => Some(after.saturating_sub(1)),
        };
        match (first, last) {
            (None, None) => Ok(()),
            (Some(first), Some(last)) if first == last => write!(f, " (schema version {first})"),
            (Some(first), Some(last)) => write!(f, " (schema versions {first} to {last})"),
            (Some(first), None) => write!(f, " (schema version {first} or later)"),
            (None, Some(last)) => write!(f, " (schema versions up to {last})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERRAFORM: &str = "registry.terraform.io/hashicorp/aws";
    const OPENTOFU: &str = "registry.opentofu.org/hashicorp/aws";

    #[test]
    fn an_address_is_matched_as_far_as_it_is_named() {
        for (named, from_terraform, from_opentofu) in [
            ("hashicorp/aws", true, true),
            ("registry.opentofu.org/hashicorp/aws", false, true),
            ("aws", true, true),
            ("corp/aws", false, false),
            ("hashicorp/awscc", false, false),
            ("a/registry.opentofu.org/hashicorp/aws", false, false),
        ] {
            let origin = Origin::new(named, "aws_volume");
            assert_eq!(origin.covers(TERRAFORM, "aws_volume", 0), from_terraform, "{named}");
            assert_eq!(origin.covers(OPENTOFU, "aws_volume", 0), from_opentofu, "{named}");
            assert!(!origin.covers(TERRAFORM, "aws_disk", 0), "{named}");
        }
    }

    #[test]
    fn versions_are_matched_and_named() {
        let origin = || Origin::new("hashicorp/aws", "aws_volume");
        for (origin, covered, text) in [
            (origin(), [true; 4], ""),
            (
                origin().versions(1..=2),
                [false, true, true, false],
                " (schema versions 1 to 2)",
            ),
            (
                origin().versions(1..3),
                [false, true, true, false],
                " (schema versions 1 to 2)",
            ),
            (
                origin().versions(2..=2),
                [false, false, true, false],
                " (schema version 2)",
            ),
            (
                origin().versions(2..),
                [false, false, true, true],
                " (schema version 2 or later)",
            ),
            (
                origin().versions(..2),
                [true, true, false, false],
                " (schema versions up to 1)",
            ),
        ] {
            let found = [0, 1, 2, 3].map(|version| origin.covers(TERRAFORM, "aws_volume", version));
            assert_eq!(found, covered, "{origin}");
            assert_eq!(origin.to_string(), format!("`aws_volume` of `hashicorp/aws`{text}"));
        }
    }
}
