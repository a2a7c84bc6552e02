//! Removing what a binding owns, and nothing else.

use tfmodel::{Diagnostic, Diagnostics, Value};

use super::TrustEdit;
use super::desired::pods;
use super::model::Binding;
use super::observed::{FormerRole, Observed, ObservedRole, policies, strings};
use super::sequence::Sequence;
use super::steps::{Action, Step};
use super::target;
use crate::ids::{BindingKey, Mechanism};
use crate::policy::{Effect, PrincipalKind, Statement};

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
    let writes_trust = owned.is_some() || binding.manage_trust_policy == Value::Known(true);
    let current = observed.role.iter().filter(|_| writes_trust);
    let current = current.map(|role| FormerRole {
        role: role.clone(),
        owned: owned.is_some(),
        mode: None,
    });
    let roles: Vec<FormerRole> = current.chain(observed.former.iter().cloned()).collect();

    for FormerRole { role, .. } in roles.iter().filter(|former| former.owned) {
        let in_use = observed.role.as_ref().is_some_and(|present| present.name == role.name);
        let foreign = if in_use {
            let attached = role.managed_policy_arns.iter();
            let attached = attached.filter(|arn| !own_policies.iter().flatten().flatten().any(|own| own == *arn));
            let inline = role.inline_policies.keys().filter(|name| !target::is_policy_name(name));
            let inline = inline.filter(|name| !own_inline.iter().flatten().any(|own| own.contains_key(*name)));
            attached.chain(inline).cloned().collect()
        } else {
            let lists = Exclusive {
                managed: !matches!(own_policies, Some(None)),
                inline: !matches!(own_inline, Some(None)),
            };
            lists.policies_of_others(role)
        };
        refuse_others(&key, role, force, &foreign)?;
    }

    // Nothing that is removed relies on something that was given.
    let mut steps = Sequence::without_waits();
    if let Some(association) = &observed.association {
        steps.push(
            Action::DeleteAssociation {
                id: association.id.clone(),
            },
            "because the binding is deleted",
            Some(lifetime(&key)),
        );
    }
    for FormerRole { role, owned, .. } in &roles {
        if !owned {
            leave(&mut steps, &key, role, |_| true);
            continue;
        }
        remove_role(
            &mut steps,
            role,
            "because the binding owns it",
            Some("Sessions of the role end at once."),
        );
    }
    Ok(steps.finish())
}

/// Removes a role with everything that hangs on it.
pub(super) fn remove_role(steps: &mut Sequence, role: &ObservedRole, reason: &str, note: Option<&str>) {
    const POLICIES_FIRST: &str = "because a role with policies cannot be deleted";
    let name = || role.name.clone();
    for arn in &role.managed_policy_arns {
        let action = Action::DetachPolicy {
            name: name(),
            arn: arn.clone(),
        };
        steps.push(action, POLICIES_FIRST, None);
    }
    for policy in role.inline_policies.keys() {
        let action = Action::DeleteInlinePolicy {
            name: name(),
            policy: policy.clone(),
        };
        steps.push(action, POLICIES_FIRST, None);
    }
    steps.push(Action::DeleteRole { name: name() }, reason, note.map(str::to_owned));
}

/// Whether the lists of policies of a role were exclusive when it went out of use. They are no longer in the state then, but an exclusive one
/// says that the role held nothing of others.
pub(super) struct Exclusive {
    pub(super) managed: bool,
    pub(super) inline: bool,
}

impl Exclusive {
    pub(super) fn policies_of_others(&self, role: &ObservedRole) -> Vec<String> {
        let attached = role.managed_policy_arns.iter().filter(|_| !self.managed);
        let inline = role.inline_policies.keys();
        let inline = inline.filter(|name| !self.inline && !target::is_policy_name(name));
        attached.chain(inline).cloned().collect()
    }
}

/// Stops before anything is removed, where others use a role or gave it policies.
pub(super) fn refuse_others(
    key: &BindingKey,
    role: &ObservedRole,
    force: bool,
    policies_of_others: &[String],
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
    if !role.other_users.is_empty() {
        let users: Vec<String> = role.other_users.iter().map(|user| format!("`{user}`")).collect();
        return Err(Diagnostic::error(
            "Others use the role",
            format!(
                "Role `{}` is also given to these service accounts of the cluster, by associations that are not this binding's: {}. Deleting it would \
                 take their pods' access away. Delete those associations first, or give them another role.",
                role.name,
                users.join(", ")
            ),
        )
        .into());
    }
    let foreign: Vec<String> = policies_of_others.iter().map(|name| format!("`{name}`")).collect();
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
        let token_sid = key.sid(Mechanism::Irsa);
        let takes_tokens = remove.iter().any(|one| one.sid.as_ref() == Some(&token_sid));
        let pods = pods(key);
        let restart = takes_tokens.then(|| format!("Restart the {pods} that were started for it before."));
        let action = Action::EditTrust {
            name: role.name.clone(),
            edit: TrustEdit {
                put: Vec::new(),
                remove,
            },
        };
        steps.push(action, &format!("because it no longer serves the {pods}"), restart);
    }
}

/// Whether others than the binding's pods may get a role through an association: what only names the binding's own service account serves
/// nobody else.
pub fn may_serve_others(key: &BindingKey, role: &ObservedRole) -> bool {
    const SERVICE_ACCOUNT: &str = "aws:RequestTag/kubernetes-service-account";
    role.trust().statements.iter().any(|statement| {
        let is_own = statement.sid.as_deref().is_some_and(|sid| key.owns_sid(sid));
        let names_it = || statement.conditions.iter().any(|one| one.key == SERVICE_ACCOUNT);
        let principals = statement.principals.as_ref();
        let is_for_others = principals.is_some_and(|principals| {
            [PrincipalKind::Aws, PrincipalKind::Federated]
                .iter()
                .any(|kind| principals.of_kind(kind).next().is_some_and(|name| name != "*"))
        });
        statement.effect == Effect::Allow && !is_for_others && !(is_own && names_it())
    })
}

/// How long pods keep what they have. Nothing guarantees the times, so none is promised.
fn lifetime(key: &BindingKey) -> String {
    format!(
        "Running {} keep the credentials that they have until those expire: AWS's documentation speaks of up to 6 hours with EKS Pod Identity, and of 59 \
         minutes with a target role.",
        pods(key)
    )
}

/// What the deletion of a binding means for pods that run.
pub fn deletion_warning(binding: &Binding) -> Option<Diagnostic> {
    let key: BindingKey = binding.id.known()?.parse().ok()?;
    let mode = *binding.mode.known()?;
    let role = binding.role_arn.known()?;
    let detail = if binding.role.is_known() {
        format!(
            "Role `{role}` is deleted, and the sessions of all {} that run with it end at once. A role that others still use is not deleted.",
            pods(&key)
        )
    } else {
        let times = match (mode.uses_irsa(), mode.uses_pod_identity()) {
            (true, true) => {
                "up to 6 hours with EKS Pod Identity, as AWS documents it, and up to the role's longest session with IRSA"
            }
            (true, false) => "up to the role's longest session",
            (false, true | false) => "up to 6 hours, as AWS documents it, or 59 minutes with a target role",
        };
        format!(
            "Role `{role}` is not this binding's and stays. Credentials of it that running {} hold live on until they expire: {times}. To end them sooner, \
             give the role a policy that denies everything where `aws:TokenIssueTime` is earlier than now.",
            pods(&key)
        )
    };
    Some(Diagnostic::warning(
        "Deleting a binding takes access from running pods",
        detail,
    ))
}
