use super::view::conditions;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Effect, Test};

pub(super) const RULE: Rule = Rule {
    code: "PIB339",
    slug: "only-present",
    title: "Condition asks only that a key is there",
    severity: Severity::Suggestion,
    fix: "Name the values that are meant. If any value will do, say so with `Null` and `false`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A pattern of `*` matches every value, so the condition only asks whether the request carries the key; with `IfExists` it asks nothing. Claims of tokens and the tags of EKS Pod Identity have rules of their own.",
    why: "It reads like a guard and is none: any value passes.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringLike": {"sts:ExternalId": "*"}}
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
    "Condition": {"Null": {"sts:ExternalId": "false"}}
  }]
}"#,
        context: "",
    },
    sources: &["IAM User Guide, IAM JSON policy elements: Condition operators"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for condition in conditions(subject) {
        let (Some(operator), Some(known)) = (condition.operator, condition.known_key()) else {
            continue;
        };
        let like = matches!(operator.test, Test::StringLike) && operator.quantifier.is_none();
        let position = condition.values.iter().position(|value| value == "*");
        let (Effect::Allow, true, Some(position), false) = (
            condition.statement.effect,
            like,
            position,
            known.name == "aws:RequestTag/",
        ) else {
            continue;
        };
        let path = condition.value_path(position);
        if operator.if_exists {
            report
                .at(
                    &path,
                    format!("Any value of `{}` passes, and none as well: the condition says nothing. Name the values that are meant.", condition.key),
                )
                .fixed_by("Remove the condition", subject.edits().remove(&condition.path()).done());
        } else {
            report
                .at(
                    &path,
                    format!(
                        "Any value of `{}` passes: the condition only asks that there is one. Name the values that are meant, or say it with `Null` and \
                         `false`.",
                        condition.key
                    ),
                )
                .fixed_by(
                    "Ask with `Null`",
                    subject
                        .edits()
                        .set(&condition.under("Null"), "false")
                        .remove(&condition.path())
                        .done(),
                );
        }
    }
}
