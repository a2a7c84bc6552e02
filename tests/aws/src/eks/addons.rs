//! Add-ons of clusters, and the associations that they own.

use serde_json::{Value, json};

use super::known_addons::{Known, known};
use super::{
    Outcome, Parameters, associations, changed_cluster, cluster_in, invalid, no_cluster, not_found, paged, read_cluster,
};
use crate::answer::Refusal;
use crate::call::Context;
use crate::clock::Moment;
use crate::tags;
use crate::world::{Addon, Association, Cluster, Phase, SMALL};

/// Where add-ons of AWS run.
const NAMESPACE: &str = "kube-system";

/// Ends what has taken its time.
pub(super) fn settle(cx: &mut Context<'_>) {
    let now = cx.timeline.clock.now();
    let accounts = cx.timeline.now.accounts.values_mut();
    for cluster in accounts.flat_map(|account| account.clusters.values_mut()) {
        let gone = |addon: &Addon| matches!(addon.phase, Phase::Leaving { moment } if moment <= now);
        let leaving: Vec<String> = cluster
            .addons
            .values()
            .filter(|addon| gone(addon))
            .map(|addon| addon.arn.clone())
            .collect();
        for arn in leaving {
            associations::release(cluster, &arn);
            cluster.addons.retain(|_, addon| addon.arn != arn);
        }
    }
}

/// <https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html>
pub(super) fn create(parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    let name = parameters.need("addonName")?;
    if changed_cluster(parameters, cx)?.addons.contains_key(name) {
        return Err(Refusal::new(409, "ResourceInUseException", "Addon already exists."));
    }
    let known = known(name).ok_or_else(|| invalid("Addon specified is not supported"))?;
    let version = version(parameters, known)?.or_else(|| known.versions.first().copied());
    let configuration = configuration(parameters)?;
    let sent = parameters.body.get("tags").unwrap_or(&Value::Null);
    let tags = tags::eks(sent, "InvalidParameterException")?;
    let now = cx.timeline.clock.date();
    let arn = format!(
        "arn:{}:eks:{}:{}:addon/{}/{name}/{}",
        cx.partition,
        cx.region,
        cx.caller.account,
        parameters.of_path("clusterName"),
        cx.timeline.unique(8, SMALL)
    );
    let owned = owned(parameters, &arn, cx)?;
    let until = ends(cx);
    let addon = Addon {
        name: name.to_owned(),
        arn,
        version: version.unwrap_or_default().to_owned(),
        configuration,
        service_account_role_arn: parameters.text("serviceAccountRoleArn").map(str::to_owned),
        created: now,
        modified: now,
        tags,
        phase: Phase::Until {
            status: "CREATING",
            moment: until,
        },
        updates: Vec::new(),
    };
    let clock = cx.timeline.clock.now();
    let cluster = changed_cluster(parameters, cx)?;
    for association in owned.into_iter().flatten() {
        cluster.associations.insert(association.id.clone(), association);
    }
    let answer = json!({ "addon": described(&addon, cluster, clock) });
    cluster.addons.insert(name.to_owned(), addon);
    Ok(answer)
}

pub(super) fn describe(parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    let name = parameters.of_path("addonName");
    let cluster = read_cluster(parameters, cx)?;
    let addon = cluster.addons.get(name).ok_or_else(|| missing(name))?;
    Ok(json!({ "addon": described(addon, cluster, cx.timeline.clock.now()) }))
}

pub(super) fn list(parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    let names = read_cluster(parameters, cx)?.addons.keys();
    paged(
        parameters,
        "addons",
        names.map(|name| (name.clone(), name.as_str().into())),
    )
}

/// Associations are left alone where the request does not name any, and replaced where it does.
pub(super) fn update(parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    let name = parameters.of_path("addonName");
    let now = cx.timeline.clock.now();
    let found = changed_cluster(parameters, cx)?.addons.get(name).cloned();
    let mut addon = found.ok_or_else(|| missing(name))?;
    if status(&addon, now) != "ACTIVE" && !matches!(addon.phase, Phase::Fixed(_)) {
        return Err(Refusal::new(
            409,
            "ResourceInUseException",
            format!(
                "Cannot update addon {name} because it is in {} state",
                status(&addon, now)
            ),
        ));
    }
    let known = known(name).ok_or_else(|| invalid("Addon specified is not supported"))?;
    if let Some(version) = version(parameters, known)? {
        version.clone_into(&mut addon.version);
    }
    addon.configuration = configuration(parameters)?.or(addon.configuration);
    if let Some(arn) = parameters.text("serviceAccountRoleArn") {
        addon.service_account_role_arn = Some(arn.to_owned()).filter(|arn| !arn.is_empty());
    }
    let owned = owned(parameters, &addon.arn, cx)?;
    addon.modified = cx.timeline.clock.date();
    addon.phase = Phase::Until {
        status: "UPDATING",
        moment: ends(cx),
    };
    let created = addon.modified.0;
    let id = cx.timeline.unique(12, SMALL);
    addon.updates.push(id.clone());
    let cluster = changed_cluster(parameters, cx)?;
    if let Some(owned) = owned {
        associations::release(cluster, &addon.arn);
        for association in owned {
            cluster.associations.insert(association.id.clone(), association);
        }
    }
    cluster.addons.insert(name.to_owned(), addon);
    Ok(json!({ "update": {
        "id": id,
        "status": "InProgress",
        "type": "AddonUpdate",
        "params": [],
        "createdAt": created,
        "errors": [],
    }}))
}

/// Of updates of add-ons; there are no others here.
pub(super) fn describe_update(parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    let (cluster, id) = (parameters.of_path("name"), parameters.of_path("updateId"));
    let cluster = cluster_in(cx.timeline.read(), cluster, cx).ok_or_else(|| no_cluster(cluster))?;
    let name = parameters.request.query_value("addonName").unwrap_or_default();
    let addon = cluster
        .addons
        .get(name)
        .filter(|addon| addon.updates.iter().any(|update| update == id));
    let addon = addon.ok_or_else(|| not_found(format!("No update found for ID: {id}")))?;
    let status = match status(addon, cx.timeline.clock.now()) {
        "UPDATING" => "InProgress",
        _ => "Successful",
    };
    Ok(json!({ "update": { "id": id, "status": status, "type": "AddonUpdate", "params": [], "errors": [] } }))
}

pub(super) fn delete(parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    let name = parameters.of_path("addonName");
    let moment = ends(cx);
    let clock = cx.timeline.clock.now();
    let cluster = changed_cluster(parameters, cx)?;
    let addon = cluster.addons.get_mut(name).ok_or_else(|| missing(name))?;
    addon.phase = Phase::Leaving { moment };
    let addon = addon.clone();
    let answer = json!({ "addon": described(&addon, cluster, clock) });
    settle(cx);
    Ok(answer)
}

fn ends(cx: &Context<'_>) -> Moment {
    cx.timeline.clock.now() + cx.timeline.delays.addons
}

fn missing(name: &str) -> Refusal {
    not_found(format!("No addon: {name} found"))
}

/// <https://github.com/hashicorp/terraform-provider-aws/issues/32238>
fn version(parameters: &Parameters<'_>, known: &'static Known) -> Result<Option<&'static str>, Refusal> {
    let Some(asked) = parameters.text("addonVersion") else {
        return Ok(None);
    };
    let version = known.versions.iter().find(|version| **version == asked);
    let version = version.ok_or_else(|| invalid("Addon version specified is not supported"))?;
    Ok(Some(version))
}

fn configuration(parameters: &Parameters<'_>) -> Result<Option<String>, Refusal> {
    let Some(text) = parameters.text("configurationValues").filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(_)) => Ok(Some(text.to_owned())),
        _ => Err(invalid(
            "ConfigurationValue provided in request is not supported: Json schema validation failed",
        )),
    }
}

/// The associations that the request asks for; `None` where it says nothing of them.
fn owned(parameters: &Parameters<'_>, owner: &str, cx: &mut Context<'_>) -> Result<Option<Vec<Association>>, Refusal> {
    let Some(asked) = parameters.body.get("podIdentityAssociations").and_then(Value::as_array) else {
        return Ok(None);
    };
    let mut made = Vec::new();
    for one in asked {
        let text = |field: &str| one.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (service_account, role_arn) = (text("serviceAccount"), text("roleArn"));
        associations::check_role(&role_arn, cx)?;
        let id = format!("a-{}", cx.timeline.unique(17, SMALL));
        let now = cx.timeline.clock.date();
        let prefix = format!("arn:{}:eks:{}:{}", cx.partition, cx.region, cx.caller.account);
        let cluster = changed_cluster(parameters, cx)?;
        let taken = cluster.associations.values().find(|other| {
            other.namespace == NAMESPACE
                && other.service_account == service_account
                && other.owner_arn.as_deref() != Some(owner)
        });
        if let Some(taken) = taken {
            return Err(Refusal::new(
                409,
                "ResourceInUseException",
                format!("Association already exists: {}", taken.id),
            ));
        }
        made.push(Association {
            arn: format!("{prefix}:podidentityassociation/{}/{id}", cluster.name),
            id,
            namespace: NAMESPACE.to_owned(),
            service_account,
            role_arn,
            target_role_arn: None,
            external_id: None,
            disable_session_tags: false,
            policy: None,
            owner_arn: Some(owner.to_owned()),
            created: now,
            modified: now,
            tags: tags::eks(&Value::Null, "InvalidParameterException")?,
        });
    }
    Ok(Some(made))
}

fn status(addon: &Addon, now: Moment) -> &str {
    match &addon.phase {
        Phase::Until { status, moment } if *moment > now => status,
        Phase::Until { .. } => "ACTIVE",
        Phase::Leaving { .. } => "DELETING",
        Phase::Fixed(status) => status,
    }
}

fn described(addon: &Addon, cluster: &Cluster, now: Moment) -> Value {
    let associations: Vec<&str> = cluster
        .associations
        .values()
        .filter(|association| association.owner_arn.as_deref() == Some(addon.arn.as_str()))
        .map(|association| association.arn.as_str())
        .collect();
    let mut described = json!({
        "addonName": addon.name,
        "clusterName": cluster.name,
        "status": status(addon, now),
        "addonVersion": addon.version,
        "health": { "issues": [] },
        "addonArn": addon.arn,
        "createdAt": addon.created.0,
        "modifiedAt": addon.modified.0,
        "tags": addon.tags,
        "podIdentityAssociations": associations,
    });
    if let Some(fields) = described.as_object_mut() {
        for (field, value) in [
            ("configurationValues", &addon.configuration),
            ("serviceAccountRoleArn", &addon.service_account_role_arn),
        ] {
            if let Some(value) = value {
                fields.insert(field.to_owned(), value.as_str().into());
            }
        }
    }
    described
}
