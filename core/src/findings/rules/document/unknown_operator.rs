use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::findings::subject::statement_path;
use crate::policy::Operator;

pub(super) const RULE: Rule = Rule {
    code: "PIB330",
    slug: "unknown-operator",
    title: "IAM has no such condition operator",
    severity: Severity::Error,
    fix: "Write the operator as IAM spells it, such as `StringEquals`; `ForAnyValue:` or `ForAllValues:` before it, `IfExists` after it.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A key of `Condition` is no condition operator.",
    why: "IAM refuses the policy with `MalformedPolicyDocument`.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEqual": {"sts:ExternalId": "ticket-4711"}}
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
    "Condition": {"StringEquals": {"sts:ExternalId": "ticket-4711"}}
  }]
}"#,
        context: "",
    },
    sources: &[
        "IAM User Guide, IAM JSON policy elements: Condition operators",
        "IAM User Guide, IAM policy validation check reference: Invalid condition operator",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (index, statement) in subject.statements() {
        let mut operators: Vec<&str> = Vec::new();
        for condition in &statement.conditions {
            let operator = condition.operator.as_str();
            if operators.contains(&operator) || operator.parse::<Operator>().is_ok() {
                continue;
            }
            operators.push(operator);
            let path = statement_path(index).with_attribute("Condition").with_key(operator);
            match Operator::meant_by(operator) {
                Some(meant) => report
                    .at(
                        &path,
                        format!("`{operator}` is no condition operator: IAM refuses the policy. `{meant}` may be meant."),
                    )
                    .fixed_by(
                        format!("Rename `{operator}` to `{meant}`"),
                        subject.edits().rename(&path, &meant).done(),
                    ),
                None => report.at(
                    &path,
                    format!("`{operator}` is no condition operator: IAM refuses the policy. Write one that IAM has, such as `StringEquals`."),
                ),
            };
        }
    }
}
