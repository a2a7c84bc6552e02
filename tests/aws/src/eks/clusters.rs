use serde_json::{Value, json};

use super::{Outcome, Parameters, cluster_in, no_cluster, not_found, paged, read_cluster};
use crate::call::Context;

pub(super) fn describe(parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    let name = parameters.of_path("name");
    let cluster = cluster_in(cx.timeline.read(), name, cx).ok_or_else(|| no_cluster(name))?;
    let mut described = json!({
        "name": cluster.name,
        "arn": cluster.arn,
        "createdAt": cluster.created.0,
        "version": cluster.version,
        "platformVersion": cluster.platform_version,
        "status": cluster.status,
        "roleArn": format!("arn:{}:iam::{}:role/cluster", cx.partition, cx.caller.account),
        "computeConfig": { "enabled": cluster.auto_mode },
        "tags": cluster.tags,
    });
    // An issuer comes with the control plane.
    if let (true, Some(fields)) = (cluster.status != "CREATING", described.as_object_mut()) {
        let issuer = format!("https://{}", cluster.issuer);
        fields.insert("identity".to_owned(), json!({ "oidc": { "issuer": issuer } }));
    }
    Ok(json!({ "cluster": described }))
}

pub(super) fn list(parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    let account = cx.timeline.read().account(&cx.caller.account);
    let clusters = account.into_iter().flat_map(|account| &account.clusters);
    let names = clusters
        .filter(|((region, _), _)| *region == cx.region)
        .map(|((_, name), _)| (name.clone(), Value::from(name.as_str())));
    paged(parameters, "clusters", names)
}

pub(super) fn list_nodegroups(parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    let names = read_cluster(parameters, cx)?.nodegroups.keys();
    paged(
        parameters,
        "nodegroups",
        names.map(|name| (name.clone(), name.as_str().into())),
    )
}

pub(super) fn describe_nodegroup(parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    let cluster = read_cluster(parameters, cx)?;
    let name = parameters.of_path("nodegroupName");
    let group = cluster
        .nodegroups
        .get(name)
        .ok_or_else(|| not_found(format!("No node group found for name: {name}.")))?;
    Ok(json!({ "nodegroup": {
        "nodegroupName": group.name,
        "nodegroupArn": group.arn,
        "clusterName": cluster.name,
        "version": cluster.version,
        "createdAt": group.created.0,
        "modifiedAt": group.created.0,
        "status": "ACTIVE",
        "capacityType": "ON_DEMAND",
        "nodeRole": group.node_role,
    }}))
}

pub(super) fn list_fargate_profiles(parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    let names = read_cluster(parameters, cx)?.fargate_profiles.keys();
    let names = names.map(|name| (name.clone(), name.as_str().into()));
    paged(parameters, "fargateProfileNames", names)
}

pub(super) fn describe_fargate_profile(parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    let cluster = read_cluster(parameters, cx)?;
    let name = parameters.of_path("fargateProfileName");
    let profile = cluster
        .fargate_profiles
        .get(name)
        .ok_or_else(|| not_found(format!("No Fargate Profile found with name: {name}.")))?;
    let selectors: Vec<Value> = profile
        .selectors
        .iter()
        .map(|(namespace, labels)| json!({ "namespace": namespace, "labels": labels }))
        .collect();
    Ok(json!({ "fargateProfile": {
        "fargateProfileName": profile.name,
        "fargateProfileArn": profile.arn,
        "clusterName": cluster.name,
        "createdAt": profile.created.0,
        "podExecutionRoleArn": profile.role_arn,
        "selectors": selectors,
        "status": "ACTIVE",
    }}))
}
