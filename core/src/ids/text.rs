use super::ImportId;

/// A text is not what it should be. The message says what that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Not an [`AccountId`](super::AccountId).
    #[error("an AWS account id has 12 digits")]
    AccountId,
    /// Not a [`Partition`](super::Partition).
    #[error("an AWS partition is `aws`, or `aws-` and lower-case letters")]
    Partition,
    /// Not a [`Region`](super::Region).
    #[error("an AWS region looks like `eu-west-1`")]
    Region,
    /// Not a [`ClusterName`](super::ClusterName).
    #[error(
        "the name of an EKS cluster has 1 to 100 letters, digits, hyphens and underscores and starts with a letter or digit"
    )]
    ClusterName,
    /// Not a [`ClusterArn`](super::ClusterArn).
    #[error("the ARN of an EKS cluster looks like `arn:aws:eks:eu-west-1:111122223333:cluster/main`")]
    ClusterArn,
    /// Not a [`RoleName`](super::RoleName).
    #[error("the name of an IAM role has 1 to 64 letters, digits and characters of `+=,.@_-`, and no path")]
    RoleName,
    /// Not a [`RolePath`](super::RolePath).
    #[error(
        "the path of an IAM role is `/`, or starts and ends with `/` and has printable ASCII without spaces between, up to 512"
    )]
    RolePath,
    /// Not a [`RoleArn`](super::RoleArn).
    #[error("the ARN of an IAM role looks like `arn:aws:iam::111122223333:role/name`")]
    RoleArn,
    /// Not a [`PolicyName`](super::PolicyName).
    #[error("the name of an inline policy has 1 to 128 letters, digits and characters of `+=,.@_-`")]
    PolicyName,
    /// Not a [`PolicyArn`](super::PolicyArn).
    #[error(
        "the ARN of a managed policy looks like `arn:aws:iam::aws:policy/ReadOnlyAccess` or `arn:aws:iam::111122223333:policy/name`"
    )]
    PolicyArn,
    /// Not an [`OidcIssuer`](super::OidcIssuer).
    #[error(
        "an OIDC issuer is an address such as `https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE`, without query"
    )]
    OidcIssuer,
    /// Not an [`OidcProviderArn`](super::OidcProviderArn).
    #[error("the ARN of an IAM OIDC provider looks like `arn:aws:iam::111122223333:oidc-provider/oidc.example.com`")]
    OidcProviderArn,
    /// Not a [`Namespace`](super::Namespace).
    #[error(
        "a Kubernetes namespace has 1 to 63 lower-case letters, digits and hyphens and starts and ends with a letter or digit"
    )]
    Namespace,
    /// Not a [`ServiceAccount`](super::ServiceAccount).
    #[error(
        "the name of a Kubernetes service account has 1 to 253 lower-case letters, digits, hyphens and dots; each part between dots starts and \
         ends with a letter or digit; as a pattern it may hold `*` and `?`"
    )]
    ServiceAccount,
    /// Not an [`AssociationId`](super::AssociationId).
    #[error("the id of a Pod Identity association is `a-` and lower-case letters and digits")]
    AssociationId,
    /// Not an [`AssociationArn`](super::AssociationArn).
    #[error(
        "the ARN of a Pod Identity association looks like `arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/a-abc123`"
    )]
    AssociationArn,
    /// Not a [`BindingKey`](super::BindingKey).
    #[error("the id of a binding is `account/region/cluster/namespace/service_account`")]
    BindingKey,
    /// Not an [`ImportId`].
    #[error("a binding is imported by {}", ImportId::FORM)]
    ImportId,
}

/// Declares a text that is checked when it is parsed.
macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $error:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::ids::IdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let check: fn(&str) -> bool = $check;
                if check(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err($crate::ids::IdError::$error)
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

pub(super) use text;

/// The partition, service, region, account and resource of an ARN.
pub(crate) fn arn_parts(text: &str) -> Option<[&str; 5]> {
    let mut parts = text.strip_prefix("arn:")?.splitn(5, ':');
    Some([
        parts.next()?,
        parts.next()?,
        parts.next()?,
        parts.next()?,
        parts.next()?,
    ])
}
