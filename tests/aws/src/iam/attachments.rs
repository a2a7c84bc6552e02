//! Policies of roles: managed, inline, boundary.

use super::{Outcome, changed_role, has_policy, name, policy_arn, read_role, role_name};
use crate::answer::Refusal;
use crate::call::Context;
use crate::policy;
use crate::request::Form;
use crate::xml::Xml;

/// Inline policies of a role together, white space not counted.
const INLINE: usize = 10_240;

/// Attaching twice is no error.
pub(super) fn attach(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let arn = policy_arn(form.need("PolicyArn")?)?;
    let role = role_name(form)?;
    let quota = cx.timeline.quotas.managed_policies;
    changed_role(role, cx)?;
    if !has_policy(cx.timeline.effective(), cx, arn) {
        return Err(Refusal::new(
            404,
            "NoSuchEntity",
            format!("Policy {arn} does not exist or is not attachable."),
        ));
    }
    let attached = &mut changed_role(role, cx)?.attached;
    if attached.iter().any(|other| other == arn) {
        return Ok(Xml::default());
    }
    if attached.len() >= quota {
        return Err(Refusal::new(
            409,
            "LimitExceeded",
            format!("Cannot exceed quota for PoliciesPerRole: {quota}"),
        ));
    }
    attached.push(arn.to_owned());
    Ok(Xml::default())
}

pub(super) fn detach(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let arn = policy_arn(form.need("PolicyArn")?)?;
    let attached = &mut changed_role(role_name(form)?, cx)?.attached;
    let before = attached.len();
    attached.retain(|other| other != arn);
    if attached.len() == before {
        return Err(Refusal::new(
            404,
            "NoSuchEntity",
            format!("Policy {arn} was not found."),
        ));
    }
    Ok(Xml::default())
}

pub(super) fn put_inline(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let (role, policy) = (role_name(form)?, policy_name(form)?);
    let document = form.need("PolicyDocument")?;
    changed_role(role, cx)?;
    policy::permissions(document, "policyDocument")?;
    let found = changed_role(role, cx)?;
    let others: usize = found
        .inline
        .iter()
        .filter(|(name, _)| *name != policy)
        .map(|(_, document)| policy::size(document))
        .sum();
    if others + policy::size(document) > INLINE {
        return Err(Refusal::new(
            409,
            "LimitExceeded",
            format!("Maximum policy size of {INLINE} bytes exceeded for role {role}"),
        ));
    }
    found.inline.insert(policy.to_owned(), document.to_owned());
    Ok(Xml::default())
}

pub(super) fn get_inline(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let policy = policy_name(form)?;
    let role = read_role(role_name(form)?, cx)?;
    let document = role.inline.get(policy).ok_or_else(|| no_inline(policy))?;
    let mut xml = Xml::default();
    xml.text("RoleName", &role.name);
    xml.text("PolicyName", policy);
    xml.text("PolicyDocument", &policy::encoded(document));
    Ok(xml)
}

pub(super) fn delete_inline(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let policy = policy_name(form)?;
    let removed = changed_role(role_name(form)?, cx)?.inline.remove(policy);
    removed.map(|_| Xml::default()).ok_or_else(|| no_inline(policy))
}

pub(super) fn put_boundary(form: &Form, cx: &mut Context<'_>) -> Outcome {
    form.need("PermissionsBoundary")?;
    let role = role_name(form)?;
    changed_role(role, cx)?;
    let boundary = super::roles::boundary(form, cx)?;
    changed_role(role, cx)?.boundary = boundary;
    Ok(Xml::default())
}

pub(super) fn delete_boundary(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let role = changed_role(role_name(form)?, cx)?;
    let message = format!("The role with name {} does not have a permissions boundary.", role.name);
    match role.boundary.take() {
        Some(_) => Ok(Xml::default()),
        None => Err(Refusal::new(404, "NoSuchEntity", message)),
    }
}

fn policy_name(form: &Form) -> Result<&str, Refusal> {
    name(form, "PolicyName", "policyName", 128)
}

fn no_inline(policy: &str) -> Refusal {
    Refusal::new(
        404,
        "NoSuchEntity",
        format!("The role policy with name {policy} cannot be found."),
    )
}
