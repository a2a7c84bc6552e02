use super::view::conditions;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Quantifier, Test};

pub(super) const RULE: Rule = Rule {
    code: "PIB344",
    slug: "null-with-set-operator",
    title: "Null stands behind a set operator",
    severity: Severity::Warning,
    fix: "Use `Null` alone, without a set operator.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "`Null` asks whether a request carries a key. Behind `ForAllValues` it always holds, behind `ForAnyValue` it never does.",
    why: "The condition says nothing, or the statement is about no request at all.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {
      "ForAllValues:StringEquals": {"aws:TagKeys": ["team", "project"]},
      "ForAllValues:Null": {"aws:TagKeys": "false"}
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
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {
      "ForAllValues:StringEquals": {"aws:TagKeys": ["team", "project"]},
      "Null": {"aws:TagKeys": "false"}
    }
  }]
}"#,
        context: "",
    },
    sources: &["IAM User Guide, IAM policy validation check reference: Null with qualifier"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for condition in conditions(subject) {
        let Some(operator) = condition.operator.filter(|operator| operator.test == Test::Null) else {
            continue;
        };
        let effect = match operator.quantifier {
            Some(Quantifier::All) => "always holds, so the condition says nothing",
            Some(Quantifier::Any) => "never holds, so the statement is about no request",
            None => continue,
        };
        report
            .at(
                &condition.path(),
                format!(
                    "`{operator}` {effect}. Use `Null` alone to ask whether a request carries `{}`.",
                    condition.key
                ),
            )
            .fixed_by(
                "Use `Null` alone",
                subject
                    .edits()
                    .transfer(&condition.path(), &condition.under("Null"))
                    .done(),
            );
    }
}
