//! Pod Identity associations.
//!
//! <https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html>

use serde_json::{Value, json};

use super::{Outcome, Parameters, changed_cluster, cluster_in, invalid, not_found, paged, read_cluster};
use crate::answer::Refusal;
use crate::call::Context;
use crate::policy;
use crate::tags;
use crate::world::{Association, Cluster, SMALL, account_of};

/// Characters of a session policy.
const POLICY: usize = 2048;
/// An association's id, `a-` and what follows.
const ID: usize = 19;

pub(super) fn create(parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    let namespace = parameters.need("namespace")?;
    let service_account = parameters.need("serviceAccount")?;
    let role_arn = parameters.need("roleArn")?;
    let token = parameters.text("clientRequestToken");
    let tags = parameters.body.get("tags").unwrap_or(&Value::Null);
    let tags = tags::eks(tags, "InvalidParameterException")?;
    check_name("namespace", namespace, 63, false)?;
    check_name("serviceAccount", service_account, 253, true)?;
    let cluster = changed_cluster(parameters, cx)?;
    if let Some((asked, id)) = token.and_then(|token| cluster.tokens.get(token))
        && let Some(made) = cluster.associations.get(id)
    {
        // What AWS says to other parameters is not documented.
        return match asked == parameters.body {
            true => Ok(json!({ "association": whole(made, cluster) })),
            false => Err(invalid("The client request token was used with other parameters")),
        };
    }
    check_role(role_arn, cx)?;
    let policy = session_policy(parameters, cx)?;
    let disable_session_tags = session_tags_off(parameters)?.unwrap_or(false);
    if policy.is_some() && !disable_session_tags {
        return Err(invalid("A policy requires that disableSessionTags is true"));
    }
    let target_role_arn = target_role(parameters)?.flatten();
    // A deleted association is still in the way for a while.
    let seen = cluster_in(cx.timeline.effective(), parameters.of_path("clusterName"), cx)
        .into_iter()
        .flat_map(|cluster| cluster.associations.values());
    let cluster = cluster_in(&cx.timeline.now, parameters.of_path("clusterName"), cx);
    let there = cluster.into_iter().flat_map(|cluster| cluster.associations.values());
    let same = there
        .chain(seen)
        .find(|other| other.namespace == namespace && other.service_account == service_account);
    if let Some(same) = same {
        return Err(Refusal::new(
            409,
            "ResourceInUseException",
            format!("Association already exists: {}", same.id),
        ));
    }
    let external_id = target_role_arn
        .is_some()
        .then(|| external_id(parameters.of_path("clusterName"), namespace, service_account, cx));
    let id = format!("a-{}", cx.timeline.unique(ID - 2, SMALL));
    let now = cx.timeline.clock.date();
    let quota = cx.timeline.quotas.associations;
    let (partition, region, account) = (cx.partition, cx.region.clone(), cx.caller.account.clone());
    let cluster = changed_cluster(parameters, cx)?;
    if cluster.associations.len() >= quota {
        return Err(Refusal::new(
            400,
            "ResourceLimitExceededException",
            format!("The cluster has {quota} associations, which is its limit"),
        ));
    }
    let made = Association {
        arn: format!(
            "arn:{partition}:eks:{region}:{account}:podidentityassociation/{}/{id}",
            cluster.name
        ),
        id: id.clone(),
        namespace: namespace.to_owned(),
        service_account: service_account.to_owned(),
        role_arn: role_arn.to_owned(),
        target_role_arn,
        external_id,
        disable_session_tags,
        policy,
        owner_arn: None,
        created: now,
        modified: now,
        tags,
    };
    let answer = json!({ "association": whole(&made, cluster) });
    if let Some(token) = token {
        let asked = (parameters.body.clone(), id.clone());
        cluster.tokens.insert(token.to_owned(), asked);
    }
    cluster.associations.insert(id, made);
    Ok(answer)
}

pub(super) fn describe(parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    let id = id(parameters)?;
    let cluster = read_cluster(parameters, cx)?;
    let found = cluster.associations.get(id).ok_or_else(|| missing(id))?;
    Ok(json!({ "association": whole(found, cluster) }))
}

/// Summaries say neither role nor policy.
pub(super) fn list(parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    let cluster = read_cluster(parameters, cx)?;
    let asked = |name: &str, value: &str| parameters.request.query_value(name).is_none_or(|asked| asked == value);
    let found = cluster
        .associations
        .values()
        .filter(|one| asked("namespace", &one.namespace) && asked("serviceAccount", &one.service_account));
    paged(
        parameters,
        "associations",
        found.map(|one| (one.id.clone(), summary(one, cluster))),
    )
}

/// What is absent stays as it is; empty texts clear.
pub(super) fn update(parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    let id = id(parameters)?;
    changeable(id, parameters, cx)?;
    let fields = ["roleArn", "targetRoleArn", "disableSessionTags", "policy"];
    if fields
        .iter()
        .all(|field| parameters.body.get(*field).is_none_or(Value::is_null))
    {
        return Err(invalid("At least one of the fields of the association must be changed"));
    }
    let role_arn = parameters.text("roleArn");
    if let Some(arn) = role_arn {
        check_role(arn, cx)?;
    }
    let target = target_role(parameters)?;
    let session_tags_off = session_tags_off(parameters)?;
    let policy = match parameters.text("policy") {
        None => None,
        Some(_) => Some(session_policy(parameters, cx)?),
    };
    let name = parameters.of_path("clusterName").to_owned();
    let now = cx.timeline.clock.date();
    let cluster = changed_cluster(parameters, cx)?;
    let mut changed = cluster.associations.get(id).cloned().ok_or_else(|| missing(id))?;
    if let Some(arn) = role_arn {
        arn.clone_into(&mut changed.role_arn);
    }
    changed.target_role_arn = target.unwrap_or(changed.target_role_arn);
    changed.disable_session_tags = session_tags_off.unwrap_or(changed.disable_session_tags);
    changed.policy = policy.unwrap_or(changed.policy);
    if changed.policy.is_some() && !changed.disable_session_tags {
        return Err(invalid("A policy requires that disableSessionTags is true"));
    }
    changed.modified = now;
    changed.external_id = changed
        .target_role_arn
        .is_some()
        .then(|| external_id(&name, &changed.namespace, &changed.service_account, cx));
    let cluster = changed_cluster(parameters, cx)?;
    let answer = json!({ "association": whole(&changed, cluster) });
    cluster.associations.insert(id.to_owned(), changed);
    Ok(answer)
}

pub(super) fn delete(parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    let id = id(parameters)?;
    changeable(id, parameters, cx)?;
    let cluster = changed_cluster(parameters, cx)?;
    let removed = cluster.associations.remove(id).ok_or_else(|| missing(id))?;
    Ok(json!({ "association": whole(&removed, cluster) }))
}

/// Removes the associations that an add-on owns.
pub(crate) fn release(cluster: &mut Cluster, owner: &str) {
    cluster
        .associations
        .retain(|_, association| association.owner_arn.as_deref() != Some(owner));
}

/// An add-on changes its own associations.
///
/// <https://docs.aws.amazon.com/eks/latest/userguide/add-ons-iam.html>
fn changeable(id: &str, parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Result<(), Refusal> {
    let found = changed_cluster(parameters, cx)?.associations.get(id);
    match &found.ok_or_else(|| missing(id))?.owner_arn {
        None => Ok(()),
        Some(owner) => Err(Refusal::new(
            400,
            "InvalidRequestException",
            format!("The association {id} is owned by {owner}, which has to change it"),
        )),
    }
}

/// What EKS asks of a role: in the cluster's account, there, and trusting pods.
///
/// <https://github.com/hashicorp/terraform-provider-aws/issues/41483>
pub(super) fn check_role(arn: &str, cx: &Context<'_>) -> Result<(), Refusal> {
    if !is_role_arn(arn) {
        return Err(invalid("The parameter roleArn is not the ARN of a role"));
    }
    if account_of(arn) != Some(cx.caller.account.as_str()) {
        return Err(Refusal::new(
            403,
            "AccessDeniedException",
            "Cross-account pass role is not allowed.",
        ));
    }
    let role = cx
        .timeline
        .effective()
        .role_of_arn(arn)
        .ok_or_else(|| invalid("Role provided in the request does not exist."))?;
    if !policy::trusts_pods(&role.trust) {
        return Err(invalid("Trust policy of the role provided is invalid."));
    }
    Ok(())
}

fn is_role_arn(arn: &str) -> bool {
    let fields: Vec<&str> = arn.splitn(6, ':').collect();
    matches!(fields[..], ["arn", partition, "iam", "", account, resource]
        if partition.starts_with("aws")
            && account.len() == 12
            && account.bytes().all(|byte| byte.is_ascii_digit())
            && resource.strip_prefix("role/").is_some_and(|name| !name.is_empty()))
}

/// `None` where nothing is said, `Some(None)` where it is cleared.
fn target_role(parameters: &Parameters<'_>) -> Result<Option<Option<String>>, Refusal> {
    match parameters.text("targetRoleArn") {
        None => Ok(None),
        Some("") => Ok(Some(None)),
        Some(arn) if is_role_arn(arn) => Ok(Some(Some(arn.to_owned()))),
        Some(_) => Err(invalid("The parameter targetRoleArn is not the ARN of a role")),
    }
}

fn session_tags_off(parameters: &Parameters<'_>) -> Result<Option<bool>, Refusal> {
    match parameters.body.get("disableSessionTags") {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_bool() {
            Some(value) => Ok(Some(value)),
            None => Err(Refusal::new(
                400,
                "SerializationException",
                "disableSessionTags is no boolean",
            )),
        },
    }
}

/// The session policy to set; an empty text is none.
fn session_policy(parameters: &Parameters<'_>, cx: &Context<'_>) -> Result<Option<String>, Refusal> {
    let Some(document) = parameters.text("policy").filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if document.chars().count() > POLICY {
        return Err(invalid(format!(
            "The parameter policy has more than {POLICY} characters"
        )));
    }
    policy::permissions(document, "policy").map_err(|refusal| invalid(refusal.message))?;
    if policy::size(document) > cx.timeline.quotas.packed_policy {
        return Err(invalid(
            "PackedPolicyTooLarge: Packed policy consumes more than 100% of allotted space, please use smaller policy.",
        ));
    }
    Ok(Some(document.to_owned()))
}

/// <https://docs.aws.amazon.com/eks/latest/userguide/pod-id-assign-target-role.html>
fn external_id(cluster: &str, namespace: &str, service_account: &str, cx: &Context<'_>) -> String {
    format!(
        "{}/{}/{cluster}/{namespace}/{service_account}",
        cx.region, cx.caller.account
    )
}

fn check_name(parameter: &str, name: &str, longest: usize, dots: bool) -> Result<(), Refusal> {
    let is_inner =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || dots && byte == b'.';
    let is_outer = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = name.as_bytes();
    let is_name = bytes.iter().copied().all(is_inner) && is_outer(bytes.first()) && is_outer(bytes.last());
    if is_name && name.len() <= longest {
        return Ok(());
    }
    Err(invalid(format!(
        "The parameter {parameter} is not a name that Kubernetes takes: {name}"
    )))
}

/// <https://github.com/aws-samples/eks-workshop-v2/issues/882>
fn id<'a>(parameters: &'a Parameters<'_>) -> Result<&'a str, Refusal> {
    let id = parameters.of_path("associationId");
    if id.len() != ID {
        return Err(invalid(format!(
            "The parameter associationId should be {ID} characters long."
        )));
    }
    Ok(id)
}

fn missing(id: &str) -> Refusal {
    not_found(format!("No association found for id: {id}."))
}

fn summary(association: &Association, cluster: &Cluster) -> Value {
    let mut summary = json!({
        "clusterName": cluster.name,
        "namespace": association.namespace,
        "serviceAccount": association.service_account,
        "associationArn": association.arn,
        "associationId": association.id,
    });
    insert(&mut summary, "ownerArn", association.owner_arn.as_deref());
    summary
}

fn whole(association: &Association, cluster: &Cluster) -> Value {
    let mut whole = summary(association, cluster);
    if let Some(fields) = whole.as_object_mut() {
        fields.insert("roleArn".to_owned(), association.role_arn.as_str().into());
        fields.insert("createdAt".to_owned(), association.created.0.into());
        fields.insert("modifiedAt".to_owned(), association.modified.0.into());
        fields.insert("disableSessionTags".to_owned(), association.disable_session_tags.into());
        fields.insert("tags".to_owned(), json!(association.tags));
    }
    insert(&mut whole, "targetRoleArn", association.target_role_arn.as_deref());
    insert(&mut whole, "externalId", association.external_id.as_deref());
    insert(&mut whole, "policy", association.policy.as_deref());
    whole
}

fn insert(object: &mut Value, field: &str, value: Option<&str>) {
    if let (Some(value), Some(fields)) = (value, object.as_object_mut()) {
        fields.insert(field.to_owned(), value.into());
    }
}
