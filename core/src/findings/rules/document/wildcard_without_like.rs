use super::view::conditions;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Operator, Test, TestKind};

pub(super) const RULE: Rule = Rule {
    code: "PIB338",
    slug: "wildcard-without-like",
    title: "Wildcard under an operator that takes it literally",
    severity: Severity::Error,
    fix: "Use `StringLike`, or `ArnLike` for keys that hold ARNs.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "`StringEquals` and its kin compare letter by letter: `*` and `?` are letters to them. Claims of tokens have rules of their own.",
    why: "No request has such a value. An `Allow` lets nobody in; a `Deny` with `StringEquals` stops nobody, one with `StringNotEquals` stops everybody.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/deploy-*"}}
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
    sources: &[
        "IAM User Guide, IAM JSON policy elements: Condition operators",
        "IAM User Guide, IAM policy validation check reference: Wildcard without like operator",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for condition in conditions(subject) {
        let Some(operator) = condition.operator else {
            continue;
        };
        let (literal, negated) = match operator.test {
            Test::StringEquals | Test::StringEqualsIgnoreCase => (true, false),
            Test::StringNotEquals | Test::StringNotEqualsIgnoreCase => (true, true),
            _ => (false, false),
        };
        let is_claim = condition.known_key().is_none() && condition.key.contains(['.', '/']);
        let Some((position, value)) = condition
            .values
            .iter()
            .enumerate()
            .find(|(_, value)| has_wildcard(value))
        else {
            continue;
        };
        if !literal || is_claim {
            continue;
        }
        let is_arn = condition.known_key().is_some_and(|known| known.kind == TestKind::Arn)
            && condition.values.iter().all(|value| value.split(':').count() >= 6);
        let like = Operator {
            test: match (is_arn, negated) {
                (true, false) => Test::ArnLike,
                (true, true) => Test::ArnNotLike,
                (false, false) => Test::StringLike,
                (false, true) => Test::StringNotLike,
            },
            ..operator
        };
        report
            .at(
                &condition.value_path(position),
                format!(
                    "`{}` takes `{value}` literally, and no request has such a value of `{}`. Use `{like}`.",
                    condition.condition.operator, condition.key
                ),
            )
            .fixed_by(
                format!("Use `{like}`"),
                subject
                    .edits()
                    .transfer(&condition.path(), &condition.under(&like.to_string()))
                    .done(),
            );
    }
}

/// Whether a value holds `*` or `?`, other than as `${*}` and `${?}`.
fn has_wildcard(value: &str) -> bool {
    value.replace("${*}", "").replace("${?}", "").contains(['*', '?'])
}
