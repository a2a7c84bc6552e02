use super::example::GOOD;
use super::issuer;
use super::view::federated;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB121",
    slug: "dual-stack-issuer",
    title: "IRSA trust names the dual-stack host of the issuer",
    severity: Severity::Error,
    fix: "Use the issuer that the cluster reports.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The provider, or a condition key, has the host `oidc-eks.REGION.api.aws`. The keys of an issuer can be fetched there over IPv6, but tokens keep `oidc.eks.REGION.amazonaws.com` as their issuer, on clusters with IPv6 too.",
    why: "No token comes from that issuer: STS refuses the pods with `InvalidIdentityToken`.",
    bad: Example {
        policy: trust! {
            "arn:aws:iam::111122223333:oidc-provider/oidc-eks.eu-west-1.api.aws/id/EXAMPLED539D4633E53DE1B716D3041E", "sts:AssumeRoleWithWebIdentity",
            "StringEquals" {
                concat!(issuer!(), ":aud") => "sts.amazonaws.com",
                concat!(issuer!(), ":sub") => "system:serviceaccount:shop:api"
            }
        },
        context: "",
    },
    good: GOOD,
    sources: &[
        "terraform-aws-modules/terraform-aws-eks#3237",
        "rancher/eks-operator#2284",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for statement in subject.irsa_statements() {
        if issuer::is_dual_stack(statement.issuer) && issuer::is_eks(statement.issuer) {
            let right = statement
                .provider
                .replace(issuer::bare(statement.issuer), &issuer::corrected(statement.issuer));
            let is_there = federated(&statement).any(|one| one == right);
            let found = report.at(
                &statement.provider_path(),
                format!(
                    "No token has the issuer `{}`: EKS answers at this host over IPv6, but tokens keep the classic one, so pods are refused. Use the provider \
                     `{right}`.",
                    statement.issuer
                ),
            );
            if !is_there {
                let edits = subject.edits().set(&statement.provider_path(), right);
                found.fixed_by("Use the issuer that tokens have", edits.done());
            }
        }
        for claim in statement
            .claims()
            .filter(|claim| issuer::is_dual_stack(claim.issuer) && issuer::is_eks(claim.issuer))
        {
            let right = claim
                .condition
                .key
                .replace(issuer::bare(claim.issuer), &issuer::corrected(claim.issuer));
            let found = report.at(
                &claim.path(),
                format!(
                    "No request has the condition key `{}`: tokens keep the classic host of the issuer, so the condition never holds. Write `{right}`.",
                    claim.condition.key
                ),
            );
            found.fixed_by(
                "Use the issuer that tokens have",
                subject.edits().rename(&claim.path(), &right).done(),
            );
        }
    }
}
