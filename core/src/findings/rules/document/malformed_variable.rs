use super::placeholder::placeholder;
use super::view::conditions;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Piece, TestKind, pieces};

pub(super) const RULE: Rule = Rule {
    code: "PIB342",
    slug: "malformed-variable",
    title: "Policy variable is not written as IAM reads it",
    severity: Severity::Error,
    fix: "Write `${key}`, or `${key, 'default'}`, under an operator for strings or ARNs.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A value holds `${` without its `}`, a variable without name or with spaces in it, or a variable under an operator that takes none: variables work with the operators for strings and ARNs.",
    why: "IAM refuses the policy, or compares with the letters as they stand.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"sts:RoleSessionName": "${aws:username"}}
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
    "Condition": {"StringEquals": {"sts:RoleSessionName": "${aws:username}"}}
  }]
}"#,
        context: "",
    },
    sources: &[
        "IAM User Guide, IAM policy elements: Variables and tags",
        "IAM User Guide, IAM policy validation check reference: Missing brace in variable",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for condition in conditions(subject) {
        let Some(operator) = condition.operator else {
            continue;
        };
        let takes_variables = matches!(operator.test.kind(), TestKind::String | TestKind::Arn);
        for (position, value) in condition.values.iter().enumerate() {
            if placeholder(value).is_some() {
                continue;
            }
            let problem = match pieces(value) {
                Err(fault) => fault.to_string(),
                Ok(pieces) if !takes_variables && pieces.iter().any(|piece| matches!(piece, Piece::Variable(_))) => {
                    format!("`{operator}` takes no policy variables")
                }
                Ok(_) => continue,
            };
            report.at(
                &condition.value_path(position),
                format!(
                    "In `{value}`, {problem}: IAM refuses it or takes it as plain text. Write `${{key}}`, under an operator for strings or ARNs."
                ),
            );
        }
    }
}
