use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::Fault;

pub(super) const RULE: Rule = Rule {
    code: "PIB302",
    slug: "wrong-shape",
    title: "Element of the trust policy has the wrong form",
    severity: Severity::Error,
    fix: "Give the element the form that the finding names.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "An element holds something else than IAM reads there, such as a list where an object belongs, or a principal without its kind.",
    why: "IAM refuses the policy with `MalformedPolicyDocument`.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": "arn:aws:iam::111122223333:role/deploy",
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
        match &located.fault {
            Fault::Type { .. } if super::condition_without_operator::is_meant(&located.fault) => {}
            Fault::Type {
                element,
                expected,
                found,
            } => {
                report.fault(
                    located,
                    format!(
                        "`{element}` is {found}. IAM reads {expected} there, and refuses the policy. Write {expected}."
                    ),
                );
            }
            Fault::BarePrincipal(found) => {
                report.fault(
                    located,
                    format!(
                        "`{found}` stands without the kind of principal that it is. IAM refuses that: only `*` may stand alone. Write an object, \
                         such as `{{\"AWS\": \"{found}\"}}`."
                    ),
                );
            }
            Fault::Json(_)
            | Fault::RepeatedKey(_)
            | Fault::Missing(_)
            | Fault::UnknownElement { .. }
            | Fault::Both(..)
            | Fault::Effect(_)
            | Fault::Version(_) => {}
        }
    }
}
