use super::view::{arn_of, named};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::PrincipalKind;

pub(super) const RULE: Rule = Rule {
    code: "PIB316",
    slug: "other-partition",
    title: "Principal is of another partition than the role",
    severity: Severity::Error,
    fix: "Name an identity of the role's own partition, and write its partition in the ARN.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The ARN of a principal starts with another partition, such as `arn:aws-cn`, than the ARN of the role.",
    why: "Partitions share no identities: IAM refuses such a principal.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::444455556666:role/deploy"},
    "Action": "sts:AssumeRole"
  }]
}"#,
        context: r#"{"role_arn": "arn:aws-cn:iam::111122223333:role/api"}"#,
    },
    good: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws-cn:iam::444455556666:role/deploy"},
    "Action": "sts:AssumeRole"
  }]
}"#,
        context: r#"{"role_arn": "arn:aws-cn:iam::111122223333:role/api"}"#,
    },
    sources: &[
        "IAM User Guide, IAM identifiers: ARNs of partitions",
        "IAM User Guide, AWS JSON policy elements: Principal",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let Some(partition) = subject.around.role_partition() else {
        return;
    };
    for (index, statement) in subject.statements() {
        for principal in named(index, statement) {
            let Some(arn) = arn_of(principal.name) else {
                continue;
            };
            // Providers of tokens are looked at with the cluster that they belong to.
            let is_other = arn.partition != partition.as_str() && arn.partition.starts_with("aws");
            if *principal.kind == PrincipalKind::Aws && is_other {
                report.at(
                    &principal.path,
                    format!(
                        "`{}` is of partition `{}`, and the role is of `{partition}`: partitions share no identities, and IAM refuses the policy. Name \
                         an identity of `{partition}`.",
                        principal.name, arn.partition
                    ),
                );
            }
        }
    }
}
