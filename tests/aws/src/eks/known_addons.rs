//! Add-ons that clusters can have. Names, versions and recommended policies are examples in AWS's shape, not AWS's whole list.

use serde_json::{Value, json};

use super::{Outcome, Parameters, invalid, not_found};

/// An add-on that can be had.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) name: &'static str,
    /// Latest first; the first is the default.
    pub(super) versions: &'static [&'static str],
    /// Service account and the managed policies it needs.
    pub(super) pods: &'static [(&'static str, &'static str)],
}

const KNOWN: [Known; 7] = [
    Known {
        name: "amazon-cloudwatch-observability",
        versions: &["v4.4.0-eksbuild.1", "v3.6.0-eksbuild.2"],
        pods: &[("cloudwatch-agent", "CloudWatchAgentServerPolicy")],
    },
    Known {
        name: "aws-ebs-csi-driver",
        versions: &["v1.51.0-eksbuild.1", "v1.35.0-eksbuild.1"],
        pods: &[("ebs-csi-controller-sa", "service-role/AmazonEBSCSIDriverPolicy")],
    },
    Known {
        name: "aws-efs-csi-driver",
        versions: &["v2.1.13-eksbuild.1"],
        pods: &[("efs-csi-controller-sa", "service-role/AmazonEFSCSIDriverPolicy")],
    },
    Known {
        name: "coredns",
        versions: &["v1.12.4-eksbuild.1", "v1.11.4-eksbuild.24"],
        pods: &[],
    },
    Known {
        name: "eks-pod-identity-agent",
        versions: &["v1.3.9-eksbuild.3", "v1.3.8-eksbuild.2", "v1.3.2-eksbuild.2"],
        pods: &[],
    },
    Known {
        name: "kube-proxy",
        versions: &["v1.34.0-eksbuild.4", "v1.33.3-eksbuild.10"],
        pods: &[],
    },
    Known {
        name: "vpc-cni",
        versions: &["v1.20.4-eksbuild.1", "v1.19.0-eksbuild.1"],
        pods: &[("aws-node", "AmazonEKS_CNI_Policy")],
    },
];

pub(super) fn known(name: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.name == name)
}

/// <https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeAddonVersions.html>
pub(super) fn versions(parameters: &Parameters<'_>) -> Outcome {
    let asked = parameters.request.query_value("addonName");
    let cluster = parameters.request.query_value("kubernetesVersion").unwrap_or("1.34");
    let addons: Vec<Value> = KNOWN
        .iter()
        .filter(|known| asked.is_none_or(|asked| asked == known.name))
        .map(|known| {
            let versions: Vec<Value> = known
                .versions
                .iter()
                .enumerate()
                .map(|(position, version)| {
                    json!({
                        "addonVersion": version,
                        "architecture": ["amd64", "arm64"],
                        "computeTypes": ["ec2", "auto", "hybrid"],
                        "compatibilities": [{
                            "clusterVersion": cluster,
                            "platformVersions": ["*"],
                            "defaultVersion": position == 0,
                        }],
                        "requiresConfiguration": false,
                        "requiresIamPermissions": !known.pods.is_empty(),
                    })
                })
                .collect();
            json!({
                "addonName": known.name,
                "type": "security",
                "owner": "aws",
                "publisher": "eks",
                "defaultNamespace": "kube-system",
                "addonVersions": versions,
            })
        })
        .collect();
    Ok(json!({ "addons": addons }))
}

/// <https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeAddonConfiguration.html>
pub(super) fn configuration(parameters: &Parameters<'_>) -> Outcome {
    let name = parameters.request.query_value("addonName").unwrap_or_default();
    let version = parameters.request.query_value("addonVersion").unwrap_or_default();
    let known = known(name).ok_or_else(|| not_found(format!("No addon: {name} found")))?;
    if !known.versions.contains(&version) {
        return Err(invalid("Addon version specified is not supported"));
    }
    let pods: Vec<Value> = known
        .pods
        .iter()
        .map(|(service_account, policy)| {
            json!({
                "serviceAccount": service_account,
                "recommendedManagedPolicies": [format!("arn:aws:iam::aws:policy/{policy}")],
            })
        })
        .collect();
    let schema = json!({ "$schema": "http://json-schema.org/draft-06/schema#", "type": "object" });
    Ok(json!({
        "addonName": name,
        "addonVersion": version,
        "configurationSchema": schema.to_string(),
        "podIdentityConfiguration": pods,
    }))
}
