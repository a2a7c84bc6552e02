use super::view::{Reach, reach};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Effect, Test};

pub(super) const RULE: Rule = Rule {
    code: "PIB108",
    slug: "system-namespace",
    title: "IRSA trust covers all of a system namespace",
    severity: Severity::Security,
    fix: "Name the service account, such as `system:serviceaccount:kube-system:ebs-csi-controller-sa`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The pattern for `sub` matches every service account of `kube-system` or another namespace of the cluster itself. It leaves alone add-ons of `kube-system` by their names, also with a wildcard within the name.",
    why: "DaemonSets, controllers and add-ons of everybody run there; each may become the role, and so may whoever takes over one of them.",
    bad: Example {
        policy: irsa! {
            "StringEquals" { "aud" => "sts.amazonaws.com" },
            "StringLike" { "sub" => "system:serviceaccount:kube-system:*" }
        },
        context: "",
    },
    good: Example {
        policy: irsa! {
            "StringEquals" { "aud" => "sts.amazonaws.com", "sub" => "system:serviceaccount:kube-system:ebs-csi-controller-sa" }
        },
        context: "",
    },
    sources: &["Amazon EKS Best Practices Guide, Identity and Access Management"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (statement, asked) in subject.asked("sub") {
        let is_whole = asked.test == Test::StringLike && reach(asked.value) == Reach::System;
        if statement.effect == Effect::Allow && is_whole {
            report.at(
                &asked.path(),
                format!(
                    "`{}` lets in every controller, DaemonSet and add-on of a namespace that belongs to the cluster itself. Name the service account that needs \
                     the role.",
                    asked.value
                ),
            );
        }
    }
}
