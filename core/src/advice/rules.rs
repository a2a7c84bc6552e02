use serde::Serialize;

use super::question::{Ask, Question};

/// Something that argues for a mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Its name, which stays.
    pub id: &'static str,
    /// The answers under which it holds, all of them.
    pub when: &'static [(Ask, bool)],
    /// What it argues for.
    pub argues_for: ArguesFor,
    /// How strongly.
    pub weight: Weight,
    /// Why, in sentences.
    pub reason: &'static str,
    /// Who says so.
    pub source: &'static str,
}

/// What a rule argues for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ArguesFor {
    /// IRSA.
    Irsa,
    /// EKS Pod Identity.
    PodIdentity,
    /// Both, for different service accounts.
    Both,
    /// Either of them, before anything else.
    Either,
    /// Something else.
    Neither,
}

/// How strongly a rule argues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// There is a choice, and this is the smaller reason.
    May,
    /// There is a choice, and this is a good reason.
    Should,
    /// Nothing else works.
    Must,
}

const RESTRICTIONS: &str = "EKS User Guide, Learn how EKS Pod Identity grants pods access to AWS services";
const BEST_PRACTICES: &str = "EKS Best Practices Guide, Identity and Access Management";
const TAGS: &str = "EKS User Guide, Grant Pods access to AWS resources based on tags";

/// All rules, the stronger first.
pub const RULES: &[Rule] = &[
    Rule {
        id: "no_pod_identity_outside_eks",
        when: &[(Ask::OnEks, false), (Ask::PublicIssuer, true)],
        argues_for: ArguesFor::Irsa,
        weight: Weight::Must,
        reason: "EKS Pod Identity exists in EKS clusters in AWS regions only. IRSA works wherever IAM can check the tokens of a cluster: give IAM the issuer, and run the \
                 Amazon EKS Pod Identity Webhook.",
        source: RESTRICTIONS,
    },
    Rule {
        id: "no_issuer",
        when: &[(Ask::OnEks, false), (Ask::PublicIssuer, false)],
        argues_for: ArguesFor::Neither,
        weight: Weight::Must,
        reason: "IAM can only check tokens whose issuer it can reach. Publish the issuer, use IAM Roles Anywhere, or let a broker hand out credentials; access keys are the last \
                 resort.",
        source: "IAM User Guide, Create an OpenID Connect (OIDC) identity provider in IAM",
    },
    Rule {
        id: "no_agent_on_fargate_and_windows",
        when: &[
            (Ask::OnEks, true),
            (Ask::OnFargateOrWindows, true),
            (Ask::OnLinuxNodes, false),
        ],
        argues_for: ArguesFor::Irsa,
        weight: Weight::Must,
        reason: "The agent of EKS Pod Identity runs on Linux nodes on EC2 and on hybrid nodes. Pods on Fargate and Windows get nothing from it.",
        source: RESTRICTIONS,
    },
    Rule {
        id: "mixed_nodes",
        when: &[
            (Ask::OnEks, true),
            (Ask::OnFargateOrWindows, true),
            (Ask::OnLinuxNodes, true),
        ],
        argues_for: ArguesFor::Both,
        weight: Weight::Must,
        reason: "Pods on Fargate and Windows need IRSA, and an association keeps IRSA away from new pods of its service account. Give them a service account of their own; the others \
                 are free to choose.",
        source: RESTRICTIONS,
    },
    Rule {
        id: "old_sdk",
        when: &[(Ask::OnEks, true), (Ask::RecentSdks, false)],
        argues_for: ArguesFor::Irsa,
        weight: Weight::Must,
        reason: "An SDK from before late 2023 does not accept the address of the agent. Update it first, or stay with IRSA, which older ones know.",
        source: "EKS User Guide, Use pod identity with the AWS SDK",
    },
    Rule {
        id: "no_agent",
        when: &[(Ask::OnEks, true), (Ask::AgentPossible, false)],
        argues_for: ArguesFor::Irsa,
        weight: Weight::Must,
        reason: "EKS Pod Identity needs its agent on each node: a DaemonSet on the network of the node, whose IAM role allows `eks-auth:AssumeRoleForPodIdentity`, with a way to \
                 EKS Auth. In Auto Mode it is built in.",
        source: "EKS User Guide, Set up the Amazon EKS Pod Identity Agent",
    },
    Rule {
        id: "no_provider",
        when: &[(Ask::OnEks, true), (Ask::OidcProviderPossible, false)],
        argues_for: ArguesFor::PodIdentity,
        weight: Weight::Must,
        reason: "IRSA needs an OIDC provider of the cluster in the account of the role. EKS Pod Identity needs none.",
        source: "EKS User Guide, Create an IAM OIDC provider for your cluster",
    },
    Rule {
        id: "new_on_linux",
        when: &[
            (Ask::OnEks, true),
            (Ask::OnLinuxNodes, true),
            (Ask::OnFargateOrWindows, false),
            (Ask::WorkingIrsa, false),
        ],
        argues_for: ArguesFor::PodIdentity,
        weight: Weight::Should,
        reason: "For new workloads EKS Pod Identity asks for less: no provider, no annotation, one trust policy for all clusters. Narrow that with conditions: without them every \
                 association of the account may use the role.",
        source: "EKS User Guide, Grant Kubernetes workloads access to AWS using Kubernetes Service Accounts",
    },
    Rule {
        id: "many_clusters",
        when: &[(Ask::OnEks, true), (Ask::ManyClusters, true)],
        argues_for: ArguesFor::PodIdentity,
        weight: Weight::Should,
        reason: "With IRSA each cluster adds a provider to the account and a statement to the role. With EKS Pod Identity it adds an association, and the trust policy stays.",
        source: "EKS User Guide, Grant Kubernetes workloads access to AWS using Kubernetes Service Accounts",
    },
    Rule {
        id: "near_iam_limits",
        when: &[(Ask::OnEks, true), (Ask::NearIamLimits, true)],
        argues_for: ArguesFor::PodIdentity,
        weight: Weight::Should,
        reason: "An account has 100 OIDC providers unless it asks for more, and a trust policy of 2,048 characters holds about four clusters with IRSA. EKS Pod Identity uses neither up.",
        source: "IAM User Guide, IAM and AWS STS quotas",
    },
    Rule {
        id: "near_association_limit",
        when: &[(Ask::OnEks, true), (Ask::NearAssociationLimit, true)],
        argues_for: ArguesFor::Irsa,
        weight: Weight::Should,
        reason: "A cluster has at most 5,000 associations, and Service Quotas does not raise that. IRSA has no limit for a cluster.",
        source: "EKS User Guide, View and manage Amazon EKS and Fargate service quotas",
    },
    Rule {
        id: "session_tags",
        when: &[(Ask::OnEks, true), (Ask::SessionTags, true)],
        argues_for: ArguesFor::PodIdentity,
        weight: Weight::Should,
        reason: "Sessions of EKS Pod Identity carry cluster, namespace, service account and pod as tags that policies can compare. Those of IRSA carry none.",
        source: TAGS,
    },
    Rule {
        id: "account_pattern",
        when: &[(Ask::AccountPattern, true)],
        argues_for: ArguesFor::Irsa,
        weight: Weight::Should,
        reason: "An association names one namespace and one service account. The trust policy of IRSA can name a pattern of them; keep it inside a namespace.",
        source: RESTRICTIONS,
    },
    Rule {
        id: "replace_node_credentials",
        when: &[(Ask::NodeCredentials, true)],
        argues_for: ArguesFor::Either,
        weight: Weight::Should,
        reason: "Every pod that reaches the role of a node has it, and a proxy on the node can become any role that it serves. Both mechanisms give each service account its own. Keep pods \
                 from the instance metadata afterwards.",
        source: BEST_PRACTICES,
    },
    Rule {
        id: "replace_static_keys",
        when: &[(Ask::StaticKeys, true)],
        argues_for: ArguesFor::Either,
        weight: Weight::Should,
        reason: "Access keys leak, are not renewed, and outdo both mechanisms in nearly every SDK: take them out of the pod, or nothing changes.",
        source: "IAM User Guide, Security best practices in IAM",
    },
    Rule {
        id: "separate_duties",
        when: &[(Ask::OnEks, true), (Ask::SeparateDuties, true)],
        argues_for: ArguesFor::PodIdentity,
        weight: Weight::May,
        reason: "With EKS Pod Identity, who runs a cluster binds roles without editing their trust, within `iam:PassRole`. With IRSA every cluster and service account is an edit of the role.",
        source: RESTRICTIONS,
    },
    Rule {
        id: "session_policy",
        when: &[(Ask::OnEks, true), (Ask::SessionPolicy, true)],
        argues_for: ArguesFor::PodIdentity,
        weight: Weight::May,
        reason: "An association can carry a policy that narrows its sessions, so one role serves several service accounts. It turns session tags off. IRSA needs a role for each.",
        source: "AWS Containers Blog, session policies for EKS Pod Identity, March 2026",
    },
    Rule {
        id: "working_irsa",
        when: &[(Ask::WorkingIrsa, true)],
        argues_for: ArguesFor::Irsa,
        weight: Weight::May,
        reason: "What works may stay: IRSA is supported, and both live side by side. Move a service account when another reason asks for it.",
        source: BEST_PRACTICES,
    },
    Rule {
        id: "chains_roles",
        when: &[(Ask::OnEks, true), (Ask::ChainsRoles, true)],
        argues_for: ArguesFor::Irsa,
        weight: Weight::May,
        reason: "The session tags of EKS Pod Identity go along when the program assumes a further role: that role must allow `sts:TagSession`, and so must the caller, or tags must be off. \
                 IRSA needs nothing of the kind.",
        source: TAGS,
    },
    Rule {
        id: "other_account",
        when: &[(Ask::OtherAccount, true)],
        argues_for: ArguesFor::Either,
        weight: Weight::May,
        reason: "Both reach other accounts: EKS Pod Identity through a target role that EKS assumes from the role of the association, IRSA through a provider for the cluster in that account.",
        source: "EKS User Guide, Access AWS resources using EKS Pod Identity target IAM roles",
    },
    Rule {
        id: "broker",
        when: &[(Ask::Broker, true)],
        argues_for: ArguesFor::Either,
        weight: Weight::May,
        reason: "A broker such as Vault leases secrets of other systems and clouds. It does not do away with the choice: let it log in to AWS by one of these itself.",
        source: "HashiCorp Vault, AWS secrets engine",
    },
];

impl Rule {
    /// Whether it holds; `None` if that depends on an answer that is not given.
    pub fn holds(&self, question: &Question) -> Option<bool> {
        let mut known = true;
        for (ask, answer) in self.when {
            match question.taken(*ask) {
                Some(found) if found != *answer => return Some(false),
                Some(_) => {}
                None => known = false,
            }
        }
        known.then_some(true)
    }
}

impl ArguesFor {
    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Irsa => "IRSA",
            Self::PodIdentity => "EKS Pod Identity",
            Self::Both => "both, for different service accounts",
            Self::Either => "either",
            Self::Neither => "neither",
        }
    }
}
