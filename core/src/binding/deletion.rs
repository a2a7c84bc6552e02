//! Removing what a binding owns, and nothing else.

use tfmodel::{Diagnostic, Diagnostics, Value};

use super::TrustEdit;
use super::desired::pods;
use super::model::Binding;
use super::observed::{FormerRole, Observed, ObservedRole, policies, strings};
use super::sequence::Sequence;
use super::steps::{Action, Step};
use super::target;
use crate::ids::BindingKey;
use crate::policy::Statement;

/// The steps that remove a binding and nothing else.
///
/// # Errors
/// Others still use its role, or gave it policies.
pub fn delete(observed: &Observed, binding: &Binding) -> Result<Vec<Step>, Diagnostics> {
    let Some(key) = binding.id.known().and_then(|id| id.parse::<BindingKey>().ok()) else {
        return Ok(Vec::new());
    };
    let owned = binding.role.known();
    let force = owned.is_some_and(|role| role.force_delete == Value::Known(true));
    let own_policies = owned.map(|role| strings(&role.managed_policy_arns));
    let own_inline = owned.map(|role| policies(&role.inline_policies));
    let current = observed.role.iter().map(|role| FormerRole {
        role: role.clone(),
        owned: owned.is_some(),
        mode: None,
    });
    let roles: Vec<FormerRole> = current.chain(observed.former.iter().cloned()).collect();

    for former in roles.iter().filter(|former| former.owned) {
        // The lists of a role that is out of use are no longer in the state. Where they are exclusive, it held nothing else.
        let in_use = observed.role.as_ref().is_some_and(|role| role.name == former.role.name);
        let attached = former
            .role
            .managed_policy_arns
            .iter()
            .filter(|arn| match &own_policies {
                None | Some(Some(_)) if !in_use => false,
                own => !own.iter().flatten().flatten().any(|own| own == *arn),
            });
        let users = former
            .role
            .inline_policies
            .keys()
            .filter(|name| !target::is_policy_name(name));
        let inline = users.filter(|name| match &own_inline {
            None | Some(Some(_)) if !in_use => false,
            own => !own.iter().flatten().any(|own| own.contains_key(*name)),
        });
        refuse_foreign(&key, &former.role, force, attached.chain(inline))?;
    }

    // Nothing that is removed relies on something that was given.
    let mut steps = Sequence::without_waits();
    if let Some(association) = &observed.association {
        steps.push(
            Action::DeleteAssociation {
                id: association.id.clone(),
            },
            "because the binding is deleted",
            Some(format!(
                "Running {} keep the credentials that they have until those expire.",
                pods(&key)
            )),
        );
    }
    for former in &roles {
        let role = &former.role;
        if !former.owned {
            if binding.manage_trust_policy == Value::Known(true) {
                leave(&mut steps, &key, &former.role, |_| true);
            }
            continue;
        }
        let name = || role.name.clone();
        for arn in &role.managed_policy_arns {
            let action = Action::DetachPolicy {
                name: name(),
                arn: arn.clone(),
            };
            steps.push(action, "because a role with policies cannot be deleted", None);
        }
        for policy in role.inline_policies.keys() {
            let action = Action::DeleteInlinePolicy {
                name: name(),
                policy: policy.clone(),
            };
            steps.push(action, "because a role with policies cannot be deleted", None);
        }
        steps.push(
            Action::DeleteRole { name: name() },
            "because the binding owns it",
            Some("Sessions of the role end at once.".to_owned()),
        );
    }
    Ok(steps.finish())
}

/// Stops before anything is removed.
fn refuse_foreign<'a>(
    key: &BindingKey,
    role: &ObservedRole,
    force: bool,
    foreign: impl Iterator<Item = &'a String>,
) -> Result<(), Diagnostics> {
    let others: Vec<String> = role
        .trust()
        .statements
        .into_iter()
        .filter_map(|statement| statement.sid)
        .filter(|sid| BindingKey::is_sid(sid) && !key.owns_sid(sid))
        .map(|sid| format!("`{sid}`"))
        .collect();
    if !others.is_empty() {
        return Err(Diagnostic::error(
            "Other bindings use the role",
            format!(
                "The trust policy of role `{}` has statements of other bindings: {}. Deleting the role would take their pods' access away. Delete \
                 those bindings first, or give them another role.",
                role.name,
                others.join(", ")
            ),
        )
        .into());
    }
    let foreign: Vec<String> = foreign.map(|name| format!("`{name}`")).collect();
    if !foreign.is_empty() && !force {
        return Err(Diagnostic::error(
            "Others gave policies to the role",
            format!(
                "Role `{}` has policies that this binding does not manage: {}. Remove them where they are managed, or set `role.force_delete` and \
                 apply that first.",
                role.name,
                foreign.join(", ")
            ),
        )
        .into());
    }
    Ok(())
}

/// Takes statements of this binding out of a role that it does not own.
pub(super) fn leave(steps: &mut Sequence, key: &BindingKey, role: &ObservedRole, goes: impl Fn(&str) -> bool) {
    let is_left = |sid: &str| key.owns_sid(sid) && goes(sid);
    let remove: Vec<Statement> = role
        .trust()
        .statements
        .into_iter()
        .filter(|statement| statement.sid.as_deref().is_some_and(is_left))
        .collect();
    if !remove.is_empty() {
        let action = Action::EditTrust {
            name: role.name.clone(),
            edit: TrustEdit {
                put: Vec::new(),
                remove,
            },
        };
        steps.push(action, &format!("because it no longer serves the {}", pods(key)), None);
    }
}
