use super::examples::{SCOPED, TAGS_PAGE};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::rules::clause::has_wildcard;
use crate::findings::rules::clause::{POD_NAME, POD_UID};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB216",
    slug: "one-pod",
    title: "Pod Identity trust names a single pod that will be replaced",
    severity: Severity::Warning,
    fix: "Ask for namespace and service account. The names of a StatefulSet's pods stay, and may be asked for.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A condition asks for the uid of a pod, or for a name that Kubernetes made up for it.",
    why: "The next pod of the workload has another uid and another name: after a restart, or when it is scaled, it is refused.",
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
      "aws:RequestTag/kubernetes-pod-name": "api-7c5ddbdf54-4kx9w"
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
        for clause in statement.clauses().filter(|clause| clause.asks()) {
            let is_short_lived: fn(&str) -> bool = match clause.tag() {
                Some(POD_UID) => |value| !has_wildcard(value),
                Some(POD_NAME) => is_made_up,
                _ => continue,
            };
            let mut values = clause.values.iter();
            if values.all(|value| !value.contains("${") && is_short_lived(value)) {
                report.at(
                    &clause.path,
                    format!(
                        "`{}` has another value with every new pod, so the next one is refused. Ask for `aws:RequestTag/kubernetes-namespace` and \
                         `aws:RequestTag/kubernetes-service-account` instead.",
                        clause.key
                    ),
                );
            }
        }
    }
}

/// Whether a name ends as Kubernetes ends those that it makes up: in five letters and digits without vowels and look-alikes, at least one of them a
/// digit, so that no word is taken for it.
fn is_made_up(name: &str) -> bool {
    let end = name.rsplit_once('-').map_or("", |(_, end)| end);
    end.len() == 5
        && end.bytes().all(|byte| b"bcdfghjklmnpqrstvwxz2456789".contains(&byte))
        && end.bytes().any(|byte| byte.is_ascii_digit())
        && !end.bytes().all(|byte| byte.is_ascii_digit())
}
