/// Something that is often said of the two mechanisms, and what is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    /// What is said.
    pub(super) said: &'static str,
    /// What is so.
    pub(super) so: &'static str,
    /// Who says so.
    pub(super) source: &'static str,
}

const HOW_IT_WORKS: &str = "EKS User Guide, Understand how EKS Pod Identity works";
const ROLE: &str = "EKS User Guide, Create IAM role with trust policy required by EKS Pod Identity";
const RESTRICTIONS: &str = "EKS User Guide, Learn how EKS Pod Identity grants pods access to AWS services";

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        said: "EKS Pod Identity chooses pods by label or namespace.",
        so: "An association names exactly one namespace and one service account.",
        source: "EKS API reference, CreatePodIdentityAssociation",
    },
    Claim {
        said: "Its service account needs the annotation with the role.",
        so: "That is the annotation of IRSA. An association needs none, and one that is left behind takes effect again once the association is gone.",
        source: "amazon-eks-pod-identity-webhook, handler.go",
    },
    Claim {
        said: "Its role needs no trust policy of its own.",
        so: "The role trusts `pods.eks.amazonaws.com` for `sts:AssumeRole` and `sts:TagSession`; without conditions it serves every association of the account.",
        source: ROLE,
    },
    Claim {
        said: "It gives the pod a role ARN and a web identity token.",
        so: "It gives the address of the agent and a token for it: `AWS_CONTAINER_CREDENTIALS_FULL_URI` and `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE`.",
        source: HOW_IT_WORKS,
    },
    Claim {
        said: "A new role of an association reaches running pods at once.",
        so: "The agent keeps credentials. Replace the pods.",
        source: "EKS User Guide, Access AWS resources using EKS Pod Identity target IAM roles",
    },
    Claim {
        said: "Only IRSA keeps tenants apart.",
        so: "Both bind a service account to a role. The trust policy that the guides show for EKS Pod Identity is the wider; conditions close it.",
        source: ROLE,
    },
    Claim {
        said: "The role of the node decides which role a pod gets.",
        so: "EKS Auth does, from the token of the pod. The role of the node only allows the agent to ask.",
        source: "EKS API reference, AssumeRoleForPodIdentity",
    },
    Claim {
        said: "Associations are objects in the cluster.",
        so: "They are in the API of EKS only; neither the namespace nor the service account need exist.",
        source: RESTRICTIONS,
    },
    Claim {
        said: "EKS Pod Identity always wins.",
        so: "When a pod is made it does. Older pods keep IRSA, and what the template itself sets comes first in most chains.",
        source: HOW_IT_WORKS,
    },
    Claim {
        said: "Any pod on EKS can use it.",
        so: "Pods on Linux nodes on EC2 and on hybrid nodes, with a recent SDK.",
        source: RESTRICTIONS,
    },
    Claim {
        said: "A migration ends with the association.",
        so: "Pods must be replaced; then the annotation and the old statement can go. Pods on Fargate and Windows stay behind with a service account of their own.",
        source: HOW_IT_WORKS,
    },
    Claim {
        said: "`eksctl create iamidentitymapping` gives pods a role.",
        so: "It lets principals of IAM into the cluster. For pods there are `create iamserviceaccount` and `create podidentityassociation`.",
        source: "eksctl User Guide",
    },
];
