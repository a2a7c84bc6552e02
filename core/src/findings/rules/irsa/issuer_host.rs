use super::example::GOOD;
use super::issuer;
use super::view::federated;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB111",
    slug: "issuer-host",
    title: "IRSA trust names an issuer that EKS does not have",
    severity: Severity::Error,
    fix: "Copy the issuer from the cluster, without `https://`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The issuer in the name of a provider, or in a condition key, has the parts of its host in the wrong order, lacks `/id/`, or has the suffix of another partition. EKS issuers are `oidc.eks.REGION.amazonaws.com/id/ID`, in China with `.cn` behind. It leaves alone issuers of others, and hosts of partitions that nobody could verify.",
    why: "IAM has no such provider, or no request has such a key: STS refuses the pods.",
    bad: Example {
        policy: trust! {
            provider!(), "sts:AssumeRoleWithWebIdentity",
            "StringEquals" {
                concat!(issuer!(), ":aud") => "sts.amazonaws.com",
                "oidc.eu-west-1.eks.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E:sub" => "system:serviceaccount:shop:api"
            }
        },
        context: "",
    },
    good: GOOD,
    sources: &["Amazon EKS User Guide, Create an IAM OIDC provider for your cluster"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let wrong = |text: &str| {
        let bare = issuer::bare(text);
        let right = issuer::corrected(text);
        (!issuer::is_dual_stack(text) && !right.eq_ignore_ascii_case(bare)).then_some(right)
    };
    for statement in subject.irsa_statements() {
        if let Some(right) = wrong(statement.issuer) {
            let name = statement.provider.replace(issuer::bare(statement.issuer), &right);
            let is_there = federated(&statement).any(|one| one == name);
            let found = report.at(
                &statement.provider_path(),
                format!(
                    "EKS has no issuer `{}`, so no token comes from this provider and pods are refused. `{right}` is meant, if the rest of it is right: write \
                     what the cluster says.",
                    statement.issuer
                ),
            );
            if !is_there {
                let edits = subject.edits().set(&statement.provider_path(), name);
                found.fixed_by("Spell the issuer as EKS does", edits.done());
            }
        }
        for claim in statement.claims() {
            let Some(right) = wrong(claim.issuer) else { continue };
            let key = claim.condition.key.replace(issuer::bare(claim.issuer), &right);
            let found = report.at(
                &claim.path(),
                format!(
                    "EKS has no issuer `{}`, so no request has the condition key `{}` and pods are refused. Write `{key}`, if the rest of it is right.",
                    claim.issuer, claim.condition.key
                ),
            );
            found.fixed_by(
                "Spell the issuer as EKS does",
                subject.edits().rename(&claim.path(), &key).done(),
            );
        }
    }
}
