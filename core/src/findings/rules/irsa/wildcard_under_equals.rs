use super::issuer;
use super::view::{Reach, reach};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::{Subject, condition_key_path};
use crate::policy::{Operator, Test};

pub(super) const RULE: Rule = Rule {
    code: "PIB103",
    slug: "wildcard-under-equals",
    title: "IRSA trust has a wildcard where none works",
    severity: Severity::Error,
    fix: "Use `StringLike`, or write the whole name.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A value for `sub` or `aud` has `*` or `?` under an operator that compares letter by letter, such as `StringEquals`. It leaves alone wildcards under `StringLike`.",
    why: "The value matches no token: names in Kubernetes have no such characters. STS refuses the pods with `AccessDenied`.",
    bad: Example {
        policy: irsa! { "StringEquals" { "aud" => "sts.amazonaws.com", "sub" => "system:serviceaccount:shop:api-*" } },
        context: "",
    },
    good: Example {
        policy: irsa! {
            "StringEquals" { "aud" => "sts.amazonaws.com" },
            "StringLike" { "sub" => "system:serviceaccount:shop:api-*" }
        },
        context: "",
    },
    sources: &["IAM User Guide, condition operators: string condition operators"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (statement, asked) in subject.asked("sub").chain(subject.asked("aud")) {
        let exact = matches!(asked.test, Test::StringEquals | Test::StringEqualsIgnoreCase);
        // One finding for each condition.
        let is_first = asked
            .claim
            .asked()
            .find(|one| one.has_wildcard())
            .map(|one| one.position)
            == Some(asked.position);
        let is_of_pods = issuer::is_eks(statement.issuer) || statement.names_service_accounts();
        // Elsewhere a subject or an audience may be a URL with a question mark.
        if !exact || !is_first || !(is_of_pods || asked.value.contains('*')) {
            continue;
        }
        let refused = if is_of_pods { "pods are" } else { "whoever is meant is" };
        let condition = asked.claim.condition;
        let found = report.at(
            &asked.path(),
            format!(
                "`{}` under `{}` is compared letter by letter, so it matches no token and {refused} refused. Use `StringLike` for it, or write the whole name.",
                asked.value, condition.operator
            ),
        );
        // What would let in more than a part of a name is for people to decide.
        let is_harmless = asked.claim.is("sub") && condition.values.iter().all(|value| reach(value) == Reach::Names);
        if let Ok(operator) = condition.operator.parse::<Operator>()
            && asked.test == Test::StringEquals
            && is_harmless
        {
            let like = Operator {
                test: Test::StringLike,
                ..operator
            };
            let to = condition_key_path(asked.claim.index, &like.to_string(), &condition.key);
            let edits = subject.edits().transfer(&asked.claim.path(), &to);
            found.fixed_by("Compare as a pattern", edits.done());
        }
    }
}
