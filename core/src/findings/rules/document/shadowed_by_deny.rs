use tfmodel::order;

use super::view::{is_for_everybody, named};
use crate::evaluate::is_like;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Condition, Effect, Operator, Statement, Test};

pub(super) const RULE: Rule = Rule {
    code: "PIB353",
    slug: "shadowed-by-deny",
    title: "Allow is shadowed by a Deny",
    severity: Severity::Error,
    fix: "Narrow the `Deny` to those who are meant, or remove the `Allow`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A `Deny` of the same policy is about every request that this `Allow` is about.",
    why: "A `Deny` beats every `Allow`: the statement lets nobody in.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole"
  }, {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sts:*"
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole"
  }, {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sts:*",
    "Condition": {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}
  }]
}"#,
        context: "",
    },
    sources: &["IAM User Guide, Policy evaluation logic"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let denies: Vec<&Statement> = subject
        .statements()
        .map(|(_, statement)| statement)
        .filter(|statement| statement.effect == Effect::Deny)
        .collect();
    for (index, statement) in subject.statements() {
        if statement.effect != Effect::Allow {
            continue;
        }
        let mut shadows: Vec<&str> = denies
            .iter()
            .filter(|deny| shadows(deny, statement))
            .map(|deny| deny.sid.as_deref().unwrap_or_default())
            .collect();
        order::sort(&mut shadows);
        if let Some(sid) = shadows.first() {
            let name = if sid.is_empty() {
                String::new()
            } else {
                format!(" `{sid}`")
            };
            report.statement(
                index,
                format!(
                    "The `Deny`{name} is about every request that this statement is about, and a `Deny` beats every `Allow`: nobody is let in. Narrow the \
                     `Deny`, or remove the `Allow`."
                ),
            );
        }
    }
}

/// Whether a `Deny` is known to be about every request that an `Allow` is about.
fn shadows(deny: &Statement, allow: &Statement) -> bool {
    has_principals(deny, allow)
        && has_actions(deny, allow)
        && deny
            .conditions
            .iter()
            .all(|condition| allow.conditions.iter().any(|given| follows(condition, given)))
}

fn has_principals(deny: &Statement, allow: &Statement) -> bool {
    let (Some(denied), Some(allowed)) = (&deny.principals, &allow.principals) else {
        return false;
    };
    if denied.except || allowed.except {
        return false;
    }
    if is_for_everybody(denied) {
        return true;
    }
    let denied = named(0, deny);
    let allowed = named(0, allow);
    !allowed.is_empty()
        && allowed.iter().all(|one| {
            denied
                .iter()
                .any(|other| one.kind == other.kind && one.name == other.name)
        })
}

fn has_actions(deny: &Statement, allow: &Statement) -> bool {
    let Some(allowed) = allow.actions.as_ref().filter(|actions| !actions.except) else {
        return false;
    };
    let denied = |name: &String| {
        deny.covers(name)
            || deny.actions.as_ref().is_some_and(|actions| {
                !actions.except && actions.names.iter().any(|pattern| pattern.eq_ignore_ascii_case(name))
            })
    };
    // A pattern is an action like itself only by letter.
    let certain = |name: &String| denied(name) && (!name.contains(['*', '?']) || is_all(deny));
    allowed.names.iter().all(certain)
}

fn is_all(deny: &Statement) -> bool {
    deny.actions.as_ref().is_some_and(|actions| {
        !actions.except
            && actions
                .names
                .iter()
                .any(|name| matches!(name.to_ascii_lowercase().as_str(), "*" | "sts:*"))
    })
}

/// Whether a condition holds wherever another one holds.
fn follows(condition: &Condition, given: &Condition) -> bool {
    if !condition.key.eq_ignore_ascii_case(&given.key) {
        return false;
    }
    let (Ok(wanted), Ok(known)) = (
        condition.operator.parse::<Operator>(),
        given.operator.parse::<Operator>(),
    ) else {
        return false;
    };
    let plain = |operator: Operator| operator.quantifier.is_none() && !operator.if_exists;
    let has = |value: &String| condition.values.iter().any(|other| other == value);
    if wanted == known && !wanted.is_negated() {
        return given.values.iter().all(has);
    }
    if wanted == known {
        return condition
            .values
            .iter()
            .all(|value| given.values.iter().any(|other| other == value));
    }
    let literal = given.values.iter().all(|value| !value.contains('$'));
    plain(wanted)
        && plain(known)
        && literal
        && known.test == Test::StringEquals
        && given.values.iter().all(|value| match wanted.test {
            Test::StringLike => condition
                .values
                .iter()
                .any(|pattern| !pattern.contains('$') && is_like(value, pattern)),
            Test::StringNotEquals => !has(value) && condition.values.iter().all(|other| !other.contains('$')),
            _ => false,
        })
}
