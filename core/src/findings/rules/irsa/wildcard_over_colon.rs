use super::view::{Reach, SUBJECT, reach};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Effect, Test};

pub(super) const RULE: Rule = Rule {
    code: "PIB106",
    slug: "wildcard-over-colon",
    title: "Wildcard of an IRSA trust reaches into other namespaces",
    severity: Severity::Security,
    fix: "Write the colon: `system:serviceaccount:shop:*`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A pattern for `sub` has no colon between namespace and service account, so its wildcard stands for the end of the namespace's name, the colon and the service account. It leaves alone wildcards on either side of the colon, such as `shop-*:api`: names have no colons of their own.",
    why: "`shop*` means all service accounts of `shop`, but also those of `shop-test` and of every namespace that somebody creates with such a name.",
    bad: Example {
        policy: irsa! {
            "StringEquals" { "aud" => "sts.amazonaws.com" },
            "StringLike" { "sub" => "system:serviceaccount:shop*" }
        },
        context: "",
    },
    good: Example {
        policy: irsa! {
            "StringEquals" { "aud" => "sts.amazonaws.com" },
            "StringLike" { "sub" => "system:serviceaccount:shop:*" }
        },
        context: "",
    },
    sources: &["IAM User Guide, condition operators: string condition operators"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (statement, asked) in subject.asked("sub") {
        let Some(names) = asked.value.strip_prefix(SUBJECT) else {
            continue;
        };
        let reaches = asked.test == Test::StringLike && reach(asked.value) == Reach::OverTheColon;
        if statement.effect == Effect::Allow && reaches {
            let namespace = names.trim_end_matches(['*', '?']);
            report.at(
                &asked.path(),
                format!(
                    "The wildcard of `{}` also stands for the colon after the namespace: every service account of every namespace whose name starts with \
                     `{}` is let in. Write the colon, as in `{SUBJECT}{namespace}:*`.",
                    asked.value,
                    names.split(['*', '?']).next().unwrap_or_default(),
                ),
            );
        }
    }
}
