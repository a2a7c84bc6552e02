use super::view::{ConditionView, conditions, mechanisms};
use crate::evaluate::pod::SESSION_TAGS;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Effect, Operator, Quantifier, Test, TestKind};

pub(super) const RULE: Rule = Rule {
    code: "PIB334",
    slug: "guard-fails-open",
    title: "Condition that guards the role also holds where its key is missing",
    severity: Severity::Security,
    fix: "Use the operator without `IfExists` and without `ForAllValues`; where a key has several values, `ForAnyValue`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A condition on who calls is written with `IfExists` or `ForAllValues`: both hold for a request that does not carry the key. It leaves alone session tags that callers choose: there `IfExists` says which values they may have. It also leaves alone `aws:SourceArn` where `aws:SourceAccount` is asked for, and the other way round.",
    why: "Whoever calls without the key is let in: a token without that claim, a session without tags, a service that does not say for whom it acts.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::444455556666:role/vendor"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEqualsIfExists": {"sts:ExternalId": "ticket-4711"}}
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::444455556666:role/vendor"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"sts:ExternalId": "ticket-4711"}}
  }]
}"#,
        context: "",
    },
    sources: &[
        "IAM User Guide, IAM JSON policy elements: Condition operators",
        "IAM User Guide, Multivalued context keys",
        "IAM User Guide, IAM policy validation check reference: ForAllValues with single valued key",
    ],
};

/// Keys that say who calls; beside them, claims of tokens and the tags of pods.
const GUARDS: &[&str] = &[
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrgID",
    "sts:ExternalId",
];

/// Keys that say for whom a service acts.
const SOURCES: &[&str] = &["aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID"];

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for condition in conditions(subject).filter(|condition| is_meant(subject, condition)) {
        let Some(operator) = condition.operator else {
            continue;
        };
        let several = condition.is_claim("amr");
        let strict = Operator {
            quantifier: several.then_some(Quantifier::Any),
            test: operator.test,
            if_exists: false,
        };
        report
            .at(
                &condition.path(),
                format!(
                    "`{}` also holds for a request without `{}`: whoever calls without it is let in. Use `{strict}`.",
                    condition.condition.operator, condition.key
                ),
            )
            .fixed_by(
                format!("Use `{strict}`"),
                subject
                    .edits()
                    .transfer(&condition.path(), &condition.under(&strict.to_string()))
                    .done(),
            );
    }
}

/// Whether a condition of an `Allow` is a guard that fails open.
pub(super) fn is_meant(subject: &Subject<'_>, condition: &ConditionView<'_>) -> bool {
    let Some(operator) = condition.operator else {
        return false;
    };
    let guards = condition
        .known_key()
        .is_some_and(|known| GUARDS.contains(&known.name) || known.name == "aws:RequestTag/" && is_of_pods(condition))
        || ["sub", "aud", "amr"].iter().any(|claim| condition.is_claim(claim));
    condition.statement.effect == Effect::Allow
        && guards
        && operator.passes_without_key()
        && !operator.is_negated()
        && !is_asked_for_elsewhere(condition)
        && !is_for_others(condition)
        && !is_source_known_otherwise(condition)
        && !is_without_tags(subject, condition)
}

/// Whether another condition of the statement asks for the key.
fn is_asked_for_elsewhere(condition: &ConditionView<'_>) -> bool {
    condition.statement.conditions.iter().any(|other| {
        let Ok(operator) = other.operator.parse::<Operator>() else {
            return false;
        };
        let is_there = if operator.test == Test::Null {
            other.values.iter().all(|value| value.eq_ignore_ascii_case("false"))
        } else {
            !operator.passes_without_key()
        };
        other.key.eq_ignore_ascii_case(&condition.key) && is_there && operator.test.kind() != TestKind::Bool
    })
}

/// Whether the key is a session tag that says which pod calls. By other tags a caller says what it likes, and those who send none need not be kept
/// out: `IfExists` then says which values the tag may have.
fn is_of_pods(condition: &ConditionView<'_>) -> bool {
    let tag = condition.key.split_once('/').map_or("", |(_, tag)| tag);
    SESSION_TAGS.iter().any(|(name, _)| name.eq_ignore_ascii_case(tag))
}

/// Whether the key says for whom a service acts, and another condition asks for that by another key.
fn is_source_known_otherwise(condition: &ConditionView<'_>) -> bool {
    let is_source = |key: &str| SOURCES.iter().any(|source| source.eq_ignore_ascii_case(key));
    is_source(&condition.key)
        && condition.statement.conditions.iter().any(|other| {
            let asks = other.operator.parse::<Operator>();
            !other.key.eq_ignore_ascii_case(&condition.key)
                && (is_source(&other.key) || other.key.eq_ignore_ascii_case("aws:RequestTag/eks-cluster-arn"))
                && asks.is_ok_and(|one| {
                    !one.passes_without_key() && !one.is_negated() && one.test.kind() != TestKind::Null
                })
        })
}

/// Whether the key is a session tag, and associations send none.
fn is_without_tags(subject: &Subject<'_>, condition: &ConditionView<'_>) -> bool {
    subject.around.session_tags == Some(false)
        && condition
            .known_key()
            .is_some_and(|known| known.name == "aws:RequestTag/")
}

/// Whether some of those whom the statement names never carry the key: then it has to pass without.
fn is_for_others(condition: &ConditionView<'_>) -> bool {
    mechanisms(condition.statement)
        .is_none_or(|mechanisms| mechanisms.iter().any(|one| one.never_carries(&condition.key)))
}
