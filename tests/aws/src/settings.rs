//! What a test may set: how late AWS sees its own writes, and how much it takes.

use std::time::Duration;

/// For how long a write is not seen everywhere. All are zero at first.
///
/// AWS speaks of several seconds, and of up to ten for associations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delays {
    /// Calls that read answer with what was there this long ago.
    pub reads: Duration,
    /// Calls that need something else do not see it before: EKS a role or its trust policy, IAM a role or a principal, STS a role or a
    /// provider; and EKS still sees a deleted association.
    pub effects: Duration,
    /// Add-ons are being made, changed or removed for this long.
    pub addons: Duration,
}

/// Sizes and numbers above which AWS says no.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>,
/// <https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotas {
    /// Characters of a trust policy, white space not counted; raised by request.
    pub trust_policy: usize,
    /// Managed policies of a role; raised by request.
    pub managed_policies: usize,
    /// Roles of an account; raised by request.
    pub roles: usize,
    /// OIDC providers of an account; raised by request.
    pub oidc_providers: usize,
    /// Associations of a cluster.
    pub associations: usize,
    /// What of a session policy fits into a session, white space not counted. AWS packs it in a way that it does not tell; lower this to
    /// see `PackedPolicyTooLarge`.
    pub packed_policy: usize,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            trust_policy: 2048,
            managed_policies: 10,
            roles: 1000,
            oidc_providers: 100,
            associations: 5000,
            packed_policy: usize::MAX,
        }
    }
}
