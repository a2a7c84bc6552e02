use super::{Outcome, changed_role, has_policy, no_role, read_role, role_name, validation, write_boundary, write_tags};
use crate::answer::Refusal;
use crate::call::Context;
use crate::policy;
use crate::request::Form;
use crate::tags;
use crate::world::{CAPITAL, Role, Tags, World};
use crate::xml::Xml;

pub(super) fn create(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let name = role_name(form)?;
    let path = form.get("Path").unwrap_or("/");
    check_path(path)?;
    let description = description(form)?;
    let max_session_duration = session_duration(form)?.unwrap_or(3600);
    let tags = tags::iam(form.tags())?;
    let quotas = cx.timeline.quotas;
    let account = cx.timeline.now.account(&cx.caller.account);
    if account.is_some_and(|account| account.roles.contains_key(&name.to_lowercase())) {
        return Err(Refusal::new(
            409,
            "EntityAlreadyExists",
            format!("Role with name {name} already exists."),
        ));
    }
    let trust = policy::trust(
        form.need("AssumeRolePolicyDocument")?,
        cx.timeline.effective(),
        quotas.trust_policy,
    )?;
    let boundary = boundary(form, cx)?;
    if account.is_some_and(|account| account.roles.len() >= quotas.roles) {
        return Err(Refusal::new(
            409,
            "LimitExceeded",
            format!("Cannot exceed quota for RolesPerAccount: {}", quotas.roles),
        ));
    }
    let role = Role {
        name: name.to_owned(),
        path: path.to_owned(),
        arn: format!("arn:{}:iam::{}:role{path}{name}", cx.partition, cx.caller.account),
        id: format!("AROA{}", cx.timeline.unique(17, CAPITAL)),
        created: cx.timeline.clock.date(),
        description,
        max_session_duration,
        boundary,
        trust,
        tags,
        attached: Vec::new(),
        inline: std::collections::BTreeMap::new(),
    };
    let mut xml = Xml::default();
    // What it answers is the role as it is, whatever reads still see.
    xml.within("Role", |xml| write(xml, &role, &cx.timeline.now, Detail::Created));
    let account = cx.timeline.now.accounts.entry(cx.caller.account.clone()).or_default();
    account.roles.insert(name.to_lowercase(), role);
    Ok(xml)
}

pub(super) fn get(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let role = read_role(role_name(form)?, cx)?;
    let mut xml = Xml::default();
    xml.within("Role", |xml| write(xml, role, &cx.timeline.now, Detail::Whole));
    Ok(xml)
}

/// An absent description stays as it is; so does an absent duration.
pub(super) fn update(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let description = form
        .get("Description")
        .is_some()
        .then(|| description(form))
        .transpose()?;
    let duration = session_duration(form)?;
    let role = changed_role(role_name(form)?, cx)?;
    if let Some(description) = description {
        role.description = description;
    }
    role.max_session_duration = duration.unwrap_or(role.max_session_duration);
    Ok(Xml::default())
}

pub(super) fn delete(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let name = role_name(form)?;
    let conflict = |message: &str| Err(Refusal::new(409, "DeleteConflict", message));
    let role = changed_role(name, cx)?.clone();
    // Seen as late as any other effect: a policy that was just detached is still in the way.
    let seen = cx.timeline.effective().role(&cx.caller.account, name).cloned();
    if [Some(&role), seen.as_ref()]
        .into_iter()
        .flatten()
        .any(|role| !role.attached.is_empty())
    {
        return conflict("Cannot delete entity, must detach all policies first.");
    }
    if [Some(&role), seen.as_ref()]
        .into_iter()
        .flatten()
        .any(|role| !role.inline.is_empty())
    {
        return conflict("Cannot delete entity, must delete policies first.");
    }
    let account = cx
        .timeline
        .now
        .accounts
        .get_mut(&cx.caller.account)
        .ok_or_else(|| no_role(name))?;
    if account.instance_profiles.values().any(|of| *of == role.name) {
        return conflict("Cannot delete entity, must remove roles from instance profile first.");
    }
    account.roles.remove(&name.to_lowercase());
    Ok(Xml::default())
}

pub(super) fn update_trust(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let name = role_name(form)?;
    let document = form.need("PolicyDocument")?;
    changed_role(name, cx)?;
    let trust = policy::trust(document, cx.timeline.effective(), cx.timeline.quotas.trust_policy)?;
    changed_role(name, cx)?.trust = trust;
    Ok(Xml::default())
}

pub(super) fn tag(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let new = tags::iam(form.tags())?;
    tags::add_iam(&mut changed_role(role_name(form)?, cx)?.tags, new)?;
    Ok(Xml::default())
}

pub(super) fn untag(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let keys = form.list("TagKeys");
    tags::remove_iam(&mut changed_role(role_name(form)?, cx)?.tags, &keys);
    Ok(Xml::default())
}

/// How much of a role an answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// `GetRole`.
    Whole,
    /// `CreateRole`: all but when it was used.
    Created,
    /// `ListRoles`: no boundary, no tags.
    Listed,
}

pub(super) fn write(xml: &mut Xml, role: &Role, world: &World, detail: Detail) {
    xml.text("Path", &role.path);
    xml.text("RoleName", &role.name);
    xml.text("RoleId", &role.id);
    xml.text("Arn", &role.arn);
    xml.text("CreateDate", &role.created.iso());
    let trust = policy::text(&role.trust, world);
    xml.text("AssumeRolePolicyDocument", &policy::encoded(&trust));
    xml.optional("Description", role.description.as_deref());
    xml.text("MaxSessionDuration", &role.max_session_duration.to_string());
    if detail == Detail::Listed {
        return;
    }
    if let Some(arn) = &role.boundary {
        write_boundary(xml, arn);
    }
    if role.tags != Tags::new() {
        write_tags(xml, &role.tags);
    }
    if detail == Detail::Whole {
        xml.within("RoleLastUsed", |_| {});
    }
}

fn check_path(path: &str) -> Result<(), Refusal> {
    let is_path = path.starts_with('/') && path.ends_with('/') && path.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_path || path.len() > 512 {
        return Err(Refusal::new(
            400,
            "ValidationError",
            "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.",
        ));
    }
    Ok(())
}

fn description(form: &Form) -> Result<Option<String>, Refusal> {
    let Some(text) = form.get("Description") else {
        return Ok(None);
    };
    let is_allowed = |char: char| matches!(char, '\t' | '\n' | '\r' | '\u{20}'..='\u{7e}' | '\u{a1}'..='\u{ff}');
    if !text.chars().all(is_allowed) {
        return Err(validation(format!(
            "Value '{text}' at 'description' failed to satisfy constraint: Member must satisfy regular expression pattern: \
             [\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*"
        )));
    }
    if text.chars().count() > 1000 {
        return Err(validation(format!(
            "Value '{text}' at 'description' failed to satisfy constraint: Member must have length less than or equal to 1000"
        )));
    }
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}

fn session_duration(form: &Form) -> Result<Option<u32>, Refusal> {
    let Some(text) = form.get("MaxSessionDuration") else {
        return Ok(None);
    };
    let bound = |text: &str, bound: &str| {
        validation(format!(
            "Value '{text}' at 'maxSessionDuration' failed to satisfy constraint: Member must have value {bound}"
        ))
    };
    match text.parse::<i64>() {
        Ok(seconds) if seconds < 3600 => Err(bound(text, "greater than or equal to 3600")),
        Ok(seconds) if seconds > 43_200 => Err(bound(text, "less than or equal to 43200")),
        Ok(seconds) => Ok(u32::try_from(seconds).ok()),
        Err(_) => Err(Refusal::new(
            400,
            "MalformedInput",
            "MaxSessionDuration is not a number",
        )),
    }
}

/// The boundary to set, which must be there.
pub(super) fn boundary(form: &Form, cx: &Context<'_>) -> Result<Option<String>, Refusal> {
    let Some(arn) = form.get("PermissionsBoundary") else {
        return Ok(None);
    };
    super::policy_arn(arn)?;
    if !has_policy(cx.timeline.effective(), cx, arn) {
        return Err(Refusal::new(
            404,
            "NoSuchEntity",
            format!("Scope ARN: {arn} does not exist or is not attachable."),
        ));
    }
    Ok(Some(arn.to_owned()))
}
