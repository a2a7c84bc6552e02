use super::example::GOOD;
use super::issuer;
use super::view::{federated, has_wildcard};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::{Subject, statement_path};
use crate::ids::Partition;

pub(super) const RULE: Rule = Rule {
    code: "PIB123",
    slug: "no-provider",
    title: "Federated principal is no identity provider",
    severity: Severity::Error,
    fix: "Use `arn:PARTITION:iam::ACCOUNT:oidc-provider/ISSUER`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "`Federated` names something other than the ARN of an OIDC or SAML provider or one of the providers that IAM knows by name: the issuer alone, its address, or the ARN of a role or cluster.",
    why: "IAM refuses the policy as malformed.",
    bad: Example {
        policy: trust! {
            issuer!(), "sts:AssumeRoleWithWebIdentity",
            "StringEquals" {
                concat!(issuer!(), ":aud") => "sts.amazonaws.com",
                concat!(issuer!(), ":sub") => "system:serviceaccount:shop:api"
            }
        },
        context: r#"{"role_arn": "arn:aws:iam::111122223333:role/api"}"#,
    },
    good: GOOD,
    sources: &["IAM User Guide, AWS JSON policy elements: Principal"],
};

/// Providers that need no object in IAM.
const BUILT_IN: &[&str] = &[
    "accounts.google.com",
    "www.amazon.com",
    "graph.facebook.com",
    "cognito-identity.amazonaws.com",
    "cognito-identity-us-gov.amazonaws.com",
];

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (index, statement) in subject.statements() {
        for (position, name) in federated(statement).enumerate() {
            let is_arn =
                name.starts_with("arn:") && (name.contains(":oidc-provider/") || name.contains(":saml-provider/"));
            // Text of templates and wildcards are other mistakes.
            if is_arn || BUILT_IN.contains(&name) || has_wildcard(name) || name.contains(['$', '{', '<']) {
                continue;
            }
            let path = statement_path(index)
                .with_attribute("Principal")
                .with_attribute("Federated")
                .with_index(position);
            let found = report.at(
                &path,
                format!(
                    "`{name}` is not an identity provider: IAM refuses the policy. Name the provider by its ARN, `arn:PARTITION:iam::ACCOUNT:oidc-provider/ISSUER`."
                ),
            );
            let around = subject.around;
            if let Some(account) = around.role_account()
                && let Some(region) = issuer::region(name)
            {
                let partition = Partition::of_region(&region);
                let arn = format!("arn:{partition}:iam::{account}:oidc-provider/{}", issuer::bare(name));
                found.fixed_by("Name the provider by its ARN", subject.edits().set(&path, arn).done());
            }
        }
    }
}
