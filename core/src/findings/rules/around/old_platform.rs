use super::examples::POD_IDENTITY_PAGE;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB426",
    slug: "old-platform",
    title: "Cluster is too old for EKS Pod Identity",
    severity: Severity::Error,
    fix: "Update the cluster to a version that has EKS Pod Identity.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "Pods are bound by EKS Pod Identity, and the platform version of their cluster is older than the first that has it: `eks.13` for Kubernetes 1.24, `eks.10` for 1.25, `eks.9` for 1.26, `eks.8` for 1.27 and `eks.4` for 1.28. Newer versions of Kubernetes have it in every platform version, older ones in none.",
    why: "EKS does not hand credentials to pods of such a cluster.",
    bad: Example {
        policy: "",
        context: r#"{
  "clusters": [
    {
      "arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
      "version": "1.28",
      "platform_version": "eks.3"
    }
  ],
  "pods": [
    {
      "namespace": "shop",
      "service_account": "api",
      "mode": "pod_identity"
    }
  ]
}"#,
    },
    good: Example {
        policy: "",
        context: r#"{
  "clusters": [
    {
      "arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
      "version": "1.28",
      "platform_version": "eks.4"
    }
  ],
  "pods": [
    {
      "namespace": "shop",
      "service_account": "api",
      "mode": "pod_identity"
    }
  ]
}"#,
    },
    sources: &[
        POD_IDENTITY_PAGE,
        "Amazon EKS User Guide, EKS Pod Identity considerations (history of the page for versions before 1.28)",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    if subject.pod_identity_pods().next().is_none() {
        return;
    }
    for cluster in &subject.around.clusters {
        let (Some(version), Some(platform)) = (&cluster.version, &cluster.platform_version) else {
            continue;
        };
        if has_pod_identity(version, platform) == Some(false) {
            report.around(format!(
                "Cluster `{}` has Kubernetes {version} on platform version `{platform}`, which is older than EKS Pod Identity: its pods get no credentials from an \
                 association. Update the cluster.",
                cluster.arn.name
            ));
        }
    }
}

/// Whether a platform version has EKS Pod Identity; `None` if the versions are not written as EKS does.
fn has_pod_identity(version: &str, platform: &str) -> Option<bool> {
    let minor: u32 = version.strip_prefix("1.")?.parse().ok()?;
    let platform: u32 = platform.strip_prefix("eks.")?.parse().ok()?;
    Some(match minor {
        ..24 => false,
        24 => platform >= 13,
        25 => platform >= 10,
        26 => platform >= 9,
        27 => platform >= 8,
        28 => platform >= 4,
        29.. => true,
    })
}
