use super::examples::TARGET_PAGE;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB423",
    slug: "target-outside-pod-identity",
    title: "Target role needs EKS Pod Identity alone",
    severity: Severity::Error,
    fix: "Use mode `pod_identity`, or let the role in the other account trust an OIDC provider of its own account.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "There is a target role, and pods are meant to get credentials by IRSA, alone or as well.",
    why: "EKS reaches the target role for associations only. Pods on IRSA get this role itself and none of the target's permissions.",
    bad: Example {
        policy: "",
        context: r#"{
  "target_role_arn": "arn:aws:iam::444455556666:role/data",
  "pods": [
    {
      "namespace": "shop",
      "service_account": "api",
      "mode": "irsa"
    }
  ]
}"#,
    },
    good: Example {
        policy: "",
        context: r#"{
  "target_role_arn": "arn:aws:iam::444455556666:role/data",
  "pods": [
    {
      "namespace": "shop",
      "service_account": "api",
      "mode": "pod_identity"
    }
  ]
}"#,
    },
    sources: &[TARGET_PAGE],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let Some(target) = &subject.around.target_role else {
        return;
    };
    for pod in &subject.around.pods {
        if pod.mode.is_some_and(|mode| mode.uses_irsa()) {
            report.around(format!(
                "Pods with service account `{}` in `{}` use IRSA, and `{target}` is reached by EKS Pod Identity only: they would get this role itself. Use mode \
                 `pod_identity`, or let the other role trust an OIDC provider in its own account.",
                pod.service_account, pod.namespace
            ));
        }
    }
}
