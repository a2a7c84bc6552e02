use tfmodel::{Diagnostic, Path, Value};

use super::super::derived::Derived;
use super::super::facts::Facts;
use super::super::model::Binding;
use super::super::reconcile::may_get_tokens;

/// With the wrong credentials everything would look as if it were gone.
pub(super) fn other_account(prior: &Binding, derived: &Derived) -> Option<Diagnostic> {
    let (before, now) = (prior.account_id.known()?, derived.account.as_ref()?);
    (before != now.as_str()).then(|| {
        Diagnostic::error(
            "The binding is in another account",
            format!(
                "It was made in account `{before}`, and the credentials are for account `{now}`. Use credentials of account `{before}`; a binding \
                 cannot move to another account: to have one there, destroy this one first, or give the new one a resource of its own."
            ),
        )
    })
}

/// Where the role is in another account than the cluster.
pub(super) fn foreign_role(planned: &Binding, derived: &Derived) -> Option<Diagnostic> {
    let (mode, role, account) = (derived.mode?, derived.role_arn.as_ref()?, derived.account.as_ref()?);
    if role.account == *account {
        return None;
    }
    let (attribute, why) = if mode.uses_pod_identity() {
        (
            "role_arn",
            format!(
                "EKS Pod Identity only takes roles of the cluster's account; use mode `irsa`, or a role in account `{account}`."
            ),
        )
    } else if planned.manage_trust_policy == Value::Known(true) {
        (
            "manage_trust_policy",
            "A trust policy can only be written with credentials of the role's account. Set `manage_trust_policy = false`, and put what \
             function `trust_policy` returns where the role is managed."
                .to_owned(),
        )
    } else {
        return None;
    };
    let detail = format!(
        "`{role}` is in account `{}`, and the cluster is in `{account}`. {why}",
        role.account
    );
    Some(Diagnostic::error("Role in another account", detail).at(Path::attribute(attribute)))
}

pub(super) fn role_change(prior: &Binding, planned: &Binding) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let (Some(before), Some(after)) = (prior.role_arn.known(), planned.role_arn.known()) else {
        return found;
    };
    let (was_owned, is_owned) = (prior.role.is_known(), planned.role.is_known());
    if before == after {
        if was_owned && planned.role.is_null() {
            found.push(
                Diagnostic::warning(
                    "Role is released",
                    format!(
                        "`role` is gone from the configuration and `role_arn` names the same role. `{before}` stays as it is, and deleting this binding \
                         will no longer delete it."
                    ),
                )
                .at(Path::attribute("role")),
            );
        } else if !is_owned
            && prior.manage_trust_policy == Value::Known(true)
            && planned.manage_trust_policy == Value::Known(false)
        {
            found.push(
                Diagnostic::warning(
                    "Statements stay in the role's trust policy",
                    format!(
                        "`manage_trust_policy` is turned off. What this binding wrote into the trust policy of `{before}` stays there, so that pods go on; \
                         remove it where the role is managed once nothing needs it."
                    ),
                )
                .at(Path::attribute("manage_trust_policy")),
            );
        }
    } else if was_owned {
        let name = |arn: &str| arn.rsplit('/').next().unwrap_or_default().to_owned();
        if is_owned && name(before) == name(after) {
            found.push(
                Diagnostic::error(
                    "Path of a role cannot change alone",
                    format!(
                        "IAM has no call that moves a role, and `{after}` cannot be made while `{before}` exists, because role names are unique \
                         whatever their path. Give the role another `name` as well."
                    ),
                )
                .at(Path::attribute("role").with_attribute("path")),
            );
        } else if !deletes_previous(planned) {
            found.push(Diagnostic::warning(
                "Earlier role stays",
                format!(
                    "`{before}` is no longer used for new pods. It stays, because running pods may still hold its credentials and deleting it would end \
                     them. It is deleted together with this binding, or once `role.keep_previous` is false: set that when the pods have been restarted."
                ),
            ));
        }
    } else if prior.manage_trust_policy == Value::Known(true)
        && planned
            .mode
            .known()
            .is_some_and(|mode| may_get_tokens(prior.mode_in_effect(), *mode))
    {
        found.push(Diagnostic::warning(
            "Role that is left still trusts the pods",
            format!(
                "`{before}` keeps this binding's statement for IRSA, because pods are started for that role until the service account has the new \
                 annotation, and those that run need it until they are restarted. The next change of this binding, or its deletion, takes the statement \
                 away: restart the pods before."
            ),
        ));
    }
    found
}

fn deletes_previous(planned: &Binding) -> bool {
    planned
        .role
        .known()
        .is_some_and(|role| role.keep_previous == Value::Known(false))
}

/// Roles that were in use before and go with this change.
pub(super) fn previous_roles(prior: &Binding, planned: &Binding, facts: &Facts) -> Option<Diagnostic> {
    let before = prior.role.known();
    let present = planned.role_name.known()?;
    let was = before.and(prior.role_name.known());
    let is_new = was != Some(present) || before.is_some_and(|before| before.keep_previous != Value::Known(false));
    if !deletes_previous(planned) || !is_new {
        return None;
    }
    let mut names: Vec<String> = facts
        .own_roles
        .iter()
        .chain(was)
        .filter(|name| *name != present)
        .map(|name| format!("`{name}`"))
        .collect();
    names.sort();
    names.dedup();
    if names.is_empty() {
        return None;
    }
    Some(
        Diagnostic::warning(
            "Earlier roles are deleted",
            format!(
                "`role.keep_previous` is false, so these roles are deleted once what replaces them is in effect: {}. That ends their sessions at once: pods \
                 that still run with one of them lose access until they are restarted. To restart them first, leave `keep_previous` true for this apply.",
                names.join(", ")
            ),
        )
        .at(Path::attribute("role").with_attribute("keep_previous")),
    )
}
