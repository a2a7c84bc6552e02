use super::example::GOOD;
use super::view::{Reach, can_match, reach};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Effect, Test};

pub(super) const RULE: Rule = Rule {
    code: "PIB105",
    slug: "every-namespace",
    title: "IRSA trust is open to every namespace",
    severity: Severity::Security,
    fix: "Name the namespaces, or use a prefix that only yours have.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The pattern for `sub` matches service accounts of all namespaces of the cluster. It leaves alone a wildcard within the name of the namespace, such as `preview-*`.",
    why: "Whoever may create a namespace, or a service account in any namespace, may become the role.",
    bad: Example {
        policy: irsa! {
            "StringEquals" { "aud" => "sts.amazonaws.com" },
            "StringLike" { "sub" => "system:serviceaccount:*:api" }
        },
        context: "",
    },
    good: GOOD,
    sources: &["Amazon EKS Best Practices Guide, Identity and Access Management"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let pods: Vec<usize> = subject.pods_let_in().map(|one| one.index).collect();
    for (statement, asked) in subject.asked("sub") {
        let is_open =
            asked.test == Test::StringLike && can_match(asked.value) && reach(asked.value) == Reach::EveryNamespace;
        let may_be_pods = pods.contains(&statement.index);
        if statement.effect == Effect::Allow && is_open && may_be_pods {
            report.at(
                &asked.path(),
                format!(
                    "`{}` matches service accounts of every namespace of the cluster: whoever may create one anywhere may become the role. Name the namespace.",
                    asked.value
                ),
            );
        }
    }
}
