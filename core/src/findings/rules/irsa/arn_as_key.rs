use super::example::GOOD;
use super::issuer;
use super::view::claims;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB112",
    slug: "arn-as-key",
    title: "Condition key of an IRSA trust is the ARN of the provider",
    severity: Severity::Error,
    fix: "Use the issuer: what stands behind `oidc-provider/`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A condition key starts with the ARN of the OIDC provider, or with `oidc-provider/`, instead of the issuer alone. It leaves alone the ARN as a principal, where it belongs.",
    why: "No request has such a key, so the condition never holds and STS refuses the pods.",
    bad: Example {
        policy: trust! {
            provider!(), "sts:AssumeRoleWithWebIdentity",
            "StringEquals" {
                concat!(issuer!(), ":aud") => "sts.amazonaws.com",
                concat!(provider!(), ":sub") => "system:serviceaccount:shop:api"
            }
        },
        context: "",
    },
    good: GOOD,
    sources: &["Amazon EKS User Guide, Assign IAM roles to Kubernetes service accounts"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (index, statement) in subject.statements() {
        for claim in claims(index, statement).filter(|claim| claim.issuer.contains("oidc-provider/")) {
            let right = format!("{}:{}", issuer::bare(claim.issuer), claim.name);
            let found = report.at(
                &claim.path(),
                format!(
                    "No request has the condition key `{}`: keys start with the issuer, not with the ARN of its provider, so the condition never holds. Write \
                     `{right}`.",
                    claim.condition.key
                ),
            );
            found.fixed_by(
                "Use the issuer as key",
                subject.edits().rename(&claim.path(), &right).done(),
            );
        }
    }
}
