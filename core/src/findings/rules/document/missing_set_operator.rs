use super::view::conditions;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::TestKind;

pub(super) const RULE: Rule = Rule {
    code: "PIB333",
    slug: "missing-set-operator",
    title: "Key with several values is tested without a set operator",
    severity: Severity::Error,
    fix: "Write `ForAnyValue:` if one value has to pass, `ForAllValues:` if each has to; add `Null` with `false` if there has to be one at all.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A request can carry several values of this key. Such keys are tested with `ForAnyValue:` or `ForAllValues:` before the operator.",
    why: "AWS does not document what a test without set operator does with several values: the statement may let nobody in, or a `Deny` may stop nobody.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {"StringEquals": {"aws:TagKeys": ["team", "project"]}}
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
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["team", "project"]}}
  }]
}"#,
        context: "",
    },
    sources: &[
        "IAM User Guide, Multivalued context keys",
        "IAM User Guide, IAM policy validation check reference: Missing qualifier",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for condition in conditions(subject) {
        let Some(operator) = condition.operator.filter(|one| one.test.kind() != TestKind::Null) else {
            continue;
        };
        let is_multiple = condition.known_key().is_some_and(|known| known.multivalued)
            // The only claim that the IAM User Guide calls multivalued.
            || condition.key.eq_ignore_ascii_case("cognito-identity.amazonaws.com:amr");
        if operator.quantifier.is_none() && is_multiple {
            report.at(
                &condition.path(),
                format!(
                    "A request can carry several values of `{}`, and `{operator}` is for one. Use `ForAnyValue:{operator}` if one has to pass, \
                     `ForAllValues:{operator}` if each has to.",
                    condition.key
                ),
            );
        }
    }
}
