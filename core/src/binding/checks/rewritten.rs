//! Statements under a binding's own names that say something else than it writes.

use tfmodel::{Diagnostic, Path, Value};

use super::super::derived::Derived;
use super::super::facts::{Facts, Settings};
use super::super::model::{Binding, PolicyJson};
use super::super::trust;
use crate::policy::{Document, Statement};

/// A refresh has found a statement under a Sid of the binding that lets in others than the binding does.
pub(super) fn rewritten(
    prior: &Binding,
    planned: &Binding,
    derived: &Derived,
    facts: &Facts,
    settings: &Settings,
) -> Option<Diagnostic> {
    let key = derived.key.as_ref()?;
    let before = Derived::new(None, prior, facts, settings).ok();
    let mut written = before
        .and_then(|before| trust::statements(before.trust.as_ref()?))
        .unwrap_or_default();
    // A change that failed half way has written some of the new ones.
    written.extend(document(&planned.trust_policy)?.statements);
    let found = document(&prior.trust_policy)?.statements;
    let wider: Vec<String> = found
        .iter()
        .filter(|statement| statement.sid.as_deref().is_some_and(|sid| key.owns_sid(sid)))
        .filter_map(|statement| {
            let same_name = written.iter().filter(|one| one.sid == statement.sid);
            let differences = same_name.map(|one| differences(statement, one));
            let least = differences.min_by_key(Vec::len).filter(|least| !least.is_empty())?;
            let sid = statement.sid.as_deref().unwrap_or_default();
            Some(format!("Statement `{sid}` {}.", least.join(", and ")))
        })
        .collect();
    if wider.is_empty() {
        return None;
    }
    let role = prior.role_arn.known().map_or("", String::as_str);
    let at = if prior.role.is_known() { "role" } else { "role_arn" };
    // About security: the host folds warnings of equal summary into one.
    let warning = Diagnostic::warning(
        format!("Somebody rewrote what the binding says in its role's trust policy (`{key}`)"),
        format!(
            "In the trust policy of `{role}`: {} Others may have assumed the role since then. Applying puts it back; CloudTrail has who called \
             `UpdateAssumeRolePolicy`.",
            wider.join(" ")
        ),
    );
    Some(warning.at(Path::attribute(at)))
}

fn document(policy: &Value<PolicyJson>) -> Option<Document> {
    Document::parse(&policy.known()?.0).ok()
}

/// What lets others in, as ends of sentences that begin with the statement that was found.
fn differences(found: &Statement, written: &Statement) -> Vec<String> {
    let (found, wanted) = (found.canonical(), written.canonical());
    let mut differences = Vec::new();
    if found.effect != wanted.effect {
        differences.push("has another effect".to_owned());
    }
    if found.principals != wanted.principals {
        differences.push("names another principal".to_owned());
    }
    if found.actions != wanted.actions {
        differences.push("has other actions".to_owned());
    }
    let gone = wanted.conditions.iter().filter(|one| !found.conditions.contains(one));
    // As users know them, not in small letters.
    let as_written = |key: &str| written.conditions.iter().find(|one| one.key.eq_ignore_ascii_case(key));
    let keys: Vec<String> = gone
        .filter_map(|condition| Some(format!("`{}`", as_written(&condition.key)?.key)))
        .collect();
    if !keys.is_empty() {
        differences.push(format!("does not have the binding's condition on {}", keys.join(", ")));
    }
    differences
}
