use super::example::GOOD;
use super::issuer;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::Effect;

pub(super) const RULE: Rule = Rule {
    code: "PIB127",
    slug: "missing-provider",
    title: "IRSA trust names a provider that is gone",
    severity: Severity::Warning,
    fix: "Remove the statement, or make the provider.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The statement names an OIDC provider that the account does not have: that of a cluster which was deleted, or one that was never made. Nothing is said unless all providers of the account are known.",
    why: "The statement lets nobody in and takes space; should somebody register the provider again, it counts again.",
    bad: Example {
        policy: GOOD.policy,
        context: r#"{"oidc_provider_arns": ["arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE0000000000000000000000000"]}"#,
    },
    good: Example {
        policy: GOOD.policy,
        context: r#"{"oidc_provider_arns": ["arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E"]}"#,
    },
    sources: &["IAM API Reference, ListOpenIDConnectProviders"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let Some(providers) = &subject.around.providers else {
        return;
    };
    for statement in subject
        .irsa_statements()
        .filter(|statement| statement.effect == Effect::Allow)
    {
        let is_there = providers
            .iter()
            .any(|provider| issuer::same(provider.issuer.as_str(), statement.issuer));
        if is_there {
            continue;
        }
        let found = report.at(
            &statement.provider_path(),
            format!(
                "The account has no OIDC provider for `{}`, as after its cluster was deleted: the statement lets nobody in. Remove the statement, or make the \
                 provider.",
                statement.issuer
            ),
        );
        found.fixed_by("Remove the statement", subject.edits().remove(&statement.path()).done());
    }
}
