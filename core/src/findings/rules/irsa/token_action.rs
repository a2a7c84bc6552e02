use super::example::GOOD;
use super::view::{WEB_IDENTITY, federated};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::{Subject, statement_path};
use crate::policy::{Effect, PrincipalKind, Statement, Strings, Who};

pub(super) const RULE: Rule = Rule {
    code: "PIB116",
    slug: "token-action",
    title: "IRSA trust allows another action than tokens ask by",
    severity: Severity::Error,
    fix: "Use `sts:AssumeRoleWithWebIdentity`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement for an OIDC provider allows `sts:AssumeRole` or `sts:AssumeRoleWithSAML`, and not `sts:AssumeRoleWithWebIdentity`. It leaves alone statements that only add `sts:TagSession`, and wildcards.",
    why: "Tokens are exchanged by `sts:AssumeRoleWithWebIdentity` alone, so the statement lets nobody in.",
    bad: Example {
        policy: trust! {
            provider!(), "sts:AssumeRole",
            "StringEquals" {
                concat!(issuer!(), ":aud") => "sts.amazonaws.com",
                concat!(issuer!(), ":sub") => "system:serviceaccount:shop:api"
            }
        },
        context: "",
    },
    good: GOOD,
    sources: &["IAM User Guide, IAM policy validation check reference: mismatched action for principal"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (index, statement) in subject.statements() {
        let Some(actions) = statement.actions.as_ref().filter(|actions| !actions.except) else {
            continue;
        };
        if statement.effect != Effect::Allow || !is_about_tokens_alone(statement) {
            continue;
        }
        let may_be = |action: &str| action.eq_ignore_ascii_case(WEB_IDENTITY) || action.contains(['*', '?']);
        let wrong = ["sts:AssumeRole", "sts:AssumeRoleWithSAML"]
            .into_iter()
            .find(|name| actions.names.iter().any(|action| action.eq_ignore_ascii_case(name)));
        let Some(wrong) = wrong.filter(|_| !actions.names.iter().any(|action| may_be(action))) else {
            continue;
        };
        let path = statement_path(index).with_attribute("Action");
        let found = report.at(
            &path,
            format!("Tokens are exchanged by `{WEB_IDENTITY}`, and the statement allows `{wrong}`: it lets nobody in. Allow `{WEB_IDENTITY}`."),
        );
        let names: Strings = actions
            .names
            .iter()
            .map(|name| {
                if name.eq_ignore_ascii_case(wrong) {
                    WEB_IDENTITY
                } else {
                    name
                }
            })
            .map(str::to_owned)
            .collect();
        found.fixed_by(
            format!("Allow {WEB_IDENTITY}"),
            subject.edits().set(&path, &names).done(),
        );
    }
}

/// Whether all principals are OIDC providers.
fn is_about_tokens_alone(statement: &Statement) -> bool {
    let Some(principals) = statement.principals.as_ref().filter(|principals| !principals.except) else {
        return false;
    };
    let Who::Named(named) = &principals.who else {
        return false;
    };
    !named.is_empty()
        && named.iter().all(|one| one.kind == PrincipalKind::Federated)
        && federated(statement).all(|name| name.contains(":oidc-provider/"))
}
