use super::view::conditions;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::TestKind;

pub(super) const RULE: Rule = Rule {
    code: "PIB342",
    slug: "malformed-variable",
    title: "Policy variable is not written as IAM reads it",
    severity: Severity::Error,
    what: "A value holds `${` without its `}`, a variable without name or with spaces in it, or a variable under an operator that takes none: variables work with the operators for strings and ARNs.",
    why: "IAM refuses the policy, or compares with the letters as they stand.",
    fix: "Write `${key}`, or `${key, 'default'}`, under an operator for strings or ARNs.",
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
    check,
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for condition in conditions(subject) {
        let Some(operator) = condition.operator else {
            continue;
        };
        let takes_variables = matches!(operator.test.kind(), TestKind::String | TestKind::Arn);
        for (position, value) in condition.values.iter().enumerate() {
            let problem = problem(value).or_else(|| {
                let is_variable = !takes_variables && value.contains("${aws:");
                is_variable.then_some("stands under an operator that takes no variables")
            });
            if let Some(problem) = problem {
                report.at(
                    &condition.value_path(position),
                    format!("The variable in `{value}` {problem}: IAM refuses it or takes it as plain text. Write `${{key}}` under an operator for strings or ARNs."),
                );
            }
        }
    }
}

fn problem(value: &str) -> Option<&'static str> {
    let mut rest = value;
    while let Some((_, after)) = rest.split_once("${") {
        let Some((name, left)) = after.split_once('}') else {
            return Some("has no `}`");
        };
        let key = name.split_once(',').map_or(name, |(key, _)| key);
        if key.is_empty() {
            return Some("has no name");
        }
        // What stands in templates is told as such.
        if key.starts_with("aws:") && key.contains(' ') {
            return Some("has a space in its name");
        }
        rest = left;
    }
    None
}
