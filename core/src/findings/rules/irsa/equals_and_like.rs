use super::example::GOOD;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Effect, Test};

pub(super) const RULE: Rule = Rule {
    code: "PIB104",
    slug: "equals-and-like",
    title: "IRSA trust asks two things of one subject at once",
    severity: Severity::Error,
    what: "One statement has both `StringEquals` and `StringLike` on the `sub` claim, and a name under the one matches nothing under the other. It leaves alone `StringEquals` with names that the pattern under `StringLike` matches as well.",
    why: "All operators of a statement must hold at once, so that name is refused although it stands there.",
    fix: "Put all names under `StringLike`, of which one has to match, or write two statements.",
    bad: Example {
        policy: irsa! {
            "StringEquals" { "aud" => "sts.amazonaws.com", "sub" => "system:serviceaccount:shop:api" },
            "StringLike" { "sub" => "system:serviceaccount:jobs:worker-*" }
        },
        context: "",
    },
    good: GOOD,
    sources: &["IAM User Guide, conditions with multiple context keys or values"],
    check,
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
            !exact.has_wildcard() && !under(Test::StringLike).any(|like| matches(like.value, exact.value))
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

/// Whether a text fits a pattern, in time of their product.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at, mut from) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(letter) = text.get(from) {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(wanted) if *wanted == b'?' || wanted == letter => {
                at += 1;
                from += 1;
            }
            _ => {
                let Some((back, taken)) = star else { return false };
                star = Some((back, taken + 1));
                at = back + 1;
                from = taken + 1;
            }
        }
    }
    pattern
        .get(at..)
        .is_none_or(|rest| rest.iter().all(|byte| *byte == b'*'))
}
