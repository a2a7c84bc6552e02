//! Roles of others that a binding has left while pods may still come to them with tokens.

use std::collections::BTreeSet;

use super::desired::Desired;
use super::observed::{FormerRole, Observed};
use super::reconcile::may_get_tokens;
use crate::ids::Mechanism;

/// Names of roles of others that may have statements of a binding and are not the one of its state. Whoever changes it has to remember them, so
/// that a later change, or its deletion, takes the statements away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftRoles {
    /// From before the first step of a change until its end: it may fail after any of them.
    pub meanwhile: BTreeSet<String>,
    /// Once it is done.
    pub then: BTreeSet<String>,
}

impl LeftRoles {
    /// What to remember of a change, where `known` was remembered until now.
    pub fn of(known: &BTreeSet<String>, observed: &Observed, desired: &Desired) -> Self {
        let (mut meanwhile, mut then) = (known.clone(), BTreeSet::new());
        let name = &desired.role_name;
        if desired.owned.is_none() && desired.writes_trust {
            meanwhile.insert(name.clone());
        } else if desired.owned.is_none() && known.contains(name) {
            // Written by a change that failed, and not to be managed since.
            then.insert(name.clone());
        }
        let former = observed.former.iter().filter(|former| !former.owned);
        then.extend(
            former
                .filter(|former| keeps_statement(former, desired))
                .map(|former| former.role.name.clone()),
        );
        Self { meanwhile, then }
    }
}

fn keeps_statement(former: &FormerRole, desired: &Desired) -> bool {
    let token_sid = desired.key.sid(Mechanism::Irsa);
    let statements = former.role.trust().statements;
    may_get_tokens(former.mode, desired.mode) && statements.iter().any(|one| one.sid.as_ref() == Some(&token_sid))
}
