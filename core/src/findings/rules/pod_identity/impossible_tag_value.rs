use super::examples::{SCOPED, TAGS_PAGE};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::rules::clause::has_wildcard;
use crate::findings::rules::clause::{CLUSTER_ARN, CLUSTER_NAME, NAMESPACE, SERVICE_ACCOUNT};
use crate::findings::subject::Subject;
use crate::ids::{ClusterArn, ClusterName, Namespace, Partition, ServiceAccount};
use crate::policy::TestKind;

pub(super) const RULE: Rule = Rule {
    code: "PIB215",
    slug: "impossible-tag-value",
    title: "Pod Identity trust asks for a tag value that cannot be",
    severity: Severity::Error,
    fix: "Write what the tag holds: the ARN of the cluster in `eks-cluster-arn`, and plain names in `eks-cluster-name`, `kubernetes-namespace` and \
          `kubernetes-service-account`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A condition on a session tag has a value that no cluster, namespace or service account can have: the name of a cluster where its ARN belongs, an \
           ARN where its name belongs, a subject of IRSA, capital letters, the partition of another region.",
    why: "The value never matches, so the pods that are meant are refused.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {"StringEquals": {
      "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
      "aws:RequestTag/kubernetes-namespace": "shop",
      "aws:RequestTag/kubernetes-service-account": "system:serviceaccount:shop:api"
    }}
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: SCOPED,
        context: "",
    },
    sources: &[TAGS_PAGE, "Kubernetes documentation, Object Names and IDs"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for statement in subject.pod_statements() {
        for clause in statement.clauses() {
            let Some(tag) = clause.tag() else { continue };
            if clause.operator.test.kind() != TestKind::String && clause.operator.test.kind() != TestKind::Arn {
                continue;
            }
            for (path, value) in clause.fixed_values() {
                // Text of a template is another mistake.
                if has_wildcard(value) || value.contains(['<', '{', '[']) {
                    continue;
                }
                if let Some(why) = fault(tag, value) {
                    let found = report.at(&path, format!("`{value}` never matches `aws:RequestTag/{tag}`: {why}."));
                    if let Some(meant) = meant(tag, value, subject) {
                        let edits = subject.edits().set(&path, meant.as_str());
                        found.fixed_by(format!("Write `{meant}`"), edits.done());
                    }
                }
            }
        }
    }
}

/// The value that was meant, as far as it can be told.
fn meant(tag: &str, value: &str, subject: &Subject<'_>) -> Option<String> {
    match tag {
        CLUSTER_ARN => {
            let mut named = subject
                .own_clusters()
                .filter(|cluster| cluster.arn.name.as_str() == value);
            named
                .next()
                .filter(|_| named.next().is_none())
                .map(|cluster| cluster.arn.to_string())
        }
        CLUSTER_NAME => Some(value.parse::<ClusterArn>().ok()?.name.to_string()),
        SERVICE_ACCOUNT => {
            let (_, name) = value.strip_prefix("system:serviceaccount:")?.split_once(':')?;
            Some(name.parse::<ServiceAccount>().ok()?.to_string())
        }
        _ => None,
    }
}

/// Why no session has this value for the tag.
fn fault(tag: &str, value: &str) -> Option<String> {
    let name = |error: Option<crate::ids::IdError>| error.map(|error| error.to_string());
    match tag {
        CLUSTER_ARN => match value.parse::<ClusterArn>() {
            Err(error) => Some(error.to_string()),
            Ok(arn) => {
                let expected = Partition::of_region(&arn.region);
                (expected != arn.partition)
                    .then(|| format!("region `{}` is in partition `{expected}`, not `{}`", arn.region, arn.partition))
            }
        },
        CLUSTER_NAME => name(value.parse::<ClusterName>().err()),
        NAMESPACE => name(value.parse::<Namespace>().err()),
        SERVICE_ACCOUNT if value.starts_with("system:serviceaccount:") => {
            Some("that is how tokens of IRSA name a service account; here it is its plain name, and the namespace has a tag of its own".to_owned())
        }
        SERVICE_ACCOUNT => name(value.parse::<ServiceAccount>().err()),
        _ => None,
    }
}
