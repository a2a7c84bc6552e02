use super::examples::POD_IDENTITY_PAGE;
use super::view::{Taken, fargate_profiles};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB416",
    slug: "fargate-in-part",
    title: "Some pods may run on Fargate, where Pod Identity does not work",
    severity: Severity::Warning,
    fix: "Give pods on Fargate a service account of their own, and use IRSA for it.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A Fargate profile takes pods of the namespace that have certain labels; or it takes all of them, and they are bound both ways.",
    why: "EKS Pod Identity does not work on Fargate. Pods that the profile takes get no credentials from their association, and while there is one, \
          pods are set up for it rather than for IRSA.",
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
              "namespace": "shop",
              "labels": {
                "compute": "fargate"
              }
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
              "namespace": "store",
              "labels": {
                "compute": "fargate"
              }
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
    sources: &[
        POD_IDENTITY_PAGE,
        "https://github.com/aws/containers-roadmap/issues/2274",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (pod, profile, taken) in fargate_profiles(subject) {
        if taken == Taken::Some {
            report.around(format!(
                "Fargate profile `{}` may take pods of namespace `{}`, and EKS Pod Identity does not work on Fargate. Give pods on Fargate another service account \
                 than `{}`, and use IRSA for it.",
                profile.name, pod.namespace, pod.service_account
            ));
        }
    }
}
