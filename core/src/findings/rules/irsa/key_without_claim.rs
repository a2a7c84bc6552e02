use super::example::GOOD;
use super::issuer;
use super::view::{AUDIENCE, SUBJECT, starts_with};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::{Subject, condition_path};
use crate::policy::Condition;

pub(super) const RULE: Rule = Rule {
    code: "PIB117",
    slug: "key-without-claim",
    title: "Condition key of an IRSA trust does not name one claim",
    severity: Severity::Error,
    fix: "Use `ISSUER:sub` for the service account and `ISSUER:aud` for the audience.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A condition key is the issuer alone, or has two claims behind it, or one that is misspelt. A key is the issuer, a colon and one claim. Only issuers of EKS are looked at: tokens of others have other claims.",
    why: "No request has such a key, so the condition never holds and STS refuses the pods.",
    bad: Example {
        policy: trust! {
            provider!(), "sts:AssumeRoleWithWebIdentity",
            "StringEquals" {
                concat!(issuer!(), ":aud") => "sts.amazonaws.com",
                issuer!() => "system:serviceaccount:shop:api"
            }
        },
        context: "",
    },
    good: GOOD,
    sources: &["IAM User Guide, AWS global condition context keys: available keys for AWS OIDC federation"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for statement in subject
        .irsa_statements()
        .filter(|statement| issuer::is_eks(statement.issuer))
    {
        for condition in &statement.conditions {
            let Some(rest) = behind(&condition.key, statement.issuer) else {
                continue;
            };
            if ["sub", "aud", "amr"]
                .iter()
                .any(|claim| rest.eq_ignore_ascii_case(claim))
            {
                continue;
            }
            let path = condition_path(statement.index, condition);
            let cure = claim_of(condition).map(|claim| statement.key_of(claim));
            let found = report.at(
                &path,
                format!(
                    "No request has the condition key `{}`: a key is the issuer, a colon and one claim, so the condition never holds. {}",
                    condition.key,
                    cure.as_ref().map_or_else(
                        || format!("Write `{}` or `{}`.", statement.key_of("sub"), statement.key_of("aud")),
                        |key| format!("Write `{key}`.")
                    )
                ),
            );
            if let Some(key) = cure {
                found.fixed_by("Name the claim", subject.edits().rename(&path, &key).done());
            }
        }
    }
}

/// What stands behind the issuer and its colon in a key, if the key is about this issuer.
fn behind<'k>(key: &'k str, issuer: &str) -> Option<&'k str> {
    if issuer::same(key, issuer) {
        return Some("");
    }
    let issuer_in_key = issuer::split_key(key).map_or(key, |(found, _)| found);
    let rest = key.get(issuer_in_key.len()..)?.strip_prefix(':')?;
    issuer::same(issuer_in_key, issuer).then_some(rest)
}

/// The claim that the values of a condition are of.
fn claim_of(condition: &Condition) -> Option<&'static str> {
    let all = |is: fn(&str) -> bool| {
        !condition.values.as_slice().is_empty() && condition.values.iter().all(|value| is(value))
    };
    if all(|value| starts_with(value, SUBJECT)) {
        Some("sub")
    } else if all(|value| value == AUDIENCE) {
        Some("aud")
    } else {
        None
    }
}
