use super::examples::POD_IDENTITY_PAGE;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB425",
    slug: "node-permission",
    title: "Nodes may not ask for credentials of pods",
    severity: Severity::Error,
    fix: "Attach `AmazonEKSWorkerNodePolicy` or `AmazonEKSWorkerNodeMinimalPolicy` to the role of the nodes.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "Pods are bound by EKS Pod Identity, and the policies of a role of the cluster's nodes do not allow `eks-auth:AssumeRoleForPodIdentity`.",
    why: "The agent on a node exchanges the token of a pod for credentials with the role of the node. Without the permission it is refused, and pods on that node get none.",
    bad: Example {
        policy: "",
        context: r#"{
  "clusters": [
    {
      "arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
      "refused_node_role_arns": [
        "arn:aws:iam::111122223333:role/nodes"
      ]
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
      "refused_node_role_arns": []
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
    sources: &[POD_IDENTITY_PAGE, "Amazon EKS User Guide, Amazon EKS node IAM role"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    if subject.pod_identity_pods().next().is_none() {
        return;
    }
    for cluster in &subject.around.clusters {
        for role in &cluster.refused_node_roles {
            report.around(format!(
                "Nodes of cluster `{}` have role `{role}`, whose policies do not allow `eks-auth:AssumeRoleForPodIdentity`: the agent on them gets no credentials \
                 for pods. Attach `AmazonEKSWorkerNodePolicy` or `AmazonEKSWorkerNodeMinimalPolicy` to it.",
                cluster.arn.name
            ));
        }
    }
}
