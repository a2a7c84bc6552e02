use super::example::GOOD;
use super::issuer;
use super::view::{claims, federated};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB118",
    slug: "other-issuer",
    title: "IRSA trust asks for claims of another issuer than its provider's",
    severity: Severity::Error,
    fix: "Use the issuer of the provider in the condition keys.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A condition key has another issuer than the OIDC provider that the statement names, as after copying a policy for a new cluster. Statements that name several providers, or none, are not looked at.",
    why: "A token has the claims of its own issuer only, so the condition never holds and STS refuses the pods.",
    bad: Example {
        policy: trust! {
            provider!(), "sts:AssumeRoleWithWebIdentity",
            "StringEquals" {
                concat!(issuer!(), ":aud") => "sts.amazonaws.com",
                "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE0000000000000000000000000:sub" => "system:serviceaccount:shop:api"
            }
        },
        context: "",
    },
    good: GOOD,
    sources: &["IAM User Guide, AWS global condition context keys: available keys for AWS OIDC federation"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for statement in subject.irsa_statements() {
        if federated(&statement).count() != 1 {
            continue;
        }
        for claim in claims(statement.index, &statement).filter(|claim| !issuer::same(claim.issuer, statement.issuer)) {
            let right = statement.key_of(claim.name);
            let found = report.at(
                &claim.path(),
                format!(
                    "Tokens of `{}`, which the statement is about, have no claim `{}`: that is one of another issuer. Use `{right}`, or name the other issuer's \
                     provider.",
                    statement.issuer, claim.condition.key
                ),
            );
            // Which of both is meant is certain only where the cluster is known.
            let clusters = &subject.around.clusters;
            let is_right = clusters.iter().any(|cluster| {
                cluster
                    .issuer
                    .as_ref()
                    .is_some_and(|issuer| issuer::same(issuer.as_str(), statement.issuer))
            });
            if is_right {
                found.fixed_by(
                    "Use the provider's issuer",
                    subject.edits().rename(&claim.path(), &right).done(),
                );
            }
        }
    }
}
