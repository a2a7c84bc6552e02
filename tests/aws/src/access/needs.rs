//! What a call has to be allowed, and on what.
//!
//! Service Authorization Reference, Actions, resources, and condition keys for AWS Identity and Access Management, and for Amazon Elastic
//! Kubernetes Service.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Need;
use crate::operations::Service;
use crate::world::{Tags, World};

/// A call, as far as policies are concerned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) service: Service,
    pub(crate) operation: &'a str,
    pub(crate) parameters: &'a BTreeMap<String, String>,
    pub(crate) partition: &'a str,
    pub(crate) region: &'a str,
    pub(crate) account: &'a str,
}

type Values = BTreeMap<String, Vec<String>>;

/// Everything that policies have to allow for a call. `GetCallerIdentity` needs nothing, and who may assume a role is said by its trust policy.
pub(crate) fn needs(request: Request<'_>, world: &World) -> Vec<Need> {
    match request.service {
        Service::Sts => Vec::new(),
        Service::Iam => request.iam(world),
        Service::Eks => request.eks(world),
    }
}

impl Request<'_> {
    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    fn need(&self, resource: &str, context: &Values) -> Need {
        Need {
            action: format!("{}:{}", self.service, self.operation),
            resource: resource.to_owned(),
            context: context.clone(),
        }
    }

    fn iam(&self, world: &World) -> Vec<Need> {
        let prefix = format!("arn:{}:iam::{}:", self.partition, self.account);
        let mut context = Values::new();
        for (parameter, key) in [
            ("PolicyArn", "iam:policyarn"),
            ("PermissionsBoundary", "iam:permissionsboundary"),
        ] {
            if let Some(value) = self.parameter(parameter) {
                context.insert(key.to_owned(), vec![value.to_owned()]);
            }
        }
        let tags = self.form_tags();
        requested(&mut context, &tags, self.members("TagKeys"));
        let resource = if let Some(name) = self.parameter("RoleName") {
            let role = world
                .role(self.account, name)
                .filter(|_| self.operation != "CreateRole");
            if let Some(role) = role {
                tagged(&mut context, &role.tags);
                let boundary = role.boundary.clone().into_iter().collect();
                context.entry("iam:permissionsboundary".to_owned()).or_insert(boundary);
            }
            let path = self.parameter("Path").unwrap_or("/").trim_start_matches('/');
            role.map_or_else(|| format!("{prefix}role/{path}{name}"), |role| role.arn.clone())
        } else if let Some(url) = self.parameter("Url") {
            format!("{prefix}oidc-provider/{}", url.trim_start_matches("https://"))
        } else if let Some(arn) = self.parameter("OpenIDConnectProviderArn") {
            let provider = world
                .account(self.account)
                .and_then(|account| account.providers.get(arn));
            if let Some(provider) = provider {
                tagged(&mut context, &provider.tags);
            }
            arn.to_owned()
        } else {
            self.parameter("PolicyArn").unwrap_or("*").to_owned()
        };
        // To make something with tags is to tag it as well.
        let tagging = match self.operation {
            "CreateRole" => Some("iam:TagRole"),
            "CreateOpenIDConnectProvider" => Some("iam:TagOpenIDConnectProvider"),
            _ => None,
        };
        let own = self.need(&resource, &context);
        let tagging = tagging.filter(|_| !tags.is_empty()).map(|action| Need {
            action: action.to_owned(),
            ..own.clone()
        });
        [own].into_iter().chain(tagging).collect()
    }

    fn eks(&self, world: &World) -> Vec<Need> {
        let arn = |kind: &str, name: &str| {
            format!(
                "arn:{}:eks:{}:{}:{kind}/{name}",
                self.partition, self.region, self.account
            )
        };
        let name = self.parameter("clusterName").or_else(|| self.parameter("name"));
        let key = (self.region.to_owned(), name.unwrap_or_default().to_owned());
        let account = world.account(self.account);
        let cluster = account.and_then(|account| account.clusters.get(&key));
        let mut context = Values::new();
        let tags: Tags = self
            .parameter("tags")
            .and_then(|tags| serde_json::from_str::<Value>(tags).ok())
            .and_then(|tags| tags.as_object().cloned())
            .into_iter()
            .flatten()
            .map(|(key, value)| (key, value.as_str().unwrap_or_default().to_owned()))
            .collect();
        let keys = self.parameter("tagKeys").into_iter().flat_map(|keys| keys.split(','));
        requested(&mut context, &tags, keys.map(str::to_owned).collect());
        let of_cluster = |kind: &str, name: &str| arn(kind, &format!("{}/{name}", key.1));
        let resource = match self.operation {
            "ListClusters" | "DescribeAddonVersions" | "DescribeAddonConfiguration" => "*".to_owned(),
            "TagResource" | "UntagResource" | "ListTagsForResource" => {
                let resource = self.parameter("resourceArn").unwrap_or_default();
                let clusters = account.into_iter().flat_map(|account| account.clusters.values());
                for cluster in clusters {
                    let association = cluster.associations.values().find(|one| one.arn == resource);
                    let addon = cluster.addons.values().find(|one| one.arn == resource);
                    let found = association.map(|one| &one.tags).or(addon.map(|one| &one.tags));
                    found.into_iter().for_each(|tags| tagged(&mut context, tags));
                }
                resource.to_owned()
            }
            "DescribePodIdentityAssociation" | "UpdatePodIdentityAssociation" | "DeletePodIdentityAssociation" => {
                let id = self.parameter("associationId").unwrap_or_default();
                if let Some(association) = cluster.and_then(|cluster| cluster.associations.get(id)) {
                    tagged(&mut context, &association.tags);
                }
                of_cluster("podidentityassociation", id)
            }
            "DescribeAddon" | "UpdateAddon" | "DeleteAddon" => {
                let name = self.parameter("addonName").unwrap_or_default();
                let addon = cluster.and_then(|cluster| cluster.addons.get(name));
                addon.into_iter().for_each(|addon| tagged(&mut context, &addon.tags));
                addon.map_or_else(|| of_cluster("addon", &format!("{name}/0")), |addon| addon.arn.clone())
            }
            "DescribeNodegroup" => {
                let name = self.parameter("nodegroupName").unwrap_or_default();
                of_cluster("nodegroup", &format!("{name}/0"))
            }
            "DescribeFargateProfile" => {
                let name = self.parameter("fargateProfileName").unwrap_or_default();
                of_cluster("fargateprofile", &format!("{name}/0"))
            }
            _ => {
                if let Some(cluster) = cluster.filter(|_| tags.is_empty()) {
                    tagged(&mut context, &cluster.tags);
                }
                arn("cluster", &key.1)
            }
        };
        let mut needs = vec![self.need(&resource, &context)];
        let made = match self.operation {
            "CreatePodIdentityAssociation" => Some(of_cluster("podidentityassociation", "a-new")),
            "CreateAddon" => {
                let name = self.parameter("addonName").unwrap_or_default();
                Some(of_cluster("addon", &format!("{name}/0")))
            }
            _ => None,
        };
        if let Some(resource) = made.filter(|_| !tags.is_empty()) {
            needs.push(Need {
                action: "eks:TagResource".to_owned(),
                resource,
                context,
            });
        }
        let passes = ["CreatePodIdentityAssociation", "UpdatePodIdentityAssociation"].contains(&self.operation);
        if let Some(role) = self.parameter("roleArn").filter(|_| passes) {
            let to = (
                "iam:passedtoservice".to_owned(),
                vec!["pods.eks.amazonaws.com".to_owned()],
            );
            for (action, context) in [("iam:GetRole", Values::new()), ("iam:PassRole", Values::from([to]))] {
                needs.push(Need {
                    action: action.to_owned(),
                    resource: role.to_owned(),
                    context,
                });
            }
        }
        needs
    }

    /// `Name.member.1`, `Name.member.2`, …
    fn members(&self, name: &str) -> Vec<String> {
        (1..)
            .map_while(|number| self.parameter(&format!("{name}.member.{number}")))
            .map(str::to_owned)
            .collect()
    }

    fn form_tags(&self) -> Tags {
        let tag = |number: usize, field: &str| self.parameter(&format!("Tags.member.{number}.{field}"));
        (1..)
            .map_while(|number| {
                let value = tag(number, "Value").unwrap_or_default();
                Some((tag(number, "Key")?.to_owned(), value.to_owned()))
            })
            .collect()
    }
}

/// What tags a request carries, and which it removes.
fn requested(context: &mut Values, tags: &Tags, removed: Vec<String>) {
    for (key, value) in tags {
        context.insert(format!("aws:requesttag/{}", key.to_lowercase()), vec![value.clone()]);
    }
    let keys: Vec<String> = tags.keys().cloned().chain(removed).collect();
    if !keys.is_empty() {
        context.insert("aws:tagkeys".to_owned(), keys);
    }
}

/// What tags the resource has.
fn tagged(context: &mut Values, tags: &Tags) {
    for (key, value) in tags {
        context.insert(format!("aws:resourcetag/{}", key.to_lowercase()), vec![value.clone()]);
    }
}
