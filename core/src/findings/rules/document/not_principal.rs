use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::findings::subject::statement_path;

pub(super) const RULE: Rule = Rule {
    code: "PIB312",
    slug: "not-principal",
    title: "Trust policy uses NotPrincipal",
    severity: Severity::Security,
    fix: "Name in `Principal` those who are meant; to keep some of them out, add a `Deny` with a condition on `aws:PrincipalArn`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement says with `NotPrincipal` whom it is not about.",
    why: "IAM does not take `NotPrincipal` in a role's trust policy. With `Allow` it would let in everybody else in the world.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:user/intern"},
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
    sources: &[
        "IAM User Guide, AWS JSON policy elements: NotPrincipal",
        "IAM User Guide, IAM policy validation check reference: Role trust policy syntax error notprincipal",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (index, statement) in subject.statements() {
        if statement
            .principals
            .as_ref()
            .is_some_and(|principals| principals.except)
        {
            report.at(
                &statement_path(index).with_attribute("NotPrincipal"),
                "IAM takes no `NotPrincipal` in the trust policy of a role. Name in `Principal` those who are meant.",
            );
        }
    }
}
