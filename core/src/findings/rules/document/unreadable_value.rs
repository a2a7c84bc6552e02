use super::view::conditions;
use crate::evaluate::can_be_read;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::TestKind;

pub(super) const RULE: Rule = Rule {
    code: "PIB340",
    slug: "unreadable-value",
    title: "Value is not of the kind that its operator compares",
    severity: Severity::Error,
    fix: "Write a value of that kind, such as `3600`, `2026-11-21T00:00:00Z`, `true`, `203.0.113.0/24` or an ARN.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "Operators for numbers, dates, bools, addresses, bytes and ARNs compare values of their kind only. Here stands something else, or several values under `Bool`.",
    why: "AWS does not say what such a condition does: it may never hold, and IAM may refuse it.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "yes"}}
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
  }]
}"#,
        context: "",
    },
    sources: &[
        "IAM User Guide, IAM JSON policy elements: Condition operators",
        "IAM User Guide, IAM policy validation check reference: Type mismatch",
        "IAM User Guide, IAM policy validation check reference: Invalid condition multiple Boolean",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for condition in conditions(subject) {
        let Some(operator) = condition.operator else {
            continue;
        };
        let (kind, example) = match operator.test.kind() {
            TestKind::Numeric => ("a number", "3600"),
            TestKind::Date => ("a date", "2026-11-21T00:00:00Z"),
            TestKind::Bool | TestKind::Null => ("`true` or `false`", "true"),
            TestKind::Binary => ("bytes in base64", "aGVsbG8="),
            TestKind::IpAddress => ("an address or range", "203.0.113.0/24"),
            TestKind::Arn => ("an ARN", "arn:aws:iam::111122223333:role/deploy"),
            TestKind::String => continue,
        };
        let wrong = condition.values.iter().enumerate().find(|(_, value)| {
            // Templates and variables have rules of their own, and `*` stands for all parts of an ARN.
            !value.contains(['$', '<', '{'])
                && !value.is_empty()
                && *value != "*"
                && !can_be_read(&value.to_ascii_lowercase(), operator.test)
                && !can_be_read(value, operator.test)
                // Both a year and seconds since 1970.
                && !(operator.test.kind() == TestKind::Date && value.len() == 4 && value.bytes().all(|byte| byte.is_ascii_digit()))
        });
        if let Some((position, value)) = wrong {
            report.at(
                &condition.value_path(position),
                format!("`{operator}` compares {kind}, found `{value}`: nobody says what such a condition does. Write {kind}, such as `{example}`."),
            );
        } else if operator.test.kind() == TestKind::Bool && condition.values.as_slice().len() > 1 {
            report.at(
                &condition.path(),
                format!("`{operator}` has several values, and `{}` takes one of `true` and `false`. Write the one that is meant.", condition.key),
            );
        }
    }
}
