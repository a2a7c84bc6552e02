use super::example::GOOD;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::Effect;

pub(super) const RULE: Rule = Rule {
    code: "PIB107",
    slug: "default-service-account",
    title: "IRSA trust names the default service account",
    severity: Severity::Warning,
    fix: "Give the workload a service account of its own, and trust that.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The subject is the service account `default` of a namespace. It leaves alone other service accounts of the namespace `default`.",
    why: "Every pod of the namespace that names no service account runs as `default` and may become the role.",
    bad: Example {
        policy: irsa! { "StringEquals" { "aud" => "sts.amazonaws.com", "sub" => "system:serviceaccount:shop:default" } },
        context: "",
    },
    good: GOOD,
    sources: &["Kubernetes documentation, Configure Service Accounts for Pods"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (statement, asked) in subject.asked("sub") {
        if statement.effect != Effect::Allow {
            continue;
        }
        if let Some((namespace, "default")) = asked.names() {
            report.at(
                &asked.path(),
                format!(
                    "`{}` lets in every pod of namespace `{namespace}` that names no service account of its own. Give the workload a service account, and \
                     trust that.",
                    asked.value
                ),
            );
        }
    }
}
