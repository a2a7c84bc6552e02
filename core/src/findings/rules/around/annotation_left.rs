use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::mode::Mode;

pub(super) const RULE: Rule = Rule {
    code: "PIB411",
    slug: "annotation-left",
    title: "Service account still has its annotation for IRSA",
    severity: Severity::Suggestion,
    fix: "Remove the annotation once all pods have been restarted.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The service account is bound by EKS Pod Identity and still has the annotation `eks.amazonaws.com/role-arn`.",
    why: "New pods use the association, so the annotation does nothing but mislead: whoever reads it takes the workload for one on IRSA, and pods \
          become IRSA pods again if the association goes away.",
    bad: Example {
        policy: "",
        context: r#"{
  "role_arn": "arn:aws:iam::111122223333:role/api",
  "pods": [
    {
      "namespace": "shop",
      "service_account": "api",
      "mode": "pod_identity",
      "annotated_role_arn": "arn:aws:iam::111122223333:role/api"
    }
  ]
}"#,
    },
    good: Example {
        policy: "",
        context: r#"{
  "role_arn": "arn:aws:iam::111122223333:role/api",
  "pods": [
    {
      "namespace": "shop",
      "service_account": "api",
      "mode": "pod_identity"
    }
  ]
}"#,
    },
    sources: &["https://github.com/aws/amazon-eks-pod-identity-webhook/issues/264"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for pod in &subject.around.pods {
        if pod.mode == Some(Mode::PodIdentity) && pod.annotation.is_some() && pod.annotation == subject.around.role {
            report.around(format!(
                "Service account `{}` in `{}` is bound by EKS Pod Identity and still has the annotation `eks.amazonaws.com/role-arn` for IRSA. Remove it once \
                 all pods have been restarted.",
                pod.service_account, pod.namespace
            ));
        }
    }
}
