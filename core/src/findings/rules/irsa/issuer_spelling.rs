use super::example::GOOD;
use super::issuer;
use super::view::federated;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB110",
    slug: "issuer-spelling",
    title: "IRSA trust does not spell the issuer as IAM does",
    severity: Severity::Error,
    fix: "Drop `https://`, and the slash at the end of the issuer of a cluster.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The name of a provider, or a condition key, has the issuer with `https://` before it, or that of a cluster with `/` behind it. IAM names it without both. It leaves alone a slash at the end of other issuers, which is part of them: those of Microsoft Entra ID and Auth0 end with one.",
    why: "IAM finds no such provider, or the condition asks for a key that no request has; STS refuses the pods.",
    bad: Example {
        policy: trust! {
            provider!(), "sts:AssumeRoleWithWebIdentity",
            "StringEquals" {
                concat!(issuer!(), ":aud") => "sts.amazonaws.com",
                concat!("https://", issuer!(), ":sub") => "system:serviceaccount:shop:api"
            }
        },
        context: "",
    },
    good: GOOD,
    sources: &["IAM User Guide, Create an OpenID Connect (OIDC) identity provider in IAM"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for statement in subject.irsa_statements() {
        let bare = issuer::bare(statement.issuer);
        if bare != statement.issuer {
            let right = statement.provider.replace(statement.issuer, bare);
            let is_there = federated(&statement).any(|one| one == right);
            let found = report.at(
                &statement.provider_path(),
                format!(
                    "`{}` is not how IAM spells a provider: its name has {}. Write `{right}`.",
                    statement.provider,
                    nothing_of(statement.issuer)
                ),
            );
            if !is_there {
                let edits = subject.edits().set(&statement.provider_path(), right);
                found.fixed_by("Spell the provider as IAM does", edits.done());
            }
        }
        for claim in statement.claims() {
            // An ARN is another mistake.
            if claim.issuer.contains("oidc-provider/") || issuer::bare(claim.issuer) == claim.issuer {
                continue;
            }
            let right = format!("{}:{}", issuer::bare(claim.issuer), claim.name);
            let found = report.at(
                &claim.path(),
                format!(
                    "No request has the condition key `{}`: it starts with the issuer, which has {} there, so the condition never holds. Write `{right}`.",
                    claim.condition.key,
                    nothing_of(claim.issuer)
                ),
            );
            found.fixed_by(
                "Spell the key as IAM does",
                subject.edits().rename(&claim.path(), &right).done(),
            );
        }
    }
}

/// What IAM leaves out that is there.
fn nothing_of(issuer: &str) -> &'static str {
    let slash = issuer.ends_with('/') && !issuer::bare(issuer).ends_with('/');
    match (issuer.contains("://"), slash) {
        (true, false) => "no `https://`",
        (false, true) => "no slash at the end",
        (true, true) | (false, false) => "neither `https://` nor a slash at the end",
    }
}
