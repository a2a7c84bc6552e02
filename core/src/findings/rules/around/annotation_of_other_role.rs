use super::examples::POD_IDENTITY_PAGE;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB412",
    slug: "annotation-of-other-role",
    title: "Service account has two roles",
    severity: Severity::Warning,
    fix: "Decide for one: remove the annotation, or delete the association.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The service account is bound to one role by EKS Pod Identity, and its annotation for IRSA names another.",
    why: "Pods have the role of the association or the role of the annotation, depending on when they were started and on what their template sets.",
    bad: Example {
        policy: "",
        context: r#"{
  "role_arn": "arn:aws:iam::111122223333:role/api",
  "pods": [
    {
      "namespace": "shop",
      "service_account": "api",
      "mode": "pod_identity",
      "annotated_role_arn": "arn:aws:iam::111122223333:role/old-api"
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
    sources: &[
        "https://github.com/aws/amazon-eks-pod-identity-webhook/issues/264",
        POD_IDENTITY_PAGE,
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let Some(role) = &subject.around.role else { return };
    for pod in subject.pod_identity_pods() {
        if let Some(other) = pod.annotation.as_ref().filter(|other| *other != role) {
            report.around(format!(
                "Service account `{}` in `{}` is bound to `{role}` by EKS Pod Identity and annotated with `{other}` for IRSA. New pods get the first and older \
                 ones may have the second. Remove the annotation, or delete the association.",
                pod.service_account, pod.namespace
            ));
        }
    }
}
