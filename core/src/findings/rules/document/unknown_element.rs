use tfmodel::path::{Path, Step};

use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Fault, Operator};

pub(super) const RULE: Rule = Rule {
    code: "PIB304",
    slug: "unknown-element",
    title: "IAM has no such element",
    severity: Severity::Error,
    fix: "Write the element as IAM spells it; operators belong into `Condition`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A key of the policy or of a statement is none that IAM knows: misspelt, in the wrong case, or in the wrong place, such as an operator outside `Condition`.",
    why: "IAM refuses the policy with `MalformedPolicyDocument`.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "StringEquals": {"sts:ExternalId": "ticket-4711"}
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
    sources: &["IAM User Guide, Grammar of the IAM JSON policy language"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let Some(trust) = subject.trust else {
        return;
    };
    for located in super::view::faults(subject) {
        let Fault::UnknownElement { name, near } = &located.fault else {
            continue;
        };
        let path = trust.place_of(located.span).path;
        if let Some(near) = near {
            report
                .fault(
                    located,
                    format!("`{name}` is no element of a policy: IAM refuses the policy. `{near}` may be meant."),
                )
                .fixed_by(
                    format!("Rename `{name}` to `{near}`"),
                    subject.edits().rename(&path, near).done(),
                );
        } else if let (true, Some(inside)) = (name.parse::<Operator>().is_ok(), inside_condition(&path, name)) {
            report
                .fault(
                    located,
                    format!("`{name}` is an operator and stands outside `Condition`: IAM refuses the policy. Move it into `Condition`."),
                )
                .fixed_by(
                    format!("Move `{name}` into `Condition`"),
                    subject.edits().transfer(&path, &inside).done(),
                );
        } else {
            report.fault(
                located,
                format!(
                    "`{name}` is no element of a policy: IAM refuses the policy. Remove it, or put it where it belongs."
                ),
            );
        }
    }
}

/// Where an operator of a statement belongs.
fn inside_condition(path: &Path, operator: &str) -> Option<Path> {
    let statement = path.parent()?;
    matches!(statement.steps(), [Step::Attribute(_), Step::Index(_)])
        .then(|| statement.with_attribute("Condition").with_key(operator))
}
