use super::example::GOOD;
use crate::evaluate::is_like;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Effect, Test};

pub(super) const RULE: Rule = Rule {
    code: "PIB104",
    slug: "equals-and-like",
    title: "IRSA trust asks two things of one subject at once",
    severity: Severity::Error,
    fix: "Put all names under `StringLike`, of which one has to match, or write two statements.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "One statement has both `StringEquals` and `StringLike` on the `sub` claim, and a name under the one matches nothing under the other. It leaves alone `StringEquals` with names that the pattern under `StringLike` matches as well.",
    why: "All operators of a statement must hold at once, so that name is refused although it stands there.",
    bad: Example {
        policy: irsa! {
            "StringEquals" { "aud" => "sts.amazonaws.com", "sub" => "system:serviceaccount:shop:api" },
            "StringLike" { "sub" => "system:serviceaccount:jobs:worker-*" }
        },
        context: "",
    },
    good: GOOD,
    sources: &["IAM User Guide, conditions with multiple context keys or values"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for statement in subject
        .irsa_statements()
        .filter(|statement| statement.effect == Effect::Allow)
    {
        let under = |test: Test| statement.asked("sub").filter(move |asked| asked.test == test);
        let Some(like) = under(Test::StringLike).next() else {
            continue;
        };
        let refused = under(Test::StringEquals).find(|exact| {
            !exact.has_wildcard() && !under(Test::StringLike).any(|like| is_like(exact.value, like.value))
        });
        let Some(refused) = refused else { continue };
        let found = report.at(
            &refused.path(),
            format!(
                "`{}` stands under `{}` and matches nothing under `{}`, but a statement lets in only what fulfils both: this service account is refused. \
                 Put both under `{}`.",
                refused.value, refused.claim.condition.operator, like.claim.condition.operator, like.claim.condition.operator,
            ),
        );
        let to = like.claim.path();
        let edits = refused
            .claim
            .condition
            .values
            .iter()
            .fold(subject.edits(), |edits, value| edits.push(&to, value));
        found.fixed_by("Let either match", edits.remove(&refused.claim.path()).done());
    }
}
