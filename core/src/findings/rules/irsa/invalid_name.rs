use super::example::GOOD;
use super::view::has_wildcard;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::ids::{Namespace, ServiceAccount};
use crate::policy::Test;

pub(super) const RULE: Rule = Rule {
    code: "PIB124",
    slug: "invalid-name",
    title: "IRSA trust has a name that Kubernetes refuses",
    severity: Severity::Error,
    fix: "Use the names that `kubectl get serviceaccount -A` shows.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The subject has a namespace or service account that cannot exist: with capital letters, underscores, or too long. Patterns, policy variables and comparisons that ignore case are left alone.",
    why: "No token has such a subject: STS refuses the pods.",
    bad: Example {
        policy: irsa! { "StringEquals" { "aud" => "sts.amazonaws.com", "sub" => "system:serviceaccount:shop:API" } },
        context: "",
    },
    good: GOOD,
    sources: &["Kubernetes documentation, Object Names and IDs"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (_, asked) in subject.asked("sub") {
        let Some((namespace, account)) = asked.names() else {
            continue;
        };
        if has_wildcard(asked.value) || asked.value.contains('$') || asked.test == Test::StringEqualsIgnoreCase {
            continue;
        }
        let wrong = match (namespace.parse::<Namespace>(), account.parse::<ServiceAccount>()) {
            (Ok(_), Ok(_)) => continue,
            (Err(error), _) => format!("There is no namespace `{namespace}`: {error}"),
            (_, Err(error)) => format!("There is no service account `{account}`: {error}"),
        };
        let found = report.at(
            &asked.path(),
            format!("{wrong}. No token has this subject, so pods are refused. Use the name that the service account has in the cluster."),
        );
        let lower = asked.value.to_ascii_lowercase();
        let fits = namespace.to_ascii_lowercase().parse::<Namespace>().is_ok()
            && account.to_ascii_lowercase().parse::<ServiceAccount>().is_ok();
        if fits {
            found.fixed_by(
                "Use lower-case letters",
                subject.edits().set(&asked.path(), lower).done(),
            );
        }
    }
}
