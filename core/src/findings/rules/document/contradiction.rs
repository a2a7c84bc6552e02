use super::view::{ConditionView, conditions};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::Test;

pub(super) const RULE: Rule = Rule {
    code: "PIB337",
    slug: "contradiction",
    title: "Conditions of one statement exclude each other",
    severity: Severity::Error,
    fix: "Put values of which one is enough into one list, or write a statement for each.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "All conditions of a statement have to hold at once, and two conditions on one key cannot: no value passes both.",
    why: "An `Allow` lets nobody in; a `Deny` stops nobody.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "Condition": {
      "StringEquals": {"sts:ExternalId": "ticket-4711"},
      "StringEqualsIgnoreCase": {"sts:ExternalId": "TICKET-4712"}
    }
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
    "Condition": {"StringEquals": {"sts:ExternalId": ["ticket-4711", "TICKET-4712"]}}
  }]
}"#,
        context: "",
    },
    sources: &["IAM User Guide, Conditions with multiple context keys or values"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let all: Vec<ConditionView<'_>> = conditions(subject).filter(has_one_value).collect();
    for one in &all {
        let Some(wanted) = exact(one) else {
            continue;
        };
        let other = all.iter().find(|other| {
            other.index == one.index
                && other.key.eq_ignore_ascii_case(&one.key)
                && !std::ptr::eq(other.condition, one.condition)
                && wanted.iter().all(|value| excludes(other, value))
                // Of two lists of values, the finding is at the one whose operator comes later.
                && (exact(other).is_none() || other.condition.operator < one.condition.operator)
                && !(one.is_claim("sub") && matches!(other.operator.map(|operator| operator.test), Some(Test::StringLike)))
        });
        if let Some(other) = other {
            report.at(
                &one.path(),
                format!(
                    "No value of `{}` passes both `{}` and `{}`, and both have to hold: the statement is about no request at all. Put the values of \
                     which one is enough into one list.",
                    one.key, other.condition.operator, one.condition.operator
                ),
            );
        }
    }
}

/// Whether a request carries one value of the key at most, and the test asks about that one.
fn has_one_value(condition: &ConditionView<'_>) -> bool {
    let is_single = condition.known_key().is_some_and(|known| !known.multivalued) || condition.is_claim("sub");
    let plain = condition
        .operator
        .is_some_and(|operator| operator.quantifier.is_none() && !operator.if_exists);
    is_single && plain && !condition.values.iter().any(|value| value.contains("${"))
}

/// The only values that pass, where these are known.
fn exact<'s>(condition: &ConditionView<'s>) -> Option<&'s [String]> {
    let positive = matches!(
        condition.operator?.test,
        Test::StringEquals | Test::StringEqualsIgnoreCase
    );
    positive.then(|| condition.condition.values.as_slice())
}

/// Whether a condition is known to refuse a value, whatever its case.
fn excludes(condition: &ConditionView<'_>, value: &str) -> bool {
    let among = condition.values.iter().any(|one| one.eq_ignore_ascii_case(value));
    match condition.operator.map(|operator| operator.test) {
        Some(Test::StringEquals | Test::StringEqualsIgnoreCase) => !among,
        Some(Test::StringNotEquals) => condition.values.iter().any(|one| one == value),
        Some(Test::StringNotEqualsIgnoreCase) => among,
        Some(Test::StringLike) => !condition
            .values
            .iter()
            .any(|pattern| super::view::is_like(value, pattern)),
        Some(Test::Null) => condition.values.iter().all(|one| one.eq_ignore_ascii_case("true")),
        Some(_) | None => false,
    }
}
