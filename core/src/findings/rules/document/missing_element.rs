use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::Fault;

pub(super) const RULE: Rule = Rule {
    code: "PIB303",
    slug: "missing-element",
    title: "Trust policy lacks an element",
    severity: Severity::Error,
    fix: "Add the element that the finding names.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A policy needs `Statement`; each statement of a trust policy needs `Effect`, `Principal` and `Action`.",
    why: "IAM refuses the policy with `MalformedPolicyDocument`.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole"
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
    "Action": "sts:AssumeRole"
  }]
}"#,
        context: "",
    },
    sources: &["IAM User Guide, Grammar of the IAM JSON policy language"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for located in super::view::faults(subject) {
        if let Fault::Missing(element) = &located.fault {
            report.fault(
                located,
                format!("`{element}` is missing here. IAM refuses the policy without it. Add it."),
            );
        }
    }
    for (index, statement) in subject.statements() {
        if statement.principals.is_none() {
            report.statement(
                index,
                "`Principal` is missing: the statement does not say who may have the role. IAM refuses the policy without it. Add it.",
            );
        }
    }
}
