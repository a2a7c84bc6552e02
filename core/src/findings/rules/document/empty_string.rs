use tfmodel::path::Path;

use super::view::{conditions, named};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::findings::subject::statement_path;

pub(super) const RULE: Rule = Rule {
    code: "PIB360",
    slug: "empty-string",
    title: "Name or value is empty",
    severity: Severity::Error,
    fix: "Write the name or value, or remove the entry.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A principal, an action, a condition key, or the value of a key that is never empty, is an empty string: often a variable of a template that nobody set.",
    why: "IAM refuses an empty name; a condition with an empty value never holds.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"sts:ExternalId": ""}}
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
        "IAM User Guide, Grammar of the IAM JSON policy language",
        "AWS Security Token Service API Reference, AssumeRole",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let mut tell = |path: &Path, what: &str, effect: &str| {
        report.at(
            path,
            format!("{what} is an empty string: {effect}. Write what is meant, or remove the entry; a template may have left it empty."),
        );
    };
    for (index, statement) in subject.statements() {
        for principal in named(index, statement) {
            if principal.name.is_empty() {
                tell(&principal.path, "A principal", "IAM refuses the policy");
            }
        }
        if let Some(actions) = &statement.actions {
            let path = statement_path(index).with_attribute(actions.element());
            for (position, name) in actions.names.iter().enumerate() {
                if name.is_empty() {
                    tell(&path.with_index(position), "An action", "IAM refuses the policy");
                }
            }
        }
    }
    for condition in conditions(subject) {
        if condition.key.is_empty() {
            tell(&condition.path(), "A condition key", "IAM refuses the policy");
        }
        // Tags can be empty.
        let is_never_empty = condition.known_key().is_some_and(|known| !known.takes_tag())
            || ["sub", "aud"].iter().any(|claim| condition.is_claim(claim));
        for (position, value) in condition.values.iter().enumerate() {
            if is_never_empty && value.is_empty() {
                tell(
                    &condition.value_path(position),
                    &format!("A value of `{}`", condition.key),
                    "no request has it",
                );
            }
        }
    }
}
