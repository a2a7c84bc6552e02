//! EKS: REST with JSON.

mod addons;
mod associations;
mod clusters;
mod known_addons;
mod tagging;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::answer::Refusal;
use crate::call::Context;
use crate::page::page;
use crate::request::Request;
use crate::world::{Cluster, World};

pub(crate) use associations::release;

type Outcome = Result<Value, Refusal>;

/// An operation, and what its path says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) operation: &'static str,
    pub(crate) path: BTreeMap<&'static str, String>,
}

/// Finds the operation that method and path stand for.
pub(crate) fn route(request: &Request) -> Option<Route> {
    let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
    let (operation, labels): (_, Vec<(&str, &str)>) = match (request.method.as_str(), &path[..]) {
        ("GET", ["clusters"]) => ("ListClusters", vec![]),
        ("GET", ["clusters", name]) => ("DescribeCluster", vec![("name", name)]),
        ("GET", ["addons", "supported-versions"]) => ("DescribeAddonVersions", vec![]),
        ("GET", ["addons", "configuration-schemas"]) => ("DescribeAddonConfiguration", vec![]),
        (method, ["tags", arn]) => {
            let operation = match method {
                "GET" => "ListTagsForResource",
                "POST" => "TagResource",
                "DELETE" => "UntagResource",
                _ => return None,
            };
            (operation, vec![("resourceArn", arn)])
        }
        ("GET", ["clusters", name, "updates", id]) => ("DescribeUpdate", vec![("name", name), ("updateId", id)]),
        (method, ["clusters", cluster, rest @ ..]) => {
            let (operation, label) = match (method, rest) {
                ("GET", ["pod-identity-associations"]) => ("ListPodIdentityAssociations", None),
                ("POST", ["pod-identity-associations"]) => ("CreatePodIdentityAssociation", None),
                ("GET", ["pod-identity-associations", id]) => {
                    ("DescribePodIdentityAssociation", Some(("associationId", id)))
                }
                ("POST", ["pod-identity-associations", id]) => {
                    ("UpdatePodIdentityAssociation", Some(("associationId", id)))
                }
                ("DELETE", ["pod-identity-associations", id]) => {
                    ("DeletePodIdentityAssociation", Some(("associationId", id)))
                }
                ("GET", ["addons"]) => ("ListAddons", None),
                ("POST", ["addons"]) => ("CreateAddon", None),
                ("GET", ["addons", name]) => ("DescribeAddon", Some(("addonName", name))),
                ("DELETE", ["addons", name]) => ("DeleteAddon", Some(("addonName", name))),
                ("POST", ["addons", name, "update"]) => ("UpdateAddon", Some(("addonName", name))),
                ("GET", ["node-groups"]) => ("ListNodegroups", None),
                ("GET", ["node-groups", name]) => ("DescribeNodegroup", Some(("nodegroupName", name))),
                ("GET", ["fargate-profiles"]) => ("ListFargateProfiles", None),
                ("GET", ["fargate-profiles", name]) => ("DescribeFargateProfile", Some(("fargateProfileName", name))),
                _ => return None,
            };
            let label = label.map(|(key, value)| (key, *value));
            (
                operation,
                [Some(("clusterName", *cluster)), label].into_iter().flatten().collect(),
            )
        }
        _ => return None,
    };
    let path = labels.into_iter().map(|(key, value)| (key, value.to_owned())).collect();
    Some(Route { operation, path })
}

/// What a handler reads its parameters from.
#[derive(Debug)]
pub(crate) struct Parameters<'a> {
    pub(crate) path: &'a BTreeMap<&'static str, String>,
    pub(crate) request: &'a Request,
    pub(crate) body: &'a Value,
}

impl Parameters<'_> {
    fn of_path(&self, name: &str) -> &str {
        self.path.get(name).map_or("", String::as_str)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str)
    }

    fn need(&self, name: &str) -> Result<&str, Refusal> {
        self.text(name)
            .filter(|text| !text.is_empty())
            .ok_or_else(|| invalid(format!("The parameter {name} is required")))
    }
}

pub(crate) fn answer(operation: &str, parameters: &Parameters<'_>, cx: &mut Context<'_>) -> Outcome {
    addons::settle(cx);
    match operation {
        "CreateAddon" => addons::create(parameters, cx),
        "CreatePodIdentityAssociation" => associations::create(parameters, cx),
        "DeleteAddon" => addons::delete(parameters, cx),
        "DeletePodIdentityAssociation" => associations::delete(parameters, cx),
        "DescribeAddon" => addons::describe(parameters, cx),
        "DescribeAddonConfiguration" => known_addons::configuration(parameters),
        "DescribeAddonVersions" => known_addons::versions(parameters),
        "DescribeCluster" => clusters::describe(parameters, cx),
        "DescribeFargateProfile" => clusters::describe_fargate_profile(parameters, cx),
        "DescribeNodegroup" => clusters::describe_nodegroup(parameters, cx),
        "DescribePodIdentityAssociation" => associations::describe(parameters, cx),
        "DescribeUpdate" => addons::describe_update(parameters, cx),
        "ListAddons" => addons::list(parameters, cx),
        "ListClusters" => clusters::list(parameters, cx),
        "ListFargateProfiles" => clusters::list_fargate_profiles(parameters, cx),
        "ListNodegroups" => clusters::list_nodegroups(parameters, cx),
        "ListPodIdentityAssociations" => associations::list(parameters, cx),
        "ListTagsForResource" => tagging::list(parameters, cx),
        "TagResource" => tagging::tag(parameters, cx),
        "UntagResource" => tagging::untag(parameters, cx),
        "UpdateAddon" => addons::update(parameters, cx),
        "UpdatePodIdentityAssociation" => associations::update(parameters, cx),
        _ => Err(unknown_operation()),
    }
}

pub(crate) fn unknown_operation() -> Refusal {
    Refusal::new(
        404,
        "UnknownOperationException",
        "No operation has this method and path",
    )
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "InvalidParameterException", message)
}

fn not_found(message: impl Into<String>) -> Refusal {
    Refusal::new(404, "ResourceNotFoundException", message)
}

fn no_cluster(name: &str) -> Refusal {
    not_found(format!("No cluster found for name: {name}."))
}

fn cluster_in<'a>(world: &'a World, name: &str, cx: &Context<'_>) -> Option<&'a Cluster> {
    let key = (cx.region.clone(), name.to_owned());
    world.account(&cx.caller.account)?.clusters.get(&key)
}

/// The cluster in the path, as calls that read see it.
fn read_cluster<'a>(parameters: &Parameters<'_>, cx: &'a Context<'_>) -> Result<&'a Cluster, Refusal> {
    let name = parameters.of_path("clusterName");
    cluster_in(cx.timeline.read(), name, cx).ok_or_else(|| no_cluster(name))
}

/// The cluster in the path, to change what is in it.
fn changed_cluster<'a>(parameters: &Parameters<'_>, cx: &'a mut Context<'_>) -> Result<&'a mut Cluster, Refusal> {
    let name = parameters.of_path("clusterName");
    let key = (cx.region.clone(), name.to_owned());
    let account = cx.timeline.now.accounts.get_mut(&cx.caller.account);
    account
        .and_then(|account| account.clusters.get_mut(&key))
        .ok_or_else(|| no_cluster(name))
}

/// A page as `maxResults` and `nextToken` ask for it.
fn paged(parameters: &Parameters<'_>, field: &str, items: impl IntoIterator<Item = (String, Value)>) -> Outcome {
    let size = match parameters.request.query_value("maxResults") {
        None => 100,
        Some(text) => text
            .parse()
            .ok()
            .filter(|size| (1..=100).contains(size))
            .ok_or_else(|| invalid("The parameter maxResults must be from 1 to 100"))?,
    };
    let page = page(items, size, parameters.request.query_value("nextToken"))
        .ok_or_else(|| invalid("The parameter nextToken is invalid"))?;
    let mut answer = json!({ field: page.items });
    if let (Some(next), Some(answer)) = (page.next, answer.as_object_mut()) {
        answer.insert("nextToken".to_owned(), next.into());
    }
    Ok(answer)
}
