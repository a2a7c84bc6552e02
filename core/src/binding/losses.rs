//! What a role loses when it becomes a binding's own.

use super::desired::Desired;
use super::existing::tags_lost;
use super::observed::ObservedRole;
use super::steps::{Action, Step};
use crate::policy::Statement;

/// Every statement, policy and tag that the steps of a change take from a role, in sentences.
pub(super) fn losses(role: &ObservedRole, desired: &Desired, steps: &[Step]) -> String {
    let (mut statements, mut policies, mut overwritten) = (Vec::new(), Vec::new(), Vec::new());
    for step in steps {
        match &step.action {
            Action::EditTrust { name, edit } if *name == role.name => {
                statements.extend(edit.remove.iter().map(statement_name));
            }
            Action::DetachPolicy { name, arn } if *name == role.name => policies.push(format!("`{arn}`")),
            Action::DeleteInlinePolicy { name, policy } if *name == role.name => {
                policies.push(format!("`{policy}` (inline)"));
            }
            Action::PutInlinePolicy { name, policy, .. }
                if *name == role.name && role.inline_policies.contains_key(policy) =>
            {
                overwritten.push(format!("`{policy}`"));
            }
            _ => {}
        }
    }
    let mut told = match statements.as_slice() {
        [] => "Its trust policy loses no statement.".to_owned(),
        statements => format!(
            "From its trust policy go these statements of others: {}.",
            statements.join(", ")
        ),
    };
    if !policies.is_empty() {
        told.push_str(&format!(" It loses these policies: {}.", policies.join(", ")));
    }
    if !overwritten.is_empty() {
        told.push_str(&format!(
            " These inline policies are overwritten: {}.",
            overwritten.join(", ")
        ));
    }
    if let Some(owned) = &desired.owned {
        told.push_str(&tags_lost(&role.tags, &owned.tags));
    }
    told
}

fn statement_name(statement: &Statement) -> String {
    match statement.sid.as_deref().filter(|sid| !sid.is_empty()) {
        Some(sid) => format!("`{sid}`"),
        None => format!("`{}`", statement.to_json()),
    }
}
