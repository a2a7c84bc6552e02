use super::examples::POD_IDENTITY_PAGE;
use super::view::{Taken, fargate_profiles};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB415",
    slug: "fargate",
    title: "Pods on Fargate get no credentials from Pod Identity",
    severity: Severity::Error,
    fix: "Use IRSA for pods on Fargate, or take the namespace out of the profile.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The namespace is bound by EKS Pod Identity, and a Fargate profile takes all pods of it.",
    why: "EKS Pod Identity works on EC2 nodes that run Linux. On Fargate there is no agent, and pods get no credentials.",
    bad: Example {
        policy: "",
        context: r#"{
  "clusters": [
    {
      "arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
      "fargate_profiles": [
        {
          "name": "shop",
          "selectors": [
            {
              "namespace": "shop"
            }
          ]
        }
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
      "fargate_profiles": [
        {
          "name": "shop",
          "selectors": [
            {
              "namespace": "shop"
            }
          ]
        }
      ]
    }
  ],
  "pods": [
    {
      "namespace": "shop",
      "service_account": "api",
      "mode": "irsa"
    }
  ]
}"#,
    },
    sources: &[POD_IDENTITY_PAGE],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (pod, profile, taken) in fargate_profiles(subject) {
        if taken == Taken::All {
            report.around(format!(
                "Fargate profile `{}` takes all pods of namespace `{}`, and EKS Pod Identity does not work on Fargate: pods with service account `{}` get no \
                 credentials. Use IRSA for them, or take the namespace out of the profile.",
                profile.name, pod.namespace, pod.service_account
            ));
        }
    }
}
