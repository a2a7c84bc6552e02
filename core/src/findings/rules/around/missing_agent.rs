use super::examples::POD_IDENTITY_PAGE;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB424",
    slug: "missing-agent",
    title: "Cluster has no EKS Pod Identity agent",
    severity: Severity::Error,
    fix: "Install the add-on `eks-pod-identity-agent`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "Pods are bound by EKS Pod Identity, and the nodes of their cluster have no agent: neither is the add-on `eks-pod-identity-agent` installed, nor does the cluster run in EKS Auto Mode, where it is built in. An agent that was installed without EKS, for instance from its chart, does not show.",
    why: "Pods with an association are told to ask the agent on their node for credentials. Where there is none, nobody answers, and IRSA is not tried.",
    bad: Example {
        policy: "",
        context: r#"{
  "clusters": [
    {
      "arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
      "pod_identity_agent": false
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
      "pod_identity_agent": true
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
        "Amazon EKS User Guide, Set up the Amazon EKS Pod Identity Agent",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    if subject.pod_identity_pods().next().is_none() {
        return;
    }
    for cluster in subject
        .around
        .clusters
        .iter()
        .filter(|cluster| cluster.agent == Some(false))
    {
        report.around(format!(
            "Cluster `{}` has no add-on `eks-pod-identity-agent`, and it does not run in EKS Auto Mode: pods with an association find nobody who gives them \
             credentials. Install the add-on (resource `pod_identity_agent`).",
            cluster.arn.name
        ));
    }
}
