use tfmodel::model::Model;

/// How pods get credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Model)]
pub enum Mode {
    /// By an OIDC token that the role trusts.
    Irsa,
    /// Both ways, while pods move.
    Dual,
    /// By an association that an agent on the node serves.
    PodIdentity,
}

impl Mode {
    /// Whether pods may come with an OIDC token.
    pub const fn uses_irsa(self) -> bool {
        matches!(self, Self::Irsa | Self::Dual)
    }

    /// Whether there is an association.
    pub const fn uses_pod_identity(self) -> bool {
        matches!(self, Self::Dual | Self::PodIdentity)
    }
}
