use super::examples::{ROLE_PAGE, SCOPED};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::rules::clause::ASSUME_ROLE;
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB202",
    slug: "missing-assume-role",
    title: "Pod Identity trust does not allow sts:AssumeRole",
    severity: Severity::Error,
    fix: "Allow `sts:AssumeRole` and `sts:TagSession`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "Statements name `pods.eks.amazonaws.com`, and none allows it `sts:AssumeRole`.",
    why: "EKS assumes the role with `sts:AssumeRole`: no pod gets credentials.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": "sts:TagSession",
    "Condition": {"StringEquals": {
      "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
      "aws:RequestTag/kubernetes-namespace": "shop",
      "aws:RequestTag/kubernetes-service-account": "api"
    }}
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: SCOPED,
        context: "",
    },
    sources: &[ROLE_PAGE],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    if subject.may_allow(ASSUME_ROLE) {
        return;
    }
    // One of them is enough.
    if let Some(statement) = subject.pod_statements().next() {
        let path = statement.action_path();
        let found = report.at(
            &path,
            "The statement names EKS Pod Identity, and no statement allows it `sts:AssumeRole`, with which it assumes the role: pods get no credentials. \
             Add `sts:AssumeRole` to the actions.",
        );
        if statement.names_actions() {
            found.fixed_by(
                "Allow `sts:AssumeRole`",
                subject.edits().push(&path, ASSUME_ROLE).done(),
            );
        }
    }
}
