use super::view::conditions;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB345",
    slug: "deprecated-key",
    title: "Condition key is deprecated",
    severity: Severity::Suggestion,
    fix: "Write `aws:PrincipalArn`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "`aws:ARN` is the old name of `aws:PrincipalArn`.",
    why: "AWS recommends the new name and documents only that one.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
    "Action": "sts:AssumeRole",
    "Condition": {"ArnLike": {"aws:ARN": "arn:aws:iam::444455556666:role/deploy-*"}}
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
    "Action": "sts:AssumeRole",
    "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/deploy-*"}}
  }]
}"#,
        context: "",
    },
    sources: &["IAM User Guide, IAM policy validation check reference: Deprecated global condition key"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for condition in conditions(subject).filter(|condition| condition.key.eq_ignore_ascii_case("aws:ARN")) {
        let path = condition.path();
        report
            .at(
                &path,
                format!("`{}` is the old name of `aws:PrincipalArn`, and AWS documents the new one only. Write `aws:PrincipalArn`.", condition.key),
            )
            .fixed_by("Write the new name", subject.edits().rename(&path, "aws:PrincipalArn").done());
    }
}
