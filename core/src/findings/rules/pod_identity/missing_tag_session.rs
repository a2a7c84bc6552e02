use super::examples::{ROLE_PAGE, SCOPED};
use super::view::Tagging;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::rules::clause::TAG_SESSION;
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB201",
    slug: "missing-tag-session",
    title: "Pod Identity trust does not allow sts:TagSession",
    severity: Severity::Error,
    fix: "Add `sts:TagSession` to the actions of the statement.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement lets `pods.eks.amazonaws.com` assume the role, and none allows it `sts:TagSession` for the same pods.",
    why: "EKS sends session tags that say which pod it acts for. Without `sts:TagSession` it gets no credentials, and pods are refused, unless the \
          association has session tags switched off.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": "sts:AssumeRole",
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
    for (statement, tagging) in subject.tagging() {
        if tagging != Tagging::Missing {
            continue;
        }
        let path = statement.action_path();
        let found = report.at(
            &path,
            "The statement allows EKS Pod Identity `sts:AssumeRole`, and no statement allows it `sts:TagSession` for the same pods. EKS tags the sessions of \
             pods, so it is refused and pods get no credentials. Add `sts:TagSession` to the actions.",
        );
        if statement.names_actions() {
            found.fixed_by(
                "Allow `sts:TagSession`",
                subject.edits().push(&path, TAG_SESSION).done(),
            );
        }
    }
}
