use super::examples::TAGS_PAGE;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Rule, Severity};
use crate::findings::rules::glob::has_wildcard;
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB215",
    slug: "wildcard-in-exact-tag",
    title: "Pod Identity trust has a wildcard under an exact operator",
    severity: Severity::Error,
    what: "A value has `*` or `?`, and its operator compares texts letter by letter, as `StringEquals` does.",
    why: "No cluster, namespace, service account or account has such a letter in its name, so the value never matches.",
    fix: "Use `StringLike`, or write out the names.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {"StringEquals": {
      "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
      "aws:RequestTag/kubernetes-namespace": "preview-*"
    }}
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {
      "StringEquals": {"aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main"},
      "StringLike": {"aws:RequestTag/kubernetes-namespace": "preview-*"}
    }
  }]
}"#,
        context: "",
    },
    sources: &[
        TAGS_PAGE,
        "IAM User Guide, IAM JSON policy elements: Condition operators",
    ],
    check,
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for statement in subject.pod_statements() {
        for clause in statement.clauses() {
            let is_name = clause.tag().is_some() || clause.is_on("aws:SourceAccount") || clause.is_on("aws:SourceArn");
            if !is_name || !clause.is_exact() {
                continue;
            }
            let Some((_, value)) = clause.fixed_values().find(|(_, value)| has_wildcard(value)) else {
                continue;
            };
            let like = clause.like();
            let found = report.at(
                &clause.path,
                format!(
                    "`{value}` has a wildcard, and `{}` takes it for a letter that no name has, so the value never matches. Use `{}`.",
                    clause.operator_name(),
                    like
                ),
            );
            if let Some(path) = clause.path_with_operator(&like) {
                let edits = subject.edits().transfer(&clause.path, &path);
                found.fixed_by(format!("Use `{like}`"), edits.done());
            }
        }
    }
}
