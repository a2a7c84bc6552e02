use super::view::named;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::PrincipalKind;

pub(super) const RULE: Rule = Rule {
    code: "PIB313",
    slug: "wildcard-in-principal",
    title: "Wildcard inside a principal",
    severity: Severity::Error,
    fix: "Name each principal, or name the account and add a condition on `aws:PrincipalArn` with `ArnLike`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A principal holds `*` or `?` among other characters, or `*` stands for a service or an identity provider. IAM has no patterns in principals; only `*` for everybody, or for every identity of AWS, is one.",
    why: "IAM refuses the policy with `MalformedPolicyDocument: Invalid principal in policy`.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy-*"},
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
    "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
    "Action": "sts:AssumeRole",
    "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/deploy-*"}}
  }]
}"#,
        context: "",
    },
    sources: &[
        "IAM User Guide, AWS JSON policy elements: Principal",
        "IAM User Guide, IAM policy validation check reference: Unsupported wildcard in principal",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (index, statement) in subject.statements() {
        for principal in named(index, statement) {
            let is_everybody = principal.name == "*" && *principal.kind == PrincipalKind::Aws;
            if principal.name.contains(['*', '?']) && !is_everybody {
                report.at(
                    &principal.path,
                    format!(
                        "`{}` holds a wildcard, and IAM has no patterns in principals: it refuses the policy. Name each principal, or the account with \
                         a condition on `aws:PrincipalArn`.",
                        principal.name
                    ),
                );
            }
        }
    }
}
