use super::example::GOOD;
use super::issuer;
use super::view::AUDIENCE;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::{Subject, condition_key_path};

pub(super) const RULE: Rule = Rule {
    code: "PIB102",
    slug: "missing-audience",
    title: "IRSA trust does not say what the token is for",
    severity: Severity::Warning,
    fix: "Add `StringEquals` on `ISSUER:aud` with `sts.amazonaws.com`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement for tokens of EKS has no condition on the `aud` claim. It leaves alone issuers of clusters outside EKS: some have other audiences, and ROSA's own roles ask for none.",
    why: "A token that a pod of the service account got for another service, and handed to it, opens the role as well if that audience is registered with the IAM provider.",
    bad: Example {
        policy: irsa! { "StringEquals" { "sub" => "system:serviceaccount:shop:api" } },
        context: "",
    },
    good: GOOD,
    sources: &["Amazon EKS User Guide, Assign IAM roles to Kubernetes service accounts"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    // Those have a rule of their own.
    let halves: Vec<usize> = subject.halves().map(|(_, narrow)| narrow.index).collect();
    for statement in subject
        .pods_let_in()
        .filter(|statement| issuer::is_eks(statement.issuer))
    {
        let asks = statement.claim("aud").next().is_some() || statement.has_value(|value| value == AUDIENCE);
        if asks || !statement.is_about_tokens() || halves.contains(&statement.index) {
            continue;
        }
        let key = statement.key_of("aud");
        let found = report.statement(
            statement.index,
            format!(
                "The statement takes tokens of `{}` for whatever audience: a token that a pod handed to another service opens the role as well, if the \
                 provider lists that audience. Add `StringEquals` on `{key}` with `{AUDIENCE}`.",
                statement.issuer,
            ),
        );
        let path = condition_key_path(statement.index, "StringEquals", &key);
        found.fixed_by("Ask for the audience", subject.edits().set(&path, AUDIENCE).done());
    }
}
