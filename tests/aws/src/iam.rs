//! IAM: the query protocol, with XML answers.

mod attachments;
mod listings;
mod policies;
mod providers;
mod roles;

use crate::answer::Refusal;
use crate::call::Context;
use crate::page::{Page, page};
use crate::request::Form;
use crate::world::{Role, Tags, World};
use crate::xml::Xml;

type Outcome = Result<Xml, Refusal>;

pub(crate) fn answer(operation: &str, form: &Form, cx: &mut Context<'_>) -> Outcome {
    match operation {
        "AddClientIDToOpenIDConnectProvider" => providers::add_client_id(form, cx),
        "AttachRolePolicy" => attachments::attach(form, cx),
        "CreateOpenIDConnectProvider" => providers::create(form, cx),
        "CreateRole" => roles::create(form, cx),
        "DeleteOpenIDConnectProvider" => providers::delete(form, cx),
        "DeleteRole" => roles::delete(form, cx),
        "DeleteRolePermissionsBoundary" => attachments::delete_boundary(form, cx),
        "DeleteRolePolicy" => attachments::delete_inline(form, cx),
        "DetachRolePolicy" => attachments::detach(form, cx),
        "GetAccountAuthorizationDetails" => listings::account_details(form, cx),
        "GetOpenIDConnectProvider" => providers::get(form, cx),
        "GetPolicy" => policies::get(form, cx),
        "GetPolicyVersion" => policies::get_version(form, cx),
        "GetRole" => roles::get(form, cx),
        "GetRolePolicy" => attachments::get_inline(form, cx),
        "ListAttachedRolePolicies" => listings::attached(form, cx),
        "ListInstanceProfilesForRole" => listings::instance_profiles(form, cx),
        "ListOpenIDConnectProviderTags" => providers::list_tags(form, cx),
        "ListOpenIDConnectProviders" => providers::list(cx),
        "ListRolePolicies" => listings::inline(form, cx),
        "ListRoleTags" => listings::tags(form, cx),
        "ListRoles" => listings::roles(form, cx),
        "PutRolePermissionsBoundary" => attachments::put_boundary(form, cx),
        "PutRolePolicy" => attachments::put_inline(form, cx),
        "RemoveClientIDFromOpenIDConnectProvider" => providers::remove_client_id(form, cx),
        "TagOpenIDConnectProvider" => providers::tag(form, cx),
        "TagRole" => roles::tag(form, cx),
        "UntagOpenIDConnectProvider" => providers::untag(form, cx),
        "UntagRole" => roles::untag(form, cx),
        "UpdateAssumeRolePolicy" => roles::update_trust(form, cx),
        "UpdateOpenIDConnectProviderThumbprint" => providers::update_thumbprints(form, cx),
        "UpdateRole" => roles::update(form, cx),
        _ => Err(Refusal::new(
            400,
            "InvalidAction",
            format!("Could not find operation {operation} for version 2010-05-08"),
        )),
    }
}

fn validation(detail: impl std::fmt::Display) -> Refusal {
    Refusal::new(400, "ValidationError", format!("1 validation error detected: {detail}"))
}

fn no_role(name: &str) -> Refusal {
    Refusal::new(
        404,
        "NoSuchEntity",
        format!("The role with name {name} cannot be found."),
    )
}

/// A role name of the right form.
///
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>
fn role_name(form: &Form) -> Result<&str, Refusal> {
    name(form, "RoleName", "roleName", 64)
}

fn name<'a>(form: &'a Form, parameter: &str, field: &str, longest: usize) -> Result<&'a str, Refusal> {
    let name = form.need(parameter)?;
    if name.chars().count() > longest {
        return Err(validation(format!(
            "Value '{name}' at '{field}' failed to satisfy constraint: Member must have length less than or equal to {longest}"
        )));
    }
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_allowed) {
        return Err(Refusal::new(
            400,
            "ValidationError",
            format!(
                "The specified value for {field} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-"
            ),
        ));
    }
    Ok(name)
}

/// A role, as calls that read see it.
fn read_role<'a>(name: &str, cx: &'a Context<'_>) -> Result<&'a Role, Refusal> {
    let found = cx.timeline.read().role(&cx.caller.account, name);
    found.ok_or_else(|| no_role(name))
}

/// A role to change, once it is known everywhere.
fn changed_role<'a>(name: &str, cx: &'a mut Context<'_>) -> Result<&'a mut Role, Refusal> {
    let account = cx.caller.account.as_str();
    let role = cx
        .timeline
        .effective()
        .role(account, name)
        .ok_or_else(|| no_role(name))?;
    if ["/aws-service-role/", "/aws-reserved/"]
        .iter()
        .any(|reserved| role.path.starts_with(reserved))
    {
        return Err(Refusal::new(
            400,
            "UnmodifiableEntity",
            format!(
                "Cannot perform the operation on the protected role '{name}' - this role is only modifiable by AWS"
            ),
        ));
    }
    let account = cx.timeline.now.accounts.get_mut(account);
    account
        .and_then(|account| account.roles.get_mut(&name.to_lowercase()))
        .ok_or_else(|| no_role(name))
}

/// Names of policies that AWS manages and that bindings and clusters use.
///
/// <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html>
const AWS_MANAGED: [&str; 29] = [
    "AdministratorAccess",
    "AmazonDynamoDBFullAccess",
    "AmazonDynamoDBReadOnlyAccess",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonEC2FullAccess",
    "AmazonEC2ReadOnlyAccess",
    "AmazonEKSClusterPolicy",
    "AmazonEKSFargatePodExecutionRolePolicy",
    "AmazonEKSWorkerNodeMinimalPolicy",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonKinesisFullAccess",
    "AmazonKinesisReadOnlyAccess",
    "AmazonRDSFullAccess",
    "AmazonRDSReadOnlyAccess",
    "AmazonRoute53FullAccess",
    "AmazonS3FullAccess",
    "AmazonS3ReadOnlyAccess",
    "AmazonSNSFullAccess",
    "AmazonSNSReadOnlyAccess",
    "AmazonSQSFullAccess",
    "AmazonSQSReadOnlyAccess",
    "AmazonSSMManagedInstanceCore",
    "CloudWatchAgentServerPolicy",
    "CloudWatchReadOnlyAccess",
    "PowerUserAccess",
    "ReadOnlyAccess",
    "SecretsManagerReadWrite",
];

/// AWS managed policies outside the root path.
const AWS_MANAGED_PATHS: [&str; 5] = [
    "job-function/ViewOnlyAccess",
    "service-role/AmazonEBSCSIDriverPolicy",
    "service-role/AmazonEBSCSIDriverPolicyV2",
    "service-role/AmazonEFSCSIDriverPolicy",
    "service-role/AWSLambdaBasicExecutionRole",
];

/// Whether a managed policy is there.
fn has_policy(world: &World, cx: &Context<'_>, arn: &str) -> bool {
    if let Some(name) = arn.strip_prefix(&format!("arn:{}:iam::aws:policy/", cx.partition)) {
        return AWS_MANAGED.contains(&name) || AWS_MANAGED_PATHS.contains(&name);
    }
    world
        .account(&cx.caller.account)
        .is_some_and(|account| account.policies.contains_key(arn))
}

fn policy_arn(arn: &str) -> Result<&str, Refusal> {
    let fields: Vec<&str> = arn.splitn(6, ':').collect();
    match fields[..] {
        ["arn", _, "iam", "", account, resource] if !account.is_empty() && resource.starts_with("policy/") => Ok(arn),
        _ => Err(Refusal::new(400, "InvalidInput", format!("ARN {arn} is not valid."))),
    }
}

/// A page as `MaxItems` and `Marker` ask for it.
///
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html>
fn paged<T>(form: &Form, items: impl IntoIterator<Item = (String, T)>) -> Result<Page<T>, Refusal> {
    let size = match form.get("MaxItems") {
        None => 100,
        Some(text) => text
            .parse()
            .ok()
            .filter(|size| (1..=1000).contains(size))
            .ok_or_else(|| {
                validation(format!(
                    "Value '{text}' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and 1000"
                ))
            })?,
    };
    page(items, size, form.get("Marker")).ok_or_else(|| Refusal::new(400, "ValidationError", "Invalid Marker"))
}

fn end_of_page<T>(xml: &mut Xml, page: &Page<T>) {
    xml.text("IsTruncated", if page.next.is_some() { "true" } else { "false" });
    xml.optional("Marker", page.next.as_deref());
}

fn write_tags(xml: &mut Xml, tags: &Tags) {
    xml.list("Tags", tags, |xml, (key, value)| {
        xml.text("Key", key);
        xml.text("Value", value);
    });
}

fn write_boundary(xml: &mut Xml, arn: &str) {
    xml.within("PermissionsBoundary", |xml| {
        xml.text("PermissionsBoundaryType", "Policy");
        xml.text("PermissionsBoundaryArn", arn);
    });
}
