//! From what is there to what has to be, adding before removing.

use tfmodel::Diagnostics;

use super::TrustEdit;
use super::association::AssociationChange;
use super::deletion::{Exclusive, leave, refuse_others, remove_role};
use super::desired::{Desired, OwnedRole, Previous, is_reserved_tag};
use super::existing::of_add_on;
use super::model::same_policy;
use super::observed::{Observed, ObservedRole};
use super::sequence::Sequence;
use super::steps::{Action, Step, TagChange};
use super::target;
use crate::ids::{BindingKey, Mechanism, OWNER_TAG};
use crate::mode::Mode;
use crate::policy::{Document, Statement, decode};

/// The steps that lead from what is there to what has to be.
///
/// Whatever gives pods something comes first, then a wait, then whatever takes something away. After any number of steps the rest can be
/// found by calling this again.
///
/// # Errors
/// What is there belongs to somebody else.
pub fn reconcile(observed: &Observed, desired: &Desired) -> Result<Vec<Step>, Diagnostics> {
    if let Some(owner) = observed.association.as_ref().and_then(|one| one.owner_arn.as_ref()) {
        return Err(of_add_on(owner, desired).into());
    }
    let out_of_use = out_of_use(observed, desired)?;
    let mut steps = Sequence::default();
    if let Some(role) = &observed.left_over {
        remove_role(&mut steps, role, "because an apply that was interrupted left it", None);
    }
    let trust = observed.role.as_ref().map(ObservedRole::trust);
    match (&desired.owned, &observed.role) {
        (Some(owned), None) => create_role(&mut steps, desired, owned),
        (Some(owned), Some(role)) => {
            add_trust(&mut steps, desired, trust.as_ref());
            update_role(&mut steps, desired, owned, role);
        }
        (None, _) => add_trust(&mut steps, desired, trust.as_ref()),
    }
    if let Some(owned) = &desired.owned {
        add_policies(&mut steps, desired, owned, observed.role.as_ref());
    }
    associate(&mut steps, observed, desired);
    let by_token = remove_trust(&mut steps, desired, trust.as_ref());
    if let (Some(owned), Some(role)) = (&desired.owned, &observed.role) {
        remove_permissions(&mut steps, desired, owned, role);
    }
    for role in out_of_use {
        let note = "Its sessions end at once: pods that still run with it have to be restarted before.";
        let reason = "because it is out of use and `role.keep_previous` is false";
        remove_role(&mut steps, role, reason, Some(note));
    }
    if let Some(role) = &observed.released {
        let change = TagChange {
            remove: vec![OWNER_TAG.to_owned()],
            ..TagChange::default()
        };
        let name = role.name.clone();
        steps.push(
            Action::TagRole { name, change },
            "so that nobody takes it for this binding's own",
            None,
        );
    }
    // Trust in tokens goes last, and in the role of the annotation after all others: should anything fail before, pods can still go back to it.
    let (present, left) = observed
        .former
        .iter()
        .filter(|former| !former.owned)
        .partition::<Vec<_>, _>(|former| former.mode.is_some());
    for former in left {
        leave(&mut steps, &desired.key, &former.role, |_| true);
    }
    remove_own(&mut steps, desired, by_token, Mechanism::Irsa);
    for former in present {
        let token_sid = desired.key.sid(Mechanism::Irsa);
        let keeps_tokens = may_get_tokens(former.mode, desired.mode);
        leave(&mut steps, &desired.key, &former.role, |sid| {
            !keeps_tokens || sid != token_sid
        });
    }
    if !desired.waits_for_effect {
        steps.without_last_wait();
    }
    Ok(steps.finish())
}

/// Whether pods may still come with tokens to a role that the binding leaves.
///
/// The service account keeps its annotation until this is done, and running pods keep what they were started with. Only where the association
/// is there all the time, no pod is started for IRSA.
pub(super) fn may_get_tokens(until_now: Option<Mode>, from_now_on: Mode) -> bool {
    match until_now {
        None | Some(Mode::PodIdentity) => false,
        Some(Mode::Irsa) => true,
        Some(Mode::Dual) => !from_now_on.uses_pod_identity(),
    }
}

/// Former roles that are to be deleted now.
fn out_of_use<'a>(observed: &'a Observed, desired: &Desired) -> Result<Vec<&'a ObservedRole>, Diagnostics> {
    let (Previous::Deleted { force }, Some(owned)) = (desired.previous, &desired.owned) else {
        return Ok(Vec::new());
    };
    let all: Vec<&ObservedRole> = observed
        .former
        .iter()
        .filter(|former| former.owned)
        .map(|former| &former.role)
        .collect();
    for role in &all {
        let lists = Exclusive {
            managed: owned.managed_policy_arns.is_some(),
            inline: owned.inline_policies.is_some(),
        };
        refuse_others(&desired.key, role, force, &lists.policies_of_others(role))?;
    }
    Ok(all)
}

fn create_role(steps: &mut Sequence, desired: &Desired, owned: &OwnedRole) {
    let all = desired.statements.iter().chain(&desired.other_statements);
    let action = Action::CreateRole {
        name: desired.role_name.clone(),
        path: owned.path.clone(),
        description: owned.description.clone(),
        permissions_boundary: owned.permissions_boundary.clone(),
        max_session_duration: owned.max_session_duration,
        trust_policy: Document::new(all.cloned().collect()),
        tags: owned.tags.clone(),
    };
    let reason = format!("which trusts the {}", desired.pods());
    steps.push(action, &reason, irsa_note(desired, None));
}

/// What there is to do in Kubernetes once a role trusts the cluster's tokens.
fn irsa_note(desired: &Desired, before: Option<&Document>) -> Option<String> {
    let sid = desired.key.sid(Mechanism::Irsa);
    let has = |statements: &[Statement]| statements.iter().any(|one| one.sid.as_ref() == Some(&sid));
    let is_new = has(&desired.statements) && !before.is_some_and(|before| has(&before.statements));
    is_new.then(|| {
        "Annotate the service account as `service_account_annotations` says; pods that start after that may use IRSA.".to_owned()
    })
}

fn update_role(steps: &mut Sequence, desired: &Desired, owned: &OwnedRole, role: &ObservedRole) {
    let name = || desired.role_name.clone();
    if owned.description != role.description
        || role
            .max_session_duration
            .is_some_and(|seconds| seconds != owned.max_session_duration)
    {
        let action = Action::UpdateRole {
            name: name(),
            description: owned.description.clone(),
            max_session_duration: owned.max_session_duration,
        };
        steps.push(action, "as configured", None);
    }
    if owned.permissions_boundary.is_none() {
        write_boundary(steps, desired, owned, role);
    }
    let change = TagChange::between(&role.tags, &owned.tags, is_reserved_tag);
    if !change.is_empty() {
        steps.push(Action::TagRole { name: name(), change }, "as configured", None);
    }
}

fn write_boundary(steps: &mut Sequence, desired: &Desired, owned: &OwnedRole, role: &ObservedRole) {
    if owned.permissions_boundary != role.permissions_boundary {
        let action = Action::WriteBoundary {
            name: desired.role_name.clone(),
            boundary: owned.permissions_boundary.clone(),
        };
        steps.push(action, "as configured", None);
    }
}

/// Writes what the trust policy lacks. What is ours and says something else is replaced in place, since a Sid stands only once: where it gets
/// narrower, that takes away at once.
fn add_trust(steps: &mut Sequence, desired: &Desired, trust: Option<&Document>) {
    if !desired.writes_trust {
        return;
    }
    let present = trust.map_or(&[][..], |trust| &trust.statements);
    let is_outdated = desired.owned.is_some()
        && trust.is_some_and(|trust| trust.version.as_deref() != Some(Document::CURRENT_VERSION));
    let put: Vec<Statement> = desired
        .statements
        .iter()
        .chain(&desired.other_statements)
        .filter(|wanted| is_outdated || !present.iter().any(|one| one.same_meaning(wanted)))
        .cloned()
        .collect();
    if put.is_empty() {
        return;
    }
    let action = Action::EditTrust {
        name: desired.role_name.clone(),
        edit: TrustEdit {
            put,
            remove: Vec::new(),
        },
    };
    let reason = format!("so that it trusts the {}", desired.pods());
    steps.push(action, &reason, irsa_note(desired, trust));
}

/// Removes our statements that are no longer wanted and, in an owned role, those that nobody's binding wrote. What trusts tokens comes back: it
/// has to be removed as well.
fn remove_trust(steps: &mut Sequence, desired: &Desired, trust: Option<&Document>) -> Vec<Statement> {
    let Some(trust) = trust.filter(|_| desired.writes_trust) else {
        return Vec::new();
    };
    let wanted = |present: &Statement| {
        let all = desired.statements.iter().chain(&desired.other_statements);
        let sid = present.sid.as_ref().filter(|sid| !sid.is_empty());
        match sid {
            Some(sid) => all.clone().any(|one| one.sid.as_ref() == Some(sid)),
            None => all.clone().any(|one| one.same_meaning(present)),
        }
    };
    let (mut ours, mut foreign) = (Vec::new(), Vec::new());
    for present in trust.statements.iter().filter(|present| !wanted(present)) {
        match present.sid.as_deref() {
            Some(sid) if desired.key.owns_sid(sid) => ours.push(present.clone()),
            Some(sid) if BindingKey::is_sid(sid) => {}
            _ if desired.owned.is_some() => foreign.push(present.clone()),
            _ => {}
        }
    }
    if !foreign.is_empty() {
        let action = taking(desired, foreign);
        steps.push(action, "because nothing configures those statements", None);
    }
    let irsa = desired.key.sid(Mechanism::Irsa);
    let (by_token, by_association) = ours.into_iter().partition(|one| one.sid.as_ref() == Some(&irsa));
    remove_own(steps, desired, by_association, Mechanism::PodIdentity);
    by_token
}

fn remove_own(steps: &mut Sequence, desired: &Desired, remove: Vec<Statement>, mechanism: Mechanism) {
    if remove.is_empty() {
        return;
    }
    let is_in_use = match mechanism {
        Mechanism::Irsa => desired.mode.uses_irsa(),
        Mechanism::PodIdentity => desired.mode.uses_pod_identity(),
    };
    let (reason, restart) = if is_in_use {
        let switch = if desired.association.disable_session_tags {
            "off"
        } else {
            "on"
        };
        (format!("because session tags are {switch} now"), None)
    } else {
        let restart = format!(
            "{} that still use it lose access once their credentials expire: restart them.",
            capital(&desired.pods())
        );
        (
            format!("because {} is no longer in use", mechanism.name()),
            Some(restart),
        )
    };
    steps.push(taking(desired, remove), &reason, restart);
}

/// Takes statements out of the role's trust policy.
fn taking(desired: &Desired, remove: Vec<Statement>) -> Action {
    Action::EditTrust {
        name: desired.role_name.clone(),
        edit: TrustEdit {
            put: Vec::new(),
            remove,
        },
    }
}

fn add_policies(steps: &mut Sequence, desired: &Desired, owned: &OwnedRole, role: Option<&ObservedRole>) {
    let reason = "so that pods may do what it allows";
    for arn in owned.managed_policy_arns.iter().flatten() {
        if !role.is_some_and(|role| role.managed_policy_arns.contains(arn)) {
            let action = Action::AttachPolicy {
                name: desired.role_name.clone(),
                arn: arn.clone(),
            };
            steps.push(action, reason, None);
        }
    }
    let mut put = |policy: &String, document: &String, reason: &str| {
        let present = role.and_then(|role| role.inline_policies.get(policy));
        if !present.is_some_and(|present| same_policy(&decode(present), document)) {
            let action = Action::PutInlinePolicy {
                name: desired.role_name.clone(),
                policy: policy.clone(),
                document: document.clone(),
            };
            steps.push(action, reason, None);
        }
    };
    for (policy, document) in owned.inline_policies.iter().flatten() {
        put(policy, document, reason);
    }
    if let Some(target) = &desired.association.target_role_arn {
        let document = target::permissions(target).to_json();
        let reason = format!("so that role `{target}` can be reached through it");
        put(&target::policy_name(target), &document, &reason);
    }
}

fn remove_permissions(steps: &mut Sequence, desired: &Desired, owned: &OwnedRole, role: &ObservedRole) {
    let reason = "because it is not configured";
    if owned.permissions_boundary.is_some() {
        write_boundary(steps, desired, owned, role);
    }
    if let Some(wanted) = &owned.managed_policy_arns {
        for arn in role.managed_policy_arns.iter().filter(|arn| !wanted.contains(arn)) {
            let action = Action::DetachPolicy {
                name: desired.role_name.clone(),
                arn: arn.clone(),
            };
            steps.push(action, reason, None);
        }
    }
    let for_target = desired.association.target_role_arn.as_deref().map(target::policy_name);
    for policy in role.inline_policies.keys() {
        let reason = if target::is_policy_name(policy) {
            (for_target.as_ref() != Some(policy)).then_some("because its target role is no longer in use")
        } else {
            let wanted = owned.inline_policies.as_ref();
            wanted
                .is_some_and(|wanted| !wanted.contains_key(policy))
                .then_some(reason)
        };
        if let Some(reason) = reason {
            let action = Action::DeleteInlinePolicy {
                name: desired.role_name.clone(),
                policy: policy.clone(),
            };
            steps.push(action, reason, None);
        }
    }
}

fn associate(steps: &mut Sequence, observed: &Observed, desired: &Desired) {
    let pods = desired.pods();
    let credentials = || {
        let role = desired
            .association
            .target_role_arn
            .as_ref()
            .unwrap_or(&desired.role_name);
        format!("so that the {pods} get credentials of role `{role}`")
    };
    match (&observed.association, desired.mode.uses_pod_identity()) {
        (None, true) => steps.push(
            Action::CreateAssociation {
                terms: desired.association.clone(),
                tags: desired.tags.clone(),
            },
            &credentials(),
            Some(format!("Pods that start after it get them; restart the {pods} to move those that run.")),
        ),
        (Some(present), true) => {
            let change = AssociationChange::between(&present.terms(), &desired.association);
            if !change.is_empty() {
                let leads_elsewhere = change.role_arn.is_some() || change.target_role_arn.is_some();
                let id = present.id.clone();
                steps.push(
                    Action::UpdateAssociation { id, change },
                    &if leads_elsewhere { credentials() } else { "as configured".to_owned() },
                    Some(format!("Running pods keep those that they have: restart the {pods}.")),
                );
            }
            let change = TagChange::between(&present.tags, &desired.tags, is_reserved_tag);
            if !change.is_empty() {
                let arn = present.arn.clone();
                steps.push(Action::TagAssociation { arn, change }, "as configured", None);
            }
        }
        (Some(present), false) => steps.push(
            Action::DeleteAssociation { id: present.id.clone() },
            "because EKS Pod Identity is no longer in use",
            Some(format!(
                "Restart the {pods} at once: those that run lose access at their next refresh, and only pods that start after this can use IRSA."
            )),
        ),
        (None, false) => {}
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}", letters.as_str())
}
