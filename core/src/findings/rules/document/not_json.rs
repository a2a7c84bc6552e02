use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::Fault;

pub(super) const RULE: Rule = Rule {
    code: "PIB301",
    slug: "not-json",
    title: "Trust policy is not JSON",
    severity: Severity::Error,
    fix: "Correct the place that the finding names. In Terraform, `jsonencode` or `aws_iam_policy_document` write JSON that is always right.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The text cannot be read as JSON: often a comma too much or too few, a comment, or a template that was not filled in.",
    why: "IAM refuses it with `MalformedPolicyDocument`.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
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
        if let Fault::Json(problem) = &located.fault {
            report.fault(
                located,
                format!(
                    "The trust policy is not JSON: {problem} at line {}, column {}. IAM refuses it. Correct it there.",
                    located.line, located.column
                ),
            );
        }
    }
}
