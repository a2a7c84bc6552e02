use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB422",
    slug: "assumed-partition",
    title: "Nobody has verified how Pod Identity behaves in this partition",
    severity: Severity::Warning,
    fix: "Try it with one pod, and compare with the documentation of the partition.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The role is in a partition whose service principal, audience and condition keys have not been confirmed: `aws-iso`, `aws-eusc` and others \
           beside `aws`, `aws-cn` and `aws-us-gov`.",
    why: "Everything said about the trust policy assumes that it is as in partition `aws`. If that is wrong, pods are refused.",
    bad: Example {
        policy: "",
        context: r#"{
  "role_arn": "arn:aws-iso:iam::111122223333:role/api"
}"#,
    },
    good: Example {
        policy: "",
        context: r#"{
  "role_arn": "arn:aws:iam::111122223333:role/api"
}"#,
    },
    sources: &["Amazon EKS User Guide, Create IAM role with trust policy required by EKS Pod Identity"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    if let Some(partition) = subject
        .around
        .role_partition()
        .filter(|partition| partition.is_assumed())
    {
        report.around(format!(
            "Nobody has confirmed how EKS and IAM behave in partition `{partition}`. Service principal, audience and condition keys are taken to be those of \
             partition `aws`: try it with one pod."
        ));
    }
}
