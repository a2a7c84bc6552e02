use super::examples::SCOPED;
use super::view::Tagging;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::rules::clause::TAG_SESSION;
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB217",
    slug: "actions-apart",
    title: "sts:AssumeRole and sts:TagSession are never allowed to the same pod",
    severity: Severity::Error,
    fix: "Allow both actions in one statement, under the same conditions.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "One statement allows `sts:AssumeRole`, others allow `sts:TagSession`, and their conditions exclude each other.",
    why: "EKS needs both for a pod whose association sends session tags. No pod meets the conditions of both statements, so all are refused.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {"Service": "pods.eks.amazonaws.com"},
      "Action": "sts:AssumeRole",
      "Condition": {"StringEquals": {
        "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
        "aws:RequestTag/kubernetes-namespace": "shop"
      }}
    },
    {
      "Effect": "Allow",
      "Principal": {"Service": "pods.eks.amazonaws.com"},
      "Action": "sts:TagSession",
      "Condition": {"StringEquals": {
        "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
        "aws:RequestTag/kubernetes-namespace": "store"
      }}
    }
  ]
}"#,
        context: "",
    },
    good: Example {
        policy: SCOPED,
        context: "",
    },
    sources: &["IAM User Guide, Pass session tags in AWS STS"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (statement, tagging) in subject.tagging() {
        if tagging != Tagging::Apart {
            continue;
        }
        let found = report.at(
            &statement.path(),
            "The statement allows `sts:AssumeRole` under conditions that exclude those under which `sts:TagSession` is allowed, and a pod needs both. \
             Allow both in this statement.",
        );
        if statement.names_actions() {
            let edits = subject.edits().push(&statement.action_path(), TAG_SESSION);
            found.fixed_by("Allow both actions here", edits.done());
        }
    }
}
