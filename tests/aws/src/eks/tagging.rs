//! Tags of clusters, associations and add-ons.
//!
//! <https://docs.aws.amazon.com/eks/latest/APIReference/API_TagResource.html>

use serde_json::{Value, json};

use super::{Outcome, Parameters};
use crate::answer::Refusal;
use crate::call::Context;
use crate::tags;
use crate::world::{Cluster, Tags};

const BAD: &str = "BadRequestException";

pub(super) fn list(parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    let arn = parameters.of_path("resourceArn");
    let account = cx.timeline.read().account(&cx.caller.account);
    let clusters = account.into_iter().flat_map(|account| account.clusters.values());
    let tags = clusters.into_iter().find_map(|cluster| tags_of(cluster, arn));
    Ok(json!({ "tags": tags.ok_or_else(|| missing(arn))? }))
}

pub(super) fn tag(parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    let sent = parameters.body.get("tags").unwrap_or(&Value::Null);
    let new = tags::eks(sent, BAD)?;
    let found = changed(parameters.of_path("resourceArn"), cx)?;
    let mut tags = found.clone();
    tags.extend(new);
    tags::limit_eks(&tags, BAD)?;
    *found = tags;
    Ok(json!({}))
}

pub(super) fn untag(parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    let query = &parameters.request.query;
    let keys: Vec<&str> = query
        .iter()
        .filter(|(name, _)| name == "tagKeys")
        .map(|(_, key)| key.as_str())
        .collect();
    if keys.is_empty() {
        return Err(Refusal::new(400, BAD, "No tag keys are given"));
    }
    changed(parameters.of_path("resourceArn"), cx)?.retain(|key, _| !keys.contains(&key.as_str()));
    Ok(json!({}))
}

fn missing(arn: &str) -> Refusal {
    Refusal::new(404, "NotFoundException", format!("No resource found for ARN: {arn}"))
}

fn tags_of<'a>(cluster: &'a Cluster, arn: &str) -> Option<&'a Tags> {
    if cluster.arn == arn {
        return Some(&cluster.tags);
    }
    let association = cluster.associations.values().find(|one| one.arn == arn);
    let addon = || cluster.addons.values().find(|one| one.arn == arn);
    association
        .map(|one| &one.tags)
        .or_else(|| addon().map(|one| &one.tags))
}

fn changed<'a>(arn: &str, cx: &'a mut Context<'_>) -> Result<&'a mut Tags, Refusal> {
    // A call reaches its own region only.
    if arn.split(':').nth(3) != Some(cx.region.as_str()) {
        return Err(missing(arn));
    }
    let account = cx.timeline.now.accounts.get_mut(&cx.caller.account);
    let clusters = account.into_iter().flat_map(|account| account.clusters.values_mut());
    let cluster = clusters.into_iter().find(|cluster| tags_of(cluster, arn).is_some());
    let cluster = cluster.ok_or_else(|| missing(arn))?;
    if cluster.arn == arn {
        return Ok(&mut cluster.tags);
    }
    let associations = cluster.associations.values_mut().map(|one| (&one.arn, &mut one.tags));
    let addons = cluster.addons.values_mut().map(|one| (&one.arn, &mut one.tags));
    associations
        .chain(addons)
        .find(|(found, _)| *found == arn)
        .map(|(_, tags)| tags)
        .ok_or_else(|| missing(arn))
}
