use super::examples::{SCOPED, TAGS_PAGE};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::rules::clause::session_tag;
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB209",
    slug: "principal-tag",
    title: "Pod Identity trust asks for a principal tag where the request tag is meant",
    severity: Severity::Error,
    fix: "Write `aws:RequestTag/` in place of `aws:PrincipalTag/`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A condition of the statement for EKS Pod Identity is on `aws:PrincipalTag/…` of a session tag.",
    why: "While the role is being assumed, the principal is the EKS service, which has no tags: the session's tags are in the request. In permission \
          policies, where the session acts, `aws:PrincipalTag` is right.",
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
      "aws:PrincipalTag/kubernetes-service-account": "api"
    }}
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: SCOPED,
        context: "",
    },
    sources: &[TAGS_PAGE, "IAM User Guide, Pass session tags in AWS STS"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for statement in subject.pod_statements() {
        for clause in statement.clauses() {
            let tag = clause.after("aws:PrincipalTag/").and_then(session_tag);
            let Some(tag) = tag else { continue };
            let effect = if clause.asks() {
                "lets nobody in"
            } else {
                "guards nothing"
            };
            let found = report.at(
                &clause.path,
                format!(
                    "`{}` is a tag of whoever assumes the role, and the EKS service has none, so the condition {effect}. The tags of the session are in the \
                     request: use `aws:RequestTag/{tag}`.",
                    clause.key
                ),
            );
            let edits = subject.edits().rename(&clause.path, &format!("aws:RequestTag/{tag}"));
            found.fixed_by("Ask for the tag of the request", edits.done());
        }
    }
}
