use super::examples::SCOPED;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::rules::clause::TAG_SESSION;
use crate::findings::subject::Subject;
use crate::policy::Effect;

pub(super) const RULE: Rule = Rule {
    code: "PIB218",
    slug: "only-tagging-guarded",
    title: "Only sts:TagSession is guarded, and not every association asks for it",
    severity: Severity::Warning,
    fix: "Put both actions into one statement, under the same conditions.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The conditions that say which pods are meant stand with `sts:TagSession` only; `sts:AssumeRole` is allowed without them.",
    why: "STS asks for `sts:TagSession` where tags are sent. An association with session tags switched off sends none, and nothing keeps it out.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {"Service": "pods.eks.amazonaws.com"},
      "Action": "sts:AssumeRole"
    },
    {
      "Effect": "Allow",
      "Principal": {"Service": "pods.eks.amazonaws.com"},
      "Action": "sts:TagSession",
      "Condition": {"StringEquals": {
        "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
        "aws:RequestTag/kubernetes-namespace": "shop",
        "aws:RequestTag/kubernetes-service-account": "api"
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
    // Known to be off: another rule says that nothing guards the role.
    if subject.around.sends_tags() == Some(false)
        || subject.may_deny_pods()
        || subject.may_mean_pods(Effect::Allow, TAG_SESSION)
        || !subject.tagging_alone_is_guarded()
    {
        return;
    }
    for statement in subject
        .admissions()
        .filter(|one| one.is_open() && !one.allows(TAG_SESSION))
    {
        report.at(
            &statement.path(),
            "The statement allows `sts:AssumeRole` without saying for which pods; only `sts:TagSession` is guarded, which associations with session tags \
             switched off do not need. Put both actions into one statement, under the same conditions.",
        );
    }
}
