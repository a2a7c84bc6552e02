use super::everybody;
use super::view::{named, whole_account};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Effect, PrincipalKind};

pub(super) const RULE: Rule = Rule {
    code: "PIB311",
    slug: "whole-account",
    title: "Trust policy lets a whole account in",
    severity: Severity::Warning,
    fix: "Name the roles that are meant, or add a condition, such as `sts:ExternalId` or `aws:PrincipalArn`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement names an account, by its id or by the ARN of its root, and has no condition. It leaves alone policies with a `Deny` that stops everybody but some.",
    why: "Every user and role of that account to whom somebody there gives `sts:AssumeRole` may become the role: who that is, that account decides.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
    "Action": "sts:AssumeRole"
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::444455556666:role/deploy"},
    "Action": "sts:AssumeRole"
  }]
}"#,
        context: "",
    },
    sources: &["IAM User Guide, AWS JSON policy elements: Principal"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    if everybody::is_kept_to_some(subject) {
        return;
    }
    for (index, statement) in subject.statements() {
        let plain = statement
            .principals
            .as_ref()
            .is_some_and(|principals| !principals.except);
        if statement.effect != Effect::Allow || !statement.conditions.is_empty() || !plain {
            continue;
        }
        for principal in named(index, statement) {
            if *principal.kind == PrincipalKind::Aws
                && let Some(account) = whole_account(principal.name)
            {
                report.at(
                    &principal.path,
                    format!(
                        "The statement lets in account `{account}` as a whole: every user and role there that is given `sts:AssumeRole` may become \
                         the role. Name the roles that are meant, or add a condition."
                    ),
                );
            }
        }
    }
}
