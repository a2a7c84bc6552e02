use super::example::GOOD;
use super::view::{SUBJECT, starts_with};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::Test;

pub(super) const RULE: Rule = Rule {
    code: "PIB125",
    slug: "subject-case",
    title: "IRSA trust does not spell the subject in lower case",
    severity: Severity::Error,
    fix: "Write `system:serviceaccount:`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The subject starts with `system:serviceaccount:` in other letters, such as `system:serviceAccount:`. Comparisons that ignore case are left alone.",
    why: "Values are compared letter by letter, case included: no token matches, and STS refuses the pods.",
    bad: Example {
        policy: irsa! { "StringEquals" { "aud" => "sts.amazonaws.com", "sub" => "system:serviceAccount:shop:api" } },
        context: "",
    },
    good: GOOD,
    sources: &["IAM User Guide, condition operators: string condition operators"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (_, asked) in subject.asked("sub") {
        let other_case = starts_with(asked.value, SUBJECT) && !asked.value.starts_with(SUBJECT);
        if !other_case || asked.test == Test::StringEqualsIgnoreCase {
            continue;
        }
        let right = format!("{SUBJECT}{}", asked.value.get(SUBJECT.len()..).unwrap_or_default());
        let found = report.at(
            &asked.path(),
            format!(
                "`{}` matches no token, because case counts and subjects start with `{SUBJECT}`: pods are refused. Write `{right}`.",
                asked.value
            ),
        );
        found.fixed_by(
            "Use lower-case letters",
            subject.edits().set(&asked.path(), right).done(),
        );
    }
}
