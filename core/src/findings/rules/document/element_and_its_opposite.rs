use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::Fault;

pub(super) const RULE: Rule = Rule {
    code: "PIB305",
    slug: "element-and-its-opposite",
    title: "Statement has an element and its opposite",
    severity: Severity::Error,
    fix: "Keep the one that says what is meant.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement has both `Principal` and `NotPrincipal`, `Action` and `NotAction`, or `Resource` and `NotResource`.",
    why: "IAM refuses the policy with `MalformedPolicyDocument`.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "NotAction": "sts:TagSession"
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
    sources: &["IAM User Guide, IAM policy validation check reference: Unsupported element combination"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for located in super::view::faults(subject) {
        if let Fault::Both(one, other) = &located.fault {
            report.fault(
                located,
                format!("The statement has both `{one}` and `{other}`: IAM refuses the policy. Keep the one that says what is meant."),
            );
        }
    }
}
