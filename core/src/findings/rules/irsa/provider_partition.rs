use super::example::GOOD;
use super::issuer;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::ids::Partition;

pub(super) const RULE: Rule = Rule {
    code: "PIB114",
    slug: "provider-partition",
    title: "Provider of an IRSA trust is in another partition",
    severity: Severity::Error,
    fix: "Use the partition of the role.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The ARN of the OIDC provider has another partition than its issuer's region or the role: `arn:aws:` where `arn:aws-cn:` or `arn:aws-us-gov:` belongs, or the reverse.",
    why: "IAM refuses the policy, or finds no such provider: partitions share nothing.",
    bad: Example {
        policy: trust! {
            concat!("arn:aws-cn:iam::111122223333:oidc-provider/", issuer!()), "sts:AssumeRoleWithWebIdentity",
            "StringEquals" {
                concat!(issuer!(), ":aud") => "sts.amazonaws.com",
                concat!(issuer!(), ":sub") => "system:serviceaccount:shop:api"
            }
        },
        context: "",
    },
    good: GOOD,
    sources: &["AWS General Reference, Amazon Resource Names (ARNs)"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for statement in subject.irsa_statements() {
        let Some((partition, rest)) = statement
            .provider
            .strip_prefix("arn:")
            .and_then(|rest| rest.split_once(':'))
        else {
            continue;
        };
        let by_region = issuer::region(statement.issuer).map(|region| Partition::of_region(&region));
        let by_role = subject.around.role_partition().cloned();
        let agree = by_role.is_none() || by_region.is_none() || by_role == by_region;
        let Some(wanted) = by_role
            .into_iter()
            .chain(by_region)
            .find(|wanted| wanted.as_str() != partition)
        else {
            continue;
        };
        let right = format!("arn:{wanted}:{rest}");
        let found = report.at(
            &statement.provider_path(),
            format!(
                "`{}` is in partition `{partition}`, and its issuer or the role in `{wanted}`, where there is no such provider. Write `{right}`.",
                statement.provider
            ),
        );
        if agree {
            let edits = subject.edits().set(&statement.provider_path(), right);
            found.fixed_by("Use the right partition", edits.done());
        }
    }
}
