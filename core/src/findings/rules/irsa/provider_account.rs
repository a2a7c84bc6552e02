use super::example::GOOD;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB115",
    slug: "provider-account",
    title: "Provider of an IRSA trust is not in the role's account",
    severity: Severity::Error,
    fix: "Make an OIDC provider for the issuer in the account of the role, and name that.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The ARN of the OIDC provider has another account than the role. IAM looks for the provider in the account of the role, wherever the cluster is.",
    why: "STS finds no such provider and refuses the pods.",
    bad: Example {
        policy: GOOD.policy,
        context: r#"{"role_arn": "arn:aws:iam::444455556666:role/api"}"#,
    },
    good: Example {
        policy: GOOD.policy,
        context: r#"{"role_arn": "arn:aws:iam::111122223333:role/api"}"#,
    },
    sources: &["Amazon EKS User Guide, Authenticate to another account with IRSA"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let Some(account) = subject.around.role_account() else {
        return;
    };
    for statement in subject.irsa_statements() {
        let Some((head, found)) = statement
            .provider
            .split_once(":oidc-provider/")
            .and_then(|(head, _)| head.rsplit_once(':'))
        else {
            continue;
        };
        let is_account = found.len() == 12 && found.bytes().all(|byte| byte.is_ascii_digit());
        if !is_account || found == account.as_str() {
            continue;
        }
        let right = format!("{head}:{account}:oidc-provider/{}", statement.issuer);
        let found = report.at(
            &statement.provider_path(),
            format!(
                "The provider `{}` is in account `{found}` and the role in `{account}`: IAM looks for it in the role's account. Make an OIDC provider for the \
                 issuer there, and write `{right}`.",
                statement.provider
            ),
        );
        let edits = subject.edits().set(&statement.provider_path(), right);
        found.fixed_by("Name the provider in the role's account", edits.done());
    }
}
