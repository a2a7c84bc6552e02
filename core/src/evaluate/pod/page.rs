use std::fmt::Write;

use super::rows::{Carries, Hop, Part, ROWS, Row, SESSION_TAGS, Source, WithTags};

/// The page on what is in each request, as Markdown.
pub fn page() -> String {
    let mut page = String::from(INTRODUCTION);
    let mut sources: Vec<&Source> = Vec::new();
    for (hop, title, text) in [
        (None, "Every request", ""),
        (Some(Hop::WebIdentity), "IRSA", IRSA),
        (
            Some(Hop::Association),
            "EKS Pod Identity: the role of the association",
            ASSOCIATION,
        ),
        (Some(Hop::Target), "EKS Pod Identity: the target role", TARGET),
    ] {
        _ = write!(page, "\n## {title}\n\n{text}");
        page.push_str("| key | in the request | source |\n|---|---|---|\n");
        for row in ROWS.iter().filter(|row| row.hop == hop) {
            let number = sources.iter().position(|source| source.url == row.source.url);
            let number = number.unwrap_or_else(|| {
                sources.push(row.source);
                sources.len() - 1
            });
            _ = writeln!(page, "| `{}` | {} | [{}] |", row.key, carries(row), number + 1);
        }
    }
    page.push_str("\n## Sources\n\n");
    for (index, source) in sources.iter().enumerate() {
        _ = writeln!(page, "- \\[{}\\] [{}]({})", index + 1, source.title, source.url);
    }
    page.push('\n');
    for (index, source) in sources.iter().enumerate() {
        _ = writeln!(page, "[{}]: {}", index + 1, source.url);
    }
    page
}

const INTRODUCTION: &str = "\
# What is in a pod's request for a role

STS decides by the role's trust policy, and the conditions of that policy look at keys of the request. Which keys a request has depends on how
the pod gets its credentials. This page lists what is known, each with the page that says so. The engine works with exactly this table: a key
that is *absent* makes a positive condition fail and a negated one hold; a key whose value nobody can know, or that has no row here, makes the
answer *unknown*, never a guess.

Some conclusions:

- `aws:PrincipalTag/…` is not in the request for the role of an association: the session tags are request tags there.
- Where an association has its session tags disabled, no condition on `aws:RequestTag/…` can hold, and what is left to tell pods apart by is
  the account.
- A Deny with a negated operator on a key that services do not send, such as `aws:PrincipalOrgID`, shuts out every pod that uses EKS Pod
  Identity; `…IfExists` changes nothing about it. What helps is to ask for the key first (`Null` with `false`), or to make an exception for
  `aws:PrincipalIsAWSService`.
";

const IRSA: &str = "\
The pod's SDK calls `sts:AssumeRoleWithWebIdentity` with the token of its service account. The call is not signed.

";

const ASSOCIATION: &str = "\
EKS calls as `pods.eks.amazonaws.com`: `sts:AssumeRole` and, where it sends session tags, `sts:TagSession`. Both must be allowed.

";

const TARGET: &str = "\
EKS calls with the credentials of the association's role: `sts:AssumeRole` and, where it sends session tags, `sts:TagSession`. Whether the latter
is needed where they are disabled is not documented, and AWS's example allows it: if a policy does not, the answer is *unknown*.

";

fn carries(row: &Row) -> String {
    let mut text = match row.carries {
        Carries::Nothing => "absent".to_owned(),
        Carries::Something => "present, value not known beforehand".to_owned(),
        Carries::Unknown => "unknown".to_owned(),
        Carries::These(part) => part.in_words(),
    };
    if let Some(action) = row.action {
        _ = write!(text, ", with `{action}`");
    }
    match row.tags {
        WithTags::Either => {}
        WithTags::Sent => text.push_str(", where session tags are sent"),
        WithTags::Disabled => text.push_str(", where session tags are disabled"),
    }
    if !row.note.is_empty() {
        _ = write!(text, ". {}", row.note);
    }
    text
}

impl Part {
    fn in_words(self) -> String {
        match self {
            Self::Text(text) => return format!("`{text}`"),
            Self::TagNames => {
                let names: Vec<_> = SESSION_TAGS.iter().map(|(name, _)| format!("`{name}`")).collect();
                return names.join(", ");
            }
            Self::ClusterArn => "the ARN of the cluster",
            Self::ClusterName => "the name of the cluster",
            Self::Namespace => "the namespace",
            Self::ServiceAccount => "the service account",
            Self::PodName => "the name of the pod",
            Self::PodUid => "the uid of the pod",
            Self::SourceAccount | Self::ClusterAccount => "the account of the cluster",
            Self::ClusterOrganization => "the organization of the cluster's account",
            Self::Subject => "`system:serviceaccount:NAMESPACE:SERVICE_ACCOUNT`",
            Self::Audience => "the audience of the token, `sts.amazonaws.com` unless an annotation names another",
            Self::Provider => "the ARN of the OIDC provider",
            Self::RoleAccount => "the account of the role",
            Self::RoleOrganization => "the organization of the role's account",
            Self::RoleTag => "the tag of the role, if it has it",
            Self::SourceRole => "the ARN of the association's role",
            Self::SourceRoleTag => "the tag of the association's role, if it has it",
            Self::ExternalId => "`REGION/ACCOUNT/CLUSTER/NAMESPACE/SERVICE_ACCOUNT`",
        }
        .to_owned()
    }
}
