use serde::{Serialize, Serializer};

use crate::fact::Fact;
use crate::precedence::{Resolution, Situation};
use crate::workload::{Compute, ServiceAccountObject};

/// Something to know about a workload, with yes or no for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "`Ask::text` says it")]
pub enum Ask {
    OnEks,
    PublicIssuer,
    OnFargateOrWindows,
    OnLinuxNodes,
    RecentSdks,
    AgentPossible,
    OidcProviderPossible,
    WorkingIrsa,
    ManyClusters,
    NearIamLimits,
    NearAssociationLimit,
    SessionTags,
    SessionPolicy,
    SeparateDuties,
    AccountPattern,
    ChainsRoles,
    OtherAccount,
    Broker,
    NodeCredentials,
    StaticKeys,
}

/// What is known of a workload and its cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    // INVARIANT: in the order of `Ask::ALL`, which is that of its variants.
    answers: [Option<bool>; Ask::ALL.len()],
}

impl Serialize for Question {
    /// What was answered, by what was asked.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Ask::ALL.into_iter().filter_map(|ask| Some((ask, self.answer(ask)?))))
    }
}

impl Ask {
    /// All of them, the more decisive first.
    pub const ALL: [Self; 20] = [
        Self::OnEks,
        Self::PublicIssuer,
        Self::OnFargateOrWindows,
        Self::OnLinuxNodes,
        Self::RecentSdks,
        Self::AgentPossible,
        Self::OidcProviderPossible,
        Self::WorkingIrsa,
        Self::ManyClusters,
        Self::NearIamLimits,
        Self::NearAssociationLimit,
        Self::SessionTags,
        Self::SessionPolicy,
        Self::SeparateDuties,
        Self::AccountPattern,
        Self::ChainsRoles,
        Self::OtherAccount,
        Self::Broker,
        Self::NodeCredentials,
        Self::StaticKeys,
    ];

    /// It, as a question.
    pub const fn text(self) -> &'static str {
        match self {
            Self::OnEks => {
                "Is it an EKS cluster in an AWS region, rather than EKS Anywhere, Outposts, ROSA or one that you run yourself?"
            }
            Self::PublicIssuer => "Can IAM reach the OIDC issuer of the cluster, and can you run the webhook?",
            Self::OnFargateOrWindows => "Do some of its pods run on Fargate or Windows?",
            Self::OnLinuxNodes => "Do some of its pods run on Linux on EC2, Auto Mode included, or on hybrid nodes?",
            Self::RecentSdks => "Do all its SDKs accept EKS Pod Identity?",
            Self::AgentPossible => "Can the agent of EKS Pod Identity run on its nodes?",
            Self::OidcProviderPossible => "May an OIDC provider for the cluster be made in IAM?",
            Self::WorkingIrsa => "Does it use IRSA today?",
            Self::ManyClusters => "Is the same role used from several clusters?",
            Self::NearIamLimits => "Is the account near its limit of OIDC providers, or a trust policy near its size?",
            Self::NearAssociationLimit => "Does the cluster come near 5,000 associations?",
            Self::SessionTags => "Shall permissions depend on cluster, namespace or service account?",
            Self::SessionPolicy => {
                "Shall several service accounts share a role, and each get less than the whole of it?"
            }
            Self::SeparateDuties => "Do other people care for IAM than for the cluster?",
            Self::AccountPattern => "Does one binding stand for service accounts by a pattern of names?",
            Self::ChainsRoles => "Does the program itself assume further roles?",
            Self::OtherAccount => "Are the permissions in another account than the cluster?",
            Self::Broker => "Does it need leased secrets of other systems or clouds as well?",
            Self::NodeCredentials => "Does it use the role of its node today, or kube2iam or kiam?",
            Self::StaticKeys => "Does it use access keys today?",
        }
    }

    /// What an answer says of the workload.
    pub const fn phrase(self, answer: bool) -> &'static str {
        let (yes, no) = match self {
            Self::OnEks => ("an EKS cluster in a region", "not an EKS cluster in a region"),
            Self::PublicIssuer => ("IAM reaches its issuer", "IAM does not reach its issuer"),
            Self::OnFargateOrWindows => ("pods on Fargate or Windows", "no pods on Fargate or Windows"),
            Self::OnLinuxNodes => ("pods on Linux nodes", "no pods on Linux nodes"),
            Self::RecentSdks => ("recent SDKs", "an old SDK"),
            Self::AgentPossible => ("the agent can run", "the agent cannot run"),
            Self::OidcProviderPossible => ("an OIDC provider may be made", "no OIDC provider may be made"),
            Self::WorkingIrsa => ("uses IRSA", "does not use IRSA"),
            Self::ManyClusters => (
                "the role is used from several clusters",
                "the role is used from one cluster",
            ),
            Self::NearIamLimits => ("near limits of IAM", "far from limits of IAM"),
            Self::NearAssociationLimit => ("near 5,000 associations", "far from 5,000 associations"),
            Self::SessionTags => (
                "permissions depend on session tags",
                "permissions depend on no session tags",
            ),
            Self::SessionPolicy => ("a role is shared and narrowed", "no role is shared and narrowed"),
            Self::SeparateDuties => ("IAM is in other hands", "IAM is in the same hands"),
            Self::AccountPattern => ("service accounts by pattern", "service accounts by name"),
            Self::ChainsRoles => (
                "the program assumes further roles",
                "the program assumes no further role",
            ),
            Self::OtherAccount => (
                "permissions in another account",
                "permissions in the account of the cluster",
            ),
            Self::Broker => ("secrets of other systems as well", "no secrets of other systems"),
            Self::NodeCredentials => ("uses the node's role or a node proxy", "does not use the node's role"),
            Self::StaticKeys => ("uses access keys", "uses no access keys"),
        };
        if answer { yes } else { no }
    }

    /// The answer that is taken where none is given; nothing if none can be.
    pub const fn assumed(self) -> Option<bool> {
        match self {
            Self::OnEks | Self::PublicIssuer | Self::OnFargateOrWindows | Self::OnLinuxNodes => None,
            Self::RecentSdks | Self::AgentPossible | Self::OidcProviderPossible => Some(true),
            Self::WorkingIrsa
            | Self::ManyClusters
            | Self::NearIamLimits
            | Self::NearAssociationLimit
            | Self::SessionTags
            | Self::SessionPolicy
            | Self::SeparateDuties
            | Self::AccountPattern
            | Self::ChainsRoles
            | Self::OtherAccount
            | Self::Broker
            | Self::NodeCredentials
            | Self::StaticKeys => Some(false),
        }
    }
}

impl Question {
    /// The same, with one more answer.
    #[must_use]
    pub fn with(mut self, ask: Ask, answer: bool) -> Self {
        self.set(ask, answer);
        self
    }

    fn set(&mut self, ask: Ask, answer: bool) {
        if let Some(place) = self.answers.get_mut(ask as usize) {
            *place = Some(answer);
        }
    }

    /// What was answered.
    pub fn answer(&self, ask: Ask) -> Option<bool> {
        *self.answers.get(ask as usize)?
    }

    /// What was answered, else what is taken for granted.
    pub(super) fn taken(&self, ask: Ask) -> Option<bool> {
        self.answer(ask).or(ask.assumed())
    }

    /// What a situation, and what came of it, say about a workload.
    pub fn about(situation: &Situation, resolution: &Resolution) -> Self {
        let mut question = Self::default();
        let mut learn = |ask: Ask, answer: Option<bool>| {
            if let Some(answer) = answer {
                question.set(ask, answer);
            }
        };
        let compute = situation.compute;
        let without_agent = compute.map(|compute| match compute {
            Compute::Fargate | Compute::Windows => true,
            Compute::Ec2 | Compute::AutoMode | Compute::Hybrid => false,
        });
        let only_on_eks = matches!(compute, Some(Compute::Fargate | Compute::AutoMode | Compute::Hybrid));
        let is_associated = situation.association.known().is_some();
        learn(Ask::OnEks, (only_on_eks || is_associated).then_some(true));
        learn(Ask::OnFargateOrWindows, without_agent);
        learn(Ask::OnLinuxNodes, without_agent.map(|without| !without));
        let used = situation.sdk.as_ref();
        let recent = used.and_then(|used| used.sdk.accepts_pod_identity(used.version.as_deref()?));
        learn(Ask::RecentSdks, recent);
        learn(Ask::AgentPossible, situation.agent.filter(|runs| *runs));
        let irsa = match &situation.service_account {
            Fact::Known(account) => Some(ServiceAccountObject::role(account).is_some() && !is_associated),
            Fact::Absent => Some(false),
            Fact::Unknown | Fact::Denied => None,
        };
        learn(Ask::WorkingIrsa, irsa);
        let noticed = |ids: &[&str]| {
            let found = resolution.notices.iter().any(|notice| ids.contains(&notice.id));
            found.then_some(true)
        };
        learn(Ask::NodeCredentials, noticed(&["node_proxy"]));
        learn(
            Ask::StaticKeys,
            noticed(&["static_keys_in_pod", "static_keys_referenced"]),
        );
        learn(Ask::Broker, noticed(&["vault_agent"]));
        question
    }
}
