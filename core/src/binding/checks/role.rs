use tfmodel::{Diagnostic, Path, Value};

use super::super::derived::Derived;
use super::super::facts::{Facts, taken_over};
use super::super::model::Binding;
use super::super::reconcile::may_get_tokens;
use crate::ids::BindingKey;
use crate::policy::{Document, decode};

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
        } else {
            found.push(Diagnostic::warning(
                "Earlier role stays",
                format!(
                    "`{before}` is no longer used for new pods. It stays, because running pods may still hold its credentials and deleting it would end \
                     them; it is deleted together with this binding."
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
                 annotation, and those that run need it until they are restarted. Remove the statement where the role is managed after that."
            ),
        ));
    }
    found
}

/// What it means that a role of somebody else becomes the binding's own.
pub(super) fn takeover(prior: &Binding, planned: &Binding, facts: &Facts) -> Option<Diagnostic> {
    let role = planned.role.known()?;
    let arn = taken_over(prior).filter(|arn| **arn == planned.role_arn)?.known()?;
    let ours = planned
        .trust_policy
        .known()
        .and_then(|policy| Document::parse(&policy.0).ok());
    let trust = facts
        .role
        .known()
        .and_then(|role| Document::parse(&decode(&role.trust_policy)).ok());
    let trust = match ours.zip(trust) {
        None => "From its trust policy goes every statement that neither this binding nor another wrote.".to_owned(),
        Some((ours, trust)) => {
            let goes: Vec<String> = trust
                .statements
                .iter()
                .filter(|one| !one.sid.as_deref().is_some_and(BindingKey::is_sid))
                .filter(|one| !ours.statements.iter().any(|ours| ours.same_meaning(one)))
                .map(|one| {
                    format!(
                        "`{}`",
                        one.sid.as_deref().filter(|sid| !sid.is_empty()).unwrap_or("(no Sid)")
                    )
                })
                .collect();
            if goes.is_empty() {
                "Its trust policy holds nothing else.".to_owned()
            } else {
                format!(
                    "From its trust policy go these statements of others: {}.",
                    goes.join(", ")
                )
            }
        }
    };
    let lists = [
        (role.managed_policy_arns.is_null(), "managed_policy_arns"),
        (role.inline_policies.is_null(), "inline_policies"),
    ];
    let policies: String = lists
        .into_iter()
        .filter(|(is_null, _)| !is_null)
        .map(|(_, list)| format!(" It loses every policy that `role.{list}` does not name."))
        .collect();
    Some(
        Diagnostic::warning(
            "Role becomes this binding's own",
            format!(
                "`role` describes `{arn}`, which somebody else owned. From now on it is as `role` says, and deleting this binding deletes it. \
                 {trust}{policies}"
            ),
        )
        .at(Path::attribute("role")),
    )
}
