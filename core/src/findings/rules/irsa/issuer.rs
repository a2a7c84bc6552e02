//! How issuers are spelt, rightly and wrongly.

use crate::ids::{Partition, Region};

const HOST: &str = "oidc.eks.";

/// The issuer of a condition key and the claim after it. Keys of AWS itself have no issuer.
pub(super) fn split_key(key: &str) -> Option<(&str, &str)> {
    let (mut issuer, claim) = key.rsplit_once(':')?;
    while let Some((rest, "aud" | "sub")) = issuer.rsplit_once(':') {
        issuer = rest;
    }
    let host = bare(issuer).split('/').next().unwrap_or_default();
    let is_host = host.contains('.') && !claim.contains('/');
    is_host.then_some((issuer, claim))
}

/// How EKS spells an issuer that somebody spelt otherwise; `None` if it is spelt so, or is not one of EKS. The scheme does not matter.
pub fn respelt(issuer: &str) -> Option<String> {
    let address = issuer.split_once("://").map_or(issuer, |(_, address)| address);
    let right = corrected(issuer);
    (!right.eq_ignore_ascii_case(address)).then_some(right)
}

/// Whether two texts mean the same issuer, however they are spelt.
pub(super) fn same(a: &str, b: &str) -> bool {
    let meant = |issuer| corrected(issuer).trim_end_matches('/').to_ascii_lowercase();
    a.eq_ignore_ascii_case(b) || meant(a) == meant(b)
}

/// Whether an issuer is one of EKS, spelt rightly or not.
pub(super) fn is_eks(issuer: &str) -> bool {
    region(issuer).is_some()
}

/// The region of an issuer of EKS, spelt rightly or not.
pub(super) fn region(issuer: &str) -> Option<Region> {
    let corrected = corrected(issuer);
    let host = corrected.split('/').next()?.strip_prefix(HOST)?;
    let region = host.split('.').next()?;
    region.parse().ok()
}

/// An issuer as it is meant: as [`bare`] has it, and with the host that EKS gives it.
pub(super) fn corrected(issuer: &str) -> String {
    let issuer = bare(issuer);
    let (host, rest) = issuer.split_once('/').unwrap_or((issuer, ""));
    let Some(region) = region_of_host(host) else {
        return issuer.to_owned();
    };
    let id = rest.strip_prefix("id/").unwrap_or(rest);
    format!("{}/id/{id}", host_in(&region))
}

/// An issuer without scheme, without what is around it in an ARN, and, if it is one of EKS, without slash at the end: others, such as those of
/// Microsoft Entra ID and Auth0, end with one, and so do the names of their providers.
pub(super) fn bare(issuer: &str) -> &str {
    let issuer = issuer
        .rsplit_once("oidc-provider/")
        .map_or(issuer, |(_, issuer)| issuer);
    let issuer = issuer.split_once("://").map_or(issuer, |(_, issuer)| issuer);
    let trimmed = issuer.trim_end_matches('/');
    let host = trimmed.split('/').next().unwrap_or_default();
    if region_of_host(host).is_some() {
        trimmed
    } else {
        issuer
    }
}

/// Whether the host is the dual-stack one, which never is in a token.
pub(super) fn is_dual_stack(issuer: &str) -> bool {
    bare(issuer).starts_with("oidc-eks.")
}

/// The host of issuers in a region.
fn host_in(region: &Region) -> String {
    let suffix = match Partition::of_region(region) {
        Partition::China => "amazonaws.com.cn",
        Partition::Aws | Partition::GovCloud | Partition::Other(_) => "amazonaws.com",
    };
    format!("{HOST}{region}.{suffix}")
}

/// The region of a host that is, or is meant to be, that of EKS.
fn region_of_host(host: &str) -> Option<Region> {
    let host = host.to_ascii_lowercase();
    let parts: Vec<&str> = host.split('.').collect();
    let (region, suffix) = match parts.as_slice() {
        ["oidc", "eks", region, suffix @ ..]
        | ["oidc", region, "eks", suffix @ ..]
        | ["eks", "oidc", region, suffix @ ..]
        | ["oidc-eks", region, suffix @ ..]
        | ["eks", region, suffix @ ..] => (region, suffix),
        _ => return None,
    };
    let region: Region = region.parse().ok()?;
    let known = matches!(
        suffix,
        ["amazonaws", "com"] | ["amazonaws", "com", "cn"] | ["api", "aws"] | ["api", "amazonwebservices", "com", "cn"]
    );
    // Nobody could verify how other partitions name their hosts.
    (known && !Partition::of_region(&region).is_assumed()).then_some(region)
}
