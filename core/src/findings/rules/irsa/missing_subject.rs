use super::example::GOOD;
use super::view::SUBJECT;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::{Subject, condition_key_path};

pub(super) const RULE: Rule = Rule {
    code: "PIB101",
    slug: "missing-subject",
    title: "IRSA trust does not say which service account",
    severity: Severity::Security,
    fix: "Add `StringEquals` on `ISSUER:sub` with `system:serviceaccount:NAMESPACE:SERVICE_ACCOUNT`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement lets tokens of a cluster's OIDC issuer in and has no condition on the `sub` claim, which names namespace and service account. It leaves alone providers other than clusters', such as CI systems, whose tokens other claims may tell apart.",
    why: "Every pod of the cluster may become the role: whoever can create a pod in any namespace has its permissions.",
    bad: Example {
        policy: irsa! { "StringEquals" { "aud" => "sts.amazonaws.com" } },
        context: "",
    },
    good: GOOD,
    sources: &["Amazon EKS User Guide, Assign IAM roles to Kubernetes service accounts"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    // Those have a rule of their own.
    let halves: Vec<usize> = subject.halves().map(|(open, _)| open.index).collect();
    for statement in subject.pods_let_in() {
        let is_narrowed =
            statement.claim("sub").next().is_some() || statement.names_service_accounts() || statement.asks_of_others();
        if is_narrowed || !statement.is_about_tokens() || halves.contains(&statement.index) {
            continue;
        }
        let key = statement.key_of("sub");
        let found = report.statement(
            statement.index,
            format!(
                "The statement lets in every token of `{}`: no condition asks for its `sub` claim, so every pod of the cluster may become the role. \
                 Add `StringEquals` on `{key}` with `system:serviceaccount:NAMESPACE:SERVICE_ACCOUNT`.",
                statement.issuer,
            ),
        );
        let path = condition_key_path(statement.index, "StringEquals", &key);
        let pods = subject.around.pods.iter();
        let edits = pods.fold(subject.edits(), |edits, pod| {
            edits.push(&path, &format!("{SUBJECT}{}:{}", pod.namespace, pod.service_account))
        });
        found.fixed_by("Name the service account", edits.done());
    }
}
