use super::example::GOOD;
use super::issuer;
use super::view::{AUDIENCE, SUBJECT, can_match, has_wildcard, starts_with};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::ids::{Namespace, ServiceAccount};

pub(super) const RULE: Rule = Rule {
    code: "PIB126",
    slug: "no-subject",
    title: "IRSA trust asks for a subject that no service account has",
    severity: Severity::Error,
    fix: "Write `system:serviceaccount:`, the namespace, a colon and the service account.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A value for the `sub` claim of an EKS token is not `system:serviceaccount:NAMESPACE:SERVICE_ACCOUNT`: the prefix is missing or misspelt, or one of the names. Patterns that could match are left alone.",
    why: "No token has such a subject: STS refuses the pods.",
    bad: Example {
        policy: irsa! { "StringEquals" { "aud" => "sts.amazonaws.com", "sub" => "shop:api" } },
        context: "",
    },
    good: GOOD,
    sources: &["Kubernetes documentation, Service Accounts: token claims"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (statement, asked) in subject.asked("sub") {
        let value = asked.value;
        // A subject in other letters, and an audience, are other mistakes.
        let is_other =
            starts_with(value, SUBJECT) && value.matches(':').count() == 3 || value == AUDIENCE || value.contains("${");
        if is_other || !issuer::is_eks(statement.issuer) || can_match(value) {
            continue;
        }
        let right = meant(value);
        let found = report.at(
            &asked.path(),
            format!(
                "No service account has the subject `{value}`, so pods are refused: it is `{SUBJECT}`, the namespace, a colon and the service account. Write `{}`.",
                right.as_deref().unwrap_or("system:serviceaccount:NAMESPACE:SERVICE_ACCOUNT")
            ),
        );
        if let Some(right) = right {
            found.fixed_by(
                "Write the whole subject",
                subject.edits().set(&asked.path(), right).done(),
            );
        }
    }
}

/// Namespace and service account where they alone stand, with the prefix.
fn meant(value: &str) -> Option<String> {
    let names = value.rsplit_once("serviceaccount:").map_or(value, |(_, names)| names);
    let (namespace, account) = names.split_once(':').or_else(|| names.split_once('/'))?;
    let fits =
        namespace.parse::<Namespace>().is_ok() && account.parse::<ServiceAccount>().is_ok() && !has_wildcard(account);
    fits.then(|| format!("{SUBJECT}{namespace}:{account}"))
}
