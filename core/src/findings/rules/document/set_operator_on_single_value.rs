use super::guard_fails_open;
use super::view::conditions;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Operator, Quantifier, TestKind};

pub(super) const RULE: Rule = Rule {
    code: "PIB332",
    slug: "set-operator-on-single-value",
    title: "Set operator on a key that has one value",
    severity: Severity::Warning,
    fix: "Use the operator without the set operator.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "`ForAllValues` and `ForAnyValue` are for keys of which a request can carry several values. This key has one value at most. It leaves alone `ForAnyValue` before a negated operator, which keeps the test from holding where the key is missing.",
    why: "`ForAnyValue` changes nothing and misleads readers. `ForAllValues` also holds for a request without the key.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "Condition": {"ForAnyValue:StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
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
    "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
  }]
}"#,
        context: "",
    },
    sources: &[
        "IAM User Guide, Multivalued context keys",
        "IAM User Guide, IAM policy validation check reference: ForAllValues with single valued key",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for condition in conditions(subject) {
        let Some(operator) = condition.operator.filter(|one| one.test.kind() != TestKind::Null) else {
            continue;
        };
        let Some(quantifier) = operator.quantifier else {
            continue;
        };
        let is_single = condition.known_key().is_some_and(|known| !known.multivalued) || condition.is_claim("sub");
        if !is_single || guard_fails_open::is_meant(subject, &condition) {
            continue;
        }
        let plain = Operator {
            quantifier: None,
            ..operator
        };
        // Without a set operator a negated test holds where the key is missing, and another one does not.
        let (set, effect) = match (quantifier, operator.is_negated()) {
            (Quantifier::Any, false) => ("ForAnyValue", "changes nothing"),
            (Quantifier::All, true) => ("ForAllValues", "changes nothing"),
            (Quantifier::All, false) => ("ForAllValues", "also holds where the key is missing"),
            (Quantifier::Any, true) => continue,
        };
        let finding = report.at(
            &condition.path(),
            format!(
                "A request carries one value of `{}` at most, and there `{set}` {effect}. Use `{plain}`.",
                condition.key
            ),
        );
        if effect == "changes nothing" {
            finding.fixed_by(
                format!("Use `{plain}`"),
                subject
                    .edits()
                    .transfer(&condition.path(), &condition.under(&plain.to_string()))
                    .done(),
            );
        }
    }
}
