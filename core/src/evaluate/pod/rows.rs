//! What is in a request: data.

use serde::Serialize;

use crate::policy::POD_IDENTITY_SERVICE;

/// One of the requests for a role's credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hop {
    /// IRSA: the pod's SDK hands the service account's token to STS.
    WebIdentity,
    /// EKS Pod Identity: EKS assumes the role of the association.
    Association,
    /// EKS Pod Identity: EKS assumes the target role with the credentials of the association's role.
    Target,
}

impl Hop {
    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WebIdentity => "IRSA",
            Self::Association => "EKS Pod Identity",
            Self::Target => "Target role",
        }
    }
}

/// What one key has in a request, and who says so.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The requests that it is about; none for all.
    pub hop: Option<Hop>,
    /// The action that it is about; none for all.
    pub action: Option<&'static str>,
    /// With which session tags it holds.
    pub tags: WithTags,
    /// The key. `*` at its end stands for all that have no row of their own, `ISSUER` for the issuer of the pod's token, and `PROVIDER:CLAIM`
    /// for the claims of any other.
    pub key: &'static str,
    /// What the request has.
    pub carries: Carries,
    /// Who says so.
    pub source: &'static Source,
    /// What a reader should know; may be empty.
    pub note: &'static str,
}

/// With which session tags a row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithTags {
    /// With and without.
    Either,
    /// Where they are sent.
    Sent,
    /// Where the association has them disabled.
    Disabled,
}

/// What a request has for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    /// Nothing.
    Nothing,
    /// A value that nobody can know beforehand.
    Something,
    /// Nobody has documented it, or it depends on what cannot be known.
    Unknown,
    /// What is known of the pod and the roles.
    These(Part),
}

/// Something of the pod or of the roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The same for all pods.
    Text(&'static str),
    /// The ARN of the cluster.
    ClusterArn,
    /// The name of the cluster.
    ClusterName,
    /// The namespace.
    Namespace,
    /// The service account.
    ServiceAccount,
    /// The name of the pod.
    PodName,
    /// The uid of the pod.
    PodUid,
    /// The names of the session tags.
    TagNames,
    /// The account of the cluster, where it is known that EKS sends it.
    SourceAccount,
    /// The account of the cluster.
    ClusterAccount,
    /// The organization of the cluster's account.
    ClusterOrganization,
    /// The subject of the token.
    Subject,
    /// The audience of the token.
    Audience,
    /// The ARN of the OIDC provider.
    Provider,
    /// The account of the role that is asked for.
    RoleAccount,
    /// The organization of that account.
    RoleOrganization,
    /// The tag of that role.
    RoleTag,
    /// The ARN of the association's role.
    SourceRole,
    /// The tag of the association's role.
    SourceRoleTag,
    /// Region, account, cluster, namespace and service account.
    ExternalId,
}

/// A page that says what a row says.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// Its title.
    pub title: &'static str,
    /// Its address.
    pub url: &'static str,
}

/// The tags of a session that EKS Pod Identity opens, all transitive.
pub(crate) const SESSION_TAGS: [(&str, Part); 6] = [
    ("eks-cluster-arn", Part::ClusterArn),
    ("eks-cluster-name", Part::ClusterName),
    ("kubernetes-namespace", Part::Namespace),
    ("kubernetes-service-account", Part::ServiceAccount),
    ("kubernetes-pod-name", Part::PodName),
    ("kubernetes-pod-uid", Part::PodUid),
];

const EKS_ROLE: Source = Source {
    title: "Amazon EKS User Guide, EKS Pod Identity role",
    url: "https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html",
};
const EKS_TAGS: Source = Source {
    title: "Amazon EKS User Guide, Grant Pods access to AWS resources based on tags",
    url: "https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html",
};
const EKS_TARGET: Source = Source {
    title: "Amazon EKS User Guide, Target IAM roles",
    url: "https://docs.aws.amazon.com/eks/latest/userguide/pod-id-assign-target-role.html",
};
const EKS_IRSA: Source = Source {
    title: "Amazon EKS User Guide, Assign IAM roles to Kubernetes service accounts",
    url: "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
};
const EKS_PRACTICES: Source = Source {
    title: "Amazon EKS Best Practices Guide, Identity and Access Management",
    url: "https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
};
const GLOBAL_KEYS: Source = Source {
    title: "IAM User Guide, AWS global condition context keys",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
};
const STS_KEYS: Source = Source {
    title: "IAM User Guide, IAM and AWS STS condition context keys",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html",
};
const PRINCIPAL_KEYS: Source = Source {
    title: "IAM User Guide, Policy variables",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html",
};
const SESSION_TAG_RULES: Source = Source {
    title: "IAM User Guide, Pass session tags in AWS STS",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html",
};
const HTTPS: Source = Source {
    title: "IAM User Guide, Calling the IAM API using HTTP query requests",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/programming.html",
};
const WEB_IDENTITY: Source = Source {
    title: "AWS STS API Reference, AssumeRoleWithWebIdentity",
    url: "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html",
};
const TOKENS: Source = Source {
    title: "Kubernetes, Managing Service Accounts",
    url: "https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/",
};
const SOURCE_ARN: Source = Source {
    title: "awslabs/mountpoint-s3-csi-driver#781",
    url: "https://github.com/awslabs/mountpoint-s3-csi-driver/issues/781",
};

const fn all(key: &'static str, carries: Carries, source: &'static Source) -> Row {
    Row {
        hop: None,
        action: None,
        tags: WithTags::Either,
        key,
        carries,
        source,
        note: "",
    }
}

const fn irsa(key: &'static str, carries: Carries, source: &'static Source) -> Row {
    Row {
        hop: Some(Hop::WebIdentity),
        ..all(key, carries, source)
    }
}

const fn first(key: &'static str, carries: Carries, source: &'static Source) -> Row {
    Row {
        hop: Some(Hop::Association),
        ..all(key, carries, source)
    }
}

const fn second(key: &'static str, carries: Carries, source: &'static Source) -> Row {
    Row {
        hop: Some(Hop::Target),
        ..all(key, carries, source)
    }
}

impl Row {
    const fn sent(self) -> Self {
        Self {
            tags: WithTags::Sent,
            ..self
        }
    }

    const fn disabled(self) -> Self {
        Self {
            tags: WithTags::Disabled,
            ..self
        }
    }

    const fn of(self, action: &'static str) -> Self {
        Self {
            action: Some(action),
            ..self
        }
    }

    const fn note(self, note: &'static str) -> Self {
        Self { note, ..self }
    }
}

use Carries::{Nothing, Something, These, Unknown};

/// What is known of every key that somebody has documented.
pub const ROWS: &[Row] = &[
    // Every request.
    all("aws:ResourceAccount", These(Part::RoleAccount), &GLOBAL_KEYS),
    all("aws:ResourceOrgID", These(Part::RoleOrganization), &GLOBAL_KEYS),
    all("aws:ResourceTag/*", These(Part::RoleTag), &SESSION_TAG_RULES),
    all("iam:ResourceTag/*", These(Part::RoleTag), &STS_KEYS),
    all("aws:CurrentTime", Something, &GLOBAL_KEYS),
    all("aws:EpochTime", Something, &GLOBAL_KEYS),
    all("aws:UserAgent", Something, &GLOBAL_KEYS),
    all("aws:RequestedRegion", Something, &GLOBAL_KEYS).note("The region of the STS endpoint that is called."),
    all("aws:SecureTransport", These(Part::Text("true")), &HTTPS),
    all("aws:SourceIp", Unknown, &GLOBAL_KEYS).note("Absent where the call goes through a VPC endpoint."),
    all("aws:SourceVpc", Unknown, &GLOBAL_KEYS).note("Present only where the call goes through a VPC endpoint."),
    all("aws:SourceVpce", Unknown, &GLOBAL_KEYS).note("Present only where the call goes through a VPC endpoint."),
    all("aws:VpcSourceIp", Unknown, &GLOBAL_KEYS).note("Present only where the call goes through a VPC endpoint."),
    all("aws:referer", Nothing, &GLOBAL_KEYS).note("Only browsers send it."),
    all("aws:username", Nothing, &GLOBAL_KEYS).note("Only IAM users have one."),
    all("aws:MultiFactorAuthAge", Nothing, &GLOBAL_KEYS),
    all("sts:RoleSessionName", Something, &STS_KEYS).note("The caller chooses it: it says nothing of who calls."),
    all("sts:DurationSeconds", Nothing, &STS_KEYS).note("Only in requests for bearer tokens."),
    all("sts:AWSServiceName", Nothing, &STS_KEYS).note("Only in requests for bearer tokens."),
    all("saml:*", Nothing, &STS_KEYS),
    // IRSA.
    irsa("ISSUER:aud", These(Part::Audience), &EKS_IRSA),
    irsa("ISSUER:sub", These(Part::Subject), &EKS_IRSA),
    irsa("ISSUER:*", Unknown, &STS_KEYS).note("No other claim of EKS's tokens is documented as a key."),
    irsa("PROVIDER:CLAIM", Nothing, &STS_KEYS).note("A request has the claims of the one token that it brings."),
    irsa("aws:FederatedProvider", These(Part::Provider), &GLOBAL_KEYS),
    irsa("aws:PrincipalArn", Nothing, &GLOBAL_KEYS).note("The call is not signed."),
    irsa("aws:PrincipalIsAWSService", Nothing, &GLOBAL_KEYS).note("The call is not signed."),
    irsa("aws:PrincipalServiceName", Nothing, &GLOBAL_KEYS),
    irsa("aws:PrincipalServiceNamesList", Nothing, &GLOBAL_KEYS),
    irsa("aws:PrincipalOrgID", Nothing, &GLOBAL_KEYS).note("The call is not signed."),
    irsa("aws:PrincipalOrgPaths", Nothing, &GLOBAL_KEYS).note("The call is not signed."),
    irsa("aws:PrincipalTag/*", Nothing, &GLOBAL_KEYS).note("There is no session yet."),
    irsa("aws:userid", Nothing, &GLOBAL_KEYS).note("The call is not signed."),
    irsa("aws:TokenIssueTime", Nothing, &GLOBAL_KEYS).note("The call is not signed."),
    irsa("aws:MultiFactorAuthPresent", Nothing, &GLOBAL_KEYS).note("The call is not signed."),
    irsa("aws:RequestTag/*", Nothing, &TOKENS).note("Tokens of service accounts carry no session tags."),
    irsa("aws:TagKeys", Nothing, &TOKENS).note("Tokens of service accounts carry no session tags."),
    irsa("sts:TransitiveTagKeys", Nothing, &TOKENS).note("Tokens of service accounts carry no session tags."),
    irsa("sts:SourceIdentity", Nothing, &TOKENS).note("Tokens of service accounts carry no source identity."),
    irsa("sts:ExternalId", Nothing, &WEB_IDENTITY).note("The action has no such parameter."),
    irsa("aws:SourceAccount", Nothing, &GLOBAL_KEYS).note("Only services send it."),
    irsa("aws:SourceArn", Nothing, &GLOBAL_KEYS).note("Only services send it."),
    irsa("aws:SourceOrgID", Nothing, &GLOBAL_KEYS).note("Only services send it."),
    irsa("aws:SourceOrgPaths", Nothing, &GLOBAL_KEYS).note("Only services send it."),
    irsa("aws:ViaAWSService", These(Part::Text("false")), &GLOBAL_KEYS).note("The pod calls STS itself."),
    irsa("aws:CalledVia", Nothing, &GLOBAL_KEYS).note("The pod calls STS itself."),
    irsa("aws:CalledViaFirst", Nothing, &GLOBAL_KEYS).note("The pod calls STS itself."),
    irsa("aws:CalledViaLast", Nothing, &GLOBAL_KEYS).note("The pod calls STS itself."),
    // EKS Pod Identity, the role of the association.
    first("aws:RequestTag/eks-cluster-arn", These(Part::ClusterArn), &EKS_ROLE).sent(),
    first("aws:RequestTag/eks-cluster-name", These(Part::ClusterName), &EKS_ROLE).sent(),
    first("aws:RequestTag/kubernetes-namespace", These(Part::Namespace), &EKS_ROLE).sent(),
    first(
        "aws:RequestTag/kubernetes-service-account",
        These(Part::ServiceAccount),
        &EKS_ROLE,
    )
    .sent(),
    first("aws:RequestTag/kubernetes-pod-name", These(Part::PodName), &EKS_ROLE).sent(),
    first("aws:RequestTag/kubernetes-pod-uid", These(Part::PodUid), &EKS_ROLE).sent(),
    first("aws:RequestTag/*", Nothing, &EKS_TAGS).note("EKS adds no other tags, and none where they are disabled."),
    first("aws:TagKeys", These(Part::TagNames), &EKS_TAGS).sent(),
    first("aws:TagKeys", Nothing, &EKS_TAGS).disabled(),
    first("sts:TransitiveTagKeys", These(Part::TagNames), &EKS_TAGS)
        .sent()
        .note("All of the tags are transitive."),
    first("sts:TransitiveTagKeys", Nothing, &EKS_TAGS).disabled(),
    first("aws:SourceAccount", These(Part::SourceAccount), &SOURCE_ARN)
        .note("Nobody has confirmed it outside of partition `aws`, nor on hybrid nodes: unknown there."),
    first("aws:SourceArn", Unknown, &SOURCE_ARN)
        .note("Its form is not documented; it is not the ARN of the association."),
    first("aws:SourceOrgID", These(Part::ClusterOrganization), &EKS_PRACTICES)
        .note("Only where the account is in an organization."),
    first("aws:PrincipalIsAWSService", These(Part::Text("true")), &GLOBAL_KEYS),
    first(
        "aws:PrincipalServiceName",
        These(Part::Text(POD_IDENTITY_SERVICE)),
        &GLOBAL_KEYS,
    ),
    first("aws:PrincipalServiceNamesList", Something, &GLOBAL_KEYS),
    first("aws:PrincipalOrgID", Nothing, &GLOBAL_KEYS).note("A service is in no organization."),
    first("aws:PrincipalOrgPaths", Nothing, &GLOBAL_KEYS).note("A service is in no organization."),
    first("aws:PrincipalTag/*", Nothing, &GLOBAL_KEYS).note("There is no session yet: the tags are request tags."),
    first("aws:FederatedProvider", Nothing, &GLOBAL_KEYS),
    first("PROVIDER:CLAIM", Nothing, &STS_KEYS).note("No token is handed to STS."),
    // EKS Pod Identity, the target role.
    second("aws:RequestTag/eks-cluster-arn", These(Part::ClusterArn), &EKS_TARGET).sent(),
    second("aws:RequestTag/eks-cluster-name", These(Part::ClusterName), &EKS_TAGS).sent(),
    second(
        "aws:RequestTag/kubernetes-namespace",
        These(Part::Namespace),
        &EKS_TARGET,
    )
    .sent(),
    second(
        "aws:RequestTag/kubernetes-service-account",
        These(Part::ServiceAccount),
        &EKS_TARGET,
    )
    .sent(),
    second("aws:RequestTag/kubernetes-pod-name", These(Part::PodName), &EKS_TAGS).sent(),
    second("aws:RequestTag/kubernetes-pod-uid", These(Part::PodUid), &EKS_TAGS).sent(),
    second("aws:RequestTag/*", Nothing, &EKS_TAGS).note("EKS adds no other tags, and none where they are disabled."),
    second("aws:TagKeys", Nothing, &EKS_TAGS).disabled(),
    second("sts:TransitiveTagKeys", Nothing, &EKS_TAGS).disabled(),
    second("aws:PrincipalTag/eks-cluster-arn", These(Part::ClusterArn), &EKS_TAGS).sent(),
    second("aws:PrincipalTag/eks-cluster-name", These(Part::ClusterName), &EKS_TAGS).sent(),
    second(
        "aws:PrincipalTag/kubernetes-namespace",
        These(Part::Namespace),
        &EKS_TAGS,
    )
    .sent(),
    second(
        "aws:PrincipalTag/kubernetes-service-account",
        These(Part::ServiceAccount),
        &EKS_TAGS,
    )
    .sent(),
    second("aws:PrincipalTag/kubernetes-pod-name", These(Part::PodName), &EKS_TAGS).sent(),
    second("aws:PrincipalTag/kubernetes-pod-uid", These(Part::PodUid), &EKS_TAGS).sent(),
    second("aws:PrincipalTag/*", These(Part::SourceRoleTag), &EKS_TAGS)
        .note("Tags of the session win over the role's."),
    second("sts:ExternalId", These(Part::ExternalId), &EKS_TARGET)
        .of("sts:AssumeRole")
        .disabled()
        .note("Whether it is sent beside tags, or with `sts:TagSession`, is not documented."),
    second("aws:PrincipalArn", These(Part::SourceRole), &EKS_TARGET).note("The ARN of the role, with its path."),
    second("aws:PrincipalAccount", These(Part::ClusterAccount), &GLOBAL_KEYS),
    second("aws:PrincipalOrgID", These(Part::ClusterOrganization), &GLOBAL_KEYS),
    second("aws:PrincipalType", These(Part::Text("AssumedRole")), &PRINCIPAL_KEYS),
    second("aws:PrincipalIsAWSService", These(Part::Text("false")), &GLOBAL_KEYS),
    second("aws:PrincipalServiceName", Nothing, &GLOBAL_KEYS),
    second("aws:PrincipalServiceNamesList", Nothing, &GLOBAL_KEYS),
    second("aws:userid", Something, &PRINCIPAL_KEYS),
    second("aws:TokenIssueTime", Something, &GLOBAL_KEYS),
    second("aws:MultiFactorAuthPresent", Something, &GLOBAL_KEYS),
    second("aws:SourceAccount", Nothing, &GLOBAL_KEYS).note("Only services send it."),
    second("aws:SourceArn", Nothing, &GLOBAL_KEYS).note("Only services send it."),
    second("aws:SourceOrgID", Nothing, &GLOBAL_KEYS).note("Only services send it."),
    second("aws:SourceOrgPaths", Nothing, &GLOBAL_KEYS).note("Only services send it."),
    second("aws:FederatedProvider", Nothing, &GLOBAL_KEYS),
    second("PROVIDER:CLAIM", Nothing, &STS_KEYS).note("No token is handed to STS."),
];
