//! Condition keys of AWS itself: how many values each has, of what kind, and in whose requests it can occur.
//!
//! From the pages "AWS global condition context keys" and "IAM and AWS STS condition context keys" of the IAM User Guide: the type, the
//! value type and the availability of each key. Where a page leaves open whether a caller's request carries a key, that caller is listed.

use tfmodel::spelling::closest;

use super::operator::TestKind::{self, Arn, Bool, Date, IpAddress, Numeric, String as Text};

/// A condition key that AWS documents for every service, or for STS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownKey {
    /// As the documentation spells it. One that ends with `/` is followed by the key of a tag.
    pub name: &'static str,
    /// Whether a request may carry several values of it.
    pub multivalued: bool,
    /// What its values are.
    pub kind: TestKind,
    /// In whose requests it can occur.
    pub callers: Callers,
}

/// Kinds of callers that ask for a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Callers(u8);

impl Callers {
    /// An AWS service on its own behalf.
    pub const SERVICE: Self = Self(1);
    /// Somebody with a token of an OIDC provider, who signs nothing.
    pub const WEB_IDENTITY: Self = Self(2);
    /// Somebody with a SAML assertion, who signs nothing.
    pub const SAML: Self = Self(4);
    /// A user, a role or a session.
    pub const IDENTITY: Self = Self(8);
    const ALL: Self = Self(15);

    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` are among these.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

const SIGNED: Callers = Callers::SERVICE.and(Callers::IDENTITY);

const fn one(name: &'static str, kind: TestKind, callers: Callers) -> KnownKey {
    KnownKey {
        name,
        multivalued: false,
        kind,
        callers,
    }
}

const fn many(name: &'static str, callers: Callers) -> KnownKey {
    KnownKey {
        name,
        multivalued: true,
        kind: Text,
        callers,
    }
}

/// All of them.
pub const KNOWN_KEYS: &[KnownKey] = &[
    one("aws:AssumedRoot", Bool, Callers::IDENTITY),
    many("aws:CalledVia", SIGNED),
    one("aws:CalledViaAWSMCP", Text, SIGNED),
    one("aws:CalledViaFirst", Text, SIGNED),
    one("aws:CalledViaLast", Text, SIGNED),
    one("aws:ChatbotSourceArn", Arn, Callers::IDENTITY),
    one("aws:CurrentTime", Date, Callers::ALL),
    one("aws:Ec2InstanceSourcePrivateIPv4", IpAddress, Callers::IDENTITY),
    one("aws:Ec2InstanceSourceVpc", Text, Callers::IDENTITY),
    one("aws:EpochTime", Date, Callers::ALL),
    one("aws:FederatedProvider", Text, Callers::ALL),
    one("aws:IsMcpServiceAction", Bool, Callers::ALL),
    one("aws:MultiFactorAuthAge", Numeric, Callers::IDENTITY),
    one("aws:MultiFactorAuthPresent", Bool, Callers::IDENTITY),
    one("aws:PrincipalAccount", Text, Callers::ALL),
    one("aws:PrincipalArn", Arn, SIGNED),
    one("aws:PrincipalIsAWSService", Bool, Callers::ALL),
    one("aws:PrincipalOrgID", Text, Callers::IDENTITY),
    many("aws:PrincipalOrgPaths", Callers::IDENTITY),
    one("aws:PrincipalServiceName", Text, Callers::SERVICE),
    many("aws:PrincipalServiceNamesList", Callers::SERVICE),
    one("aws:PrincipalTag/", Text, Callers::ALL),
    one("aws:PrincipalType", Text, Callers::ALL),
    one("aws:RequestTag/", Text, Callers::ALL),
    one("aws:RequestedRegion", Text, Callers::ALL),
    one("aws:ResourceAccount", Text, Callers::ALL),
    one("aws:ResourceOrgID", Text, Callers::ALL),
    many("aws:ResourceOrgPaths", Callers::ALL),
    one("aws:ResourceTag/", Text, Callers::ALL),
    one("aws:SecureTransport", Bool, Callers::ALL),
    one("aws:SourceAccount", Text, Callers::SERVICE),
    one("aws:SourceArn", Arn, Callers::SERVICE),
    one("aws:SourceIdentity", Text, Callers::IDENTITY),
    one("aws:SourceIp", IpAddress, Callers::ALL),
    one("aws:SourceOrgID", Text, Callers::SERVICE),
    many("aws:SourceOrgPaths", Callers::SERVICE),
    one("aws:SourceOwner", Text, Callers::SERVICE),
    one("aws:SourceVpc", Text, Callers::ALL),
    one("aws:SourceVpcArn", Arn, Callers::ALL),
    one("aws:SourceVpce", Text, Callers::ALL),
    many("aws:TagKeys", Callers::ALL),
    one("aws:TokenIssueTime", Date, Callers::IDENTITY),
    one("aws:UserAgent", Text, Callers::ALL),
    one("aws:ViaAWSMCPService", Bool, Callers::ALL),
    one("aws:ViaAWSService", Bool, Callers::ALL),
    one("aws:VpceAccount", Text, Callers::ALL),
    one("aws:VpceOrgID", Text, Callers::ALL),
    many("aws:VpceOrgPaths", Callers::ALL),
    one("aws:VpcSourceIp", IpAddress, Callers::ALL),
    one("aws:referer", Text, Callers::ALL),
    one("aws:userid", Text, Callers::ALL),
    one("aws:username", Text, Callers::IDENTITY),
    one("iam:ResourceTag/", Text, Callers::ALL),
    one("sts:AWSServiceName", Text, Callers::ALL),
    one("sts:DurationSeconds", Numeric, Callers::ALL),
    one("sts:ExternalId", Text, SIGNED),
    many("sts:RequestContextProviders", SIGNED),
    one("sts:RequestContext/", Text, SIGNED),
    one("sts:RoleSessionName", Text, Callers::ALL),
    one("sts:SourceIdentity", Text, Callers::ALL),
    many("sts:TransitiveTagKeys", Callers::ALL),
    one("saml:aud", Text, Callers::SAML),
    one("saml:doc", Text, Callers::SAML.and(Callers::IDENTITY)),
    one("saml:iss", Text, Callers::SAML),
    one("saml:namequalifier", Text, Callers::SAML.and(Callers::IDENTITY)),
    one("saml:sub", Text, Callers::SAML.and(Callers::IDENTITY)),
    one("saml:sub_type", Text, Callers::SAML.and(Callers::IDENTITY)),
];

impl KnownKey {
    /// The key of this name, whatever its case.
    pub fn find(name: &str) -> Option<&'static Self> {
        KNOWN_KEYS.iter().find(|known| {
            if known.takes_tag() {
                name.len() > known.name.len()
                    && name
                        .get(..known.name.len())
                        .is_some_and(|start| start.eq_ignore_ascii_case(known.name))
            } else {
                name.eq_ignore_ascii_case(known.name)
            }
        })
    }

    /// The key that may be meant by one that AWS does not have.
    pub fn near(name: &str) -> Option<String> {
        if Self::find(name).is_some() {
            return None;
        }
        let names = |takes_tag: bool| {
            KNOWN_KEYS
                .iter()
                .filter(move |known| known.takes_tag() == takes_tag)
                .map(|known| known.name)
        };
        match name.split_once('/') {
            Some((_, "")) => None,
            Some((stem, tag)) => closest(&format!("{stem}/"), names(true)).map(|known| format!("{known}{tag}")),
            None => closest(name, names(false)).map(str::to_owned),
        }
    }

    /// Whether the key of a tag follows the name.
    pub const fn takes_tag(&self) -> bool {
        matches!(self.name.as_bytes(), [.., b'/'])
    }
}
