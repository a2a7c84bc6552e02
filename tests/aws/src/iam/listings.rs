use super::roles::{Detail, write};
use super::{Outcome, end_of_page, paged, read_role, role_name, validation, write_boundary, write_tags};
use crate::call::Context;
use crate::policy;
use crate::request::Form;
use crate::world::{AccountState, Role};
use crate::xml::Xml;

/// Without tags and boundaries, as its documentation says.
pub(super) fn roles(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let prefix = form.get("PathPrefix").unwrap_or("/");
    let roles = account(cx).into_iter().flat_map(|account| account.roles.values());
    let found = roles.filter(|role| role.path.starts_with(prefix));
    let page = paged(form, found.map(|role| (role.name.clone(), role)))?;
    let mut xml = Xml::default();
    end_of_page(&mut xml, &page);
    xml.list("Roles", &page.items, |xml, role| {
        write(xml, role, &cx.timeline.now, Detail::Listed);
    });
    Ok(xml)
}

/// Roles alone: nothing else of an account is here. Without descriptions and session durations.
///
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleDetail.html>
pub(super) fn account_details(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let filter = form.list("Filter");
    const KINDS: [&str; 5] = ["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"];
    if let Some(other) = filter.iter().find(|kind| !KINDS.contains(&kind.as_str())) {
        return Err(validation(format!(
            "Value '[{other}]' at 'filter' failed to satisfy constraint: Member must satisfy enum value set: [User, Role, Group, \
             LocalManagedPolicy, AWSManagedPolicy]"
        )));
    }
    let are_roles_asked = filter.is_empty() || filter.iter().any(|kind| kind == "Role");
    let account = account(cx).filter(|_| are_roles_asked);
    let roles = account.into_iter().flat_map(|account| account.roles.values());
    let page = paged(form, roles.map(|role| (role.name.clone(), role)))?;
    let mut xml = Xml::default();
    end_of_page(&mut xml, &page);
    for empty in ["UserDetailList", "GroupDetailList", "Policies"] {
        xml.within(empty, |_| {});
    }
    xml.list("RoleDetailList", &page.items, |xml, role| {
        detail(xml, role, account, cx)
    });
    Ok(xml)
}

fn detail(xml: &mut Xml, role: &Role, account: Option<&AccountState>, cx: &Context<'_>) {
    xml.text("Path", &role.path);
    xml.text("RoleName", &role.name);
    xml.text("RoleId", &role.id);
    xml.text("Arn", &role.arn);
    xml.text("CreateDate", &role.created.iso());
    let trust = policy::text(&role.trust, &cx.timeline.now);
    xml.text("AssumeRolePolicyDocument", &policy::encoded(&trust));
    xml.list("RolePolicyList", &role.inline, |xml, (name, document)| {
        xml.text("PolicyName", name);
        xml.text("PolicyDocument", &policy::encoded(document));
    });
    xml.list("AttachedManagedPolicies", &role.attached, |xml, arn| managed(xml, arn));
    xml.list("InstanceProfileList", profiles(role, account), |xml, name| {
        xml.text("InstanceProfileName", name);
    });
    if let Some(arn) = &role.boundary {
        write_boundary(xml, arn);
    }
    write_tags(xml, &role.tags);
    xml.within("RoleLastUsed", |_| {});
}

pub(super) fn attached(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let role = read_role(role_name(form)?, cx)?;
    let page = paged(form, role.attached.iter().map(|arn| (arn.clone(), arn)))?;
    let mut xml = Xml::default();
    end_of_page(&mut xml, &page);
    xml.list("AttachedPolicies", &page.items, |xml, arn| managed(xml, arn));
    Ok(xml)
}

pub(super) fn inline(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let role = read_role(role_name(form)?, cx)?;
    let page = paged(form, role.inline.keys().map(|name| (name.clone(), name)))?;
    let mut xml = Xml::default();
    end_of_page(&mut xml, &page);
    xml.texts("PolicyNames", page.items);
    Ok(xml)
}

pub(super) fn tags(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let role = read_role(role_name(form)?, cx)?;
    let page = paged(
        form,
        role.tags
            .iter()
            .map(|(key, value)| (key.clone(), (key.clone(), value.clone()))),
    )?;
    let mut xml = Xml::default();
    end_of_page(&mut xml, &page);
    write_tags(&mut xml, &page.items.into_iter().collect());
    Ok(xml)
}

pub(super) fn instance_profiles(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let role = read_role(role_name(form)?, cx)?;
    let page = paged(form, profiles(role, account(cx)).map(|name| (name.clone(), name)))?;
    let mut xml = Xml::default();
    end_of_page(&mut xml, &page);
    xml.list("InstanceProfiles", &page.items, |xml, name| {
        xml.text("Path", "/");
        xml.text("InstanceProfileName", name);
        xml.text("InstanceProfileId", &format!("AIPA{:0>17}", name.len()));
        let arn = format!(
            "arn:{}:iam::{}:instance-profile/{name}",
            cx.partition, cx.caller.account
        );
        xml.text("Arn", &arn);
        xml.text("CreateDate", &role.created.iso());
        xml.list("Roles", [role], |xml, role| {
            write(xml, role, &cx.timeline.now, Detail::Listed);
        });
    });
    Ok(xml)
}

fn account<'a>(cx: &'a Context<'_>) -> Option<&'a AccountState> {
    cx.timeline.read().account(&cx.caller.account)
}

/// Names of the instance profiles that a role is in.
fn profiles<'a>(role: &'a Role, account: Option<&'a AccountState>) -> impl Iterator<Item = &'a String> {
    account
        .into_iter()
        .flat_map(|account| &account.instance_profiles)
        .filter(|(_, of)| **of == role.name)
        .map(|(name, _)| name)
}

fn managed(xml: &mut Xml, arn: &str) {
    xml.text("PolicyName", arn.rsplit('/').next().unwrap_or(arn));
    xml.text("PolicyArn", arn);
}
