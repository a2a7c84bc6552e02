//! What the argument `trust` must have said for a binding's statements to be what they are.

use tfmodel::Value;

use crate::binding::model::{ConditionMechanism, Scope, Trust, TrustCondition};
use crate::binding::trust::{self, TrustFacts, TrustTerms};
use crate::ids::{BindingKey, Mechanism, OidcProviderArn, Partition};
use crate::mode::Mode;
use crate::policy::{Condition, Statement, Strings};

/// What is there.
#[derive(Debug)]
pub(super) struct Found<'f> {
    pub(super) key: &'f BindingKey,
    pub(super) partition: &'f Partition,
    pub(super) mode: Mode,
    /// Whether the association sends session tags.
    pub(super) session_tags: bool,
    pub(super) provider: Option<&'f OidcProviderArn>,
    /// The binding's own statements.
    pub(super) own: &'f [&'f Statement],
    /// Those that nobody's binding wrote, in a role that this one owns.
    pub(super) others: Vec<&'f Statement>,
}

/// Null where the defaults say the same. Statements that no terms lead to are left to the next plan, which shows what differs.
pub(super) fn of(found: &Found<'_>) -> Value<Trust> {
    let defaults = TrustTerms::of(&Value::Null, found.session_tags, found.partition);
    let (scope, source_account, conditions) = [Scope::ServiceAccount, Scope::Namespace, Scope::Cluster, Scope::Account]
        .into_iter()
        .flat_map(|scope| [true, false].map(|source_account| (scope, source_account)))
        .find_map(|(scope, source_account)| {
            let terms = TrustTerms {
                scope,
                source_account,
                ..defaults.clone()?
            };
            Some((scope, source_account, added(found, terms)?))
        })
        .unwrap_or_else(|| {
            let default = defaults.as_ref().is_some_and(|terms| terms.source_account);
            (Scope::ServiceAccount, default, Vec::new())
        });
    let is_default = defaults.is_some_and(|terms| terms.source_account == source_account);
    // Without a statement for it, nothing tells.
    let is_default = is_default || own(found, Mechanism::PodIdentity).is_none();
    if scope == Scope::ServiceAccount && is_default && conditions.is_empty() && found.others.is_empty() {
        return Value::Null;
    }
    let list = |texts: Vec<String>| Value::Known(texts.into_iter().map(Value::Known).collect());
    Value::Known(Trust {
        scope: Value::Known(scope),
        source_account: (!is_default).then_some(source_account).into(),
        conditions: (!conditions.is_empty())
            .then(|| conditions.into_iter().map(Value::Known).collect())
            .into(),
        statements: match found.others.as_slice() {
            [] => Value::Null,
            others => list(others.iter().map(|statement| statement.to_json()).collect()),
        },
    })
}

fn own<'f>(found: &Found<'f>, mechanism: Mechanism) -> Option<&'f Statement> {
    let sid = sid(found, mechanism);
    found.own.iter().find(|one| one.sid.as_ref() == Some(&sid)).copied()
}

fn sid(found: &Found<'_>, mechanism: Mechanism) -> String {
    match mechanism {
        Mechanism::PodIdentity if !found.session_tags => found.key.untagged_sid(),
        Mechanism::Irsa | Mechanism::PodIdentity => found.key.sid(mechanism),
    }
}

/// The conditions that the statements have beyond those of the terms; `None` if the terms do not lead to them.
fn added(found: &Found<'_>, terms: TrustTerms) -> Option<Vec<TrustCondition>> {
    let written = trust::statements(&TrustFacts {
        key: found.key.clone(),
        partition: found.partition.clone(),
        mode: found.mode,
        provider: found.provider.cloned(),
        terms,
    })?;
    let beyond = |mechanism: Mechanism| -> Option<Vec<&Condition>> {
        let sid = sid(found, mechanism);
        let (Some(written), Some(present)) = (
            written.iter().find(|one| one.sid.as_ref() == Some(&sid)),
            own(found, mechanism),
        ) else {
            return Some(Vec::new());
        };
        let more: Vec<&Condition> = present
            .conditions
            .iter()
            .filter(|condition| !written.conditions.iter().any(|one| same(one, condition)))
            .collect();
        let mut whole = written.clone();
        whole
            .conditions
            .extend(more.iter().map(|condition| (*condition).clone()));
        whole.same_meaning(present).then_some(more)
    };
    let (irsa, pod_identity) = (beyond(Mechanism::Irsa)?, beyond(Mechanism::PodIdentity)?);
    let has = |all: &[&Condition], condition: &Condition| all.iter().any(|one| same(one, condition));
    let from_irsa = irsa.iter().map(|condition| {
        let both = has(&pod_identity, condition) || !found.mode.uses_pod_identity() && !is_claim(condition);
        entry(
            condition,
            if both {
                ConditionMechanism::Both
            } else {
                ConditionMechanism::Irsa
            },
        )
    });
    let rest = pod_identity
        .iter()
        .filter(|condition| !has(&irsa, condition))
        .map(|condition| {
            let both = !found.mode.uses_irsa() && !condition.key.to_ascii_lowercase().starts_with("aws:requesttag/");
            entry(
                condition,
                if both {
                    ConditionMechanism::Both
                } else {
                    ConditionMechanism::PodIdentity
                },
            )
        });
    Some(from_irsa.chain(rest).collect())
}

/// Whether a condition is about a token, which only IRSA has: its key starts with the issuer, a host.
fn is_claim(condition: &Condition) -> bool {
    condition
        .key
        .split(':')
        .next()
        .is_some_and(|issuer| issuer.contains('.'))
}

fn entry(condition: &Condition, mechanism: ConditionMechanism) -> TrustCondition {
    TrustCondition {
        test: Value::Known(condition.operator.clone()),
        variable: Value::Known(condition.key.clone()),
        values: Value::Known(condition.values.iter().cloned().map(Value::Known).collect()),
        mechanism: Value::Known(mechanism),
    }
}

/// IAM changes the order of values and writes a list of one as a string.
fn same(a: &Condition, b: &Condition) -> bool {
    let sorted = |values: &Strings| {
        let mut values: Vec<String> = values.iter().cloned().collect();
        values.sort();
        values
    };
    a.operator == b.operator && a.key.eq_ignore_ascii_case(&b.key) && sorted(&a.values) == sorted(&b.values)
}
