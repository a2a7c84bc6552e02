use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::mode::Mode;

pub(super) const RULE: Rule = Rule {
    code: "PIB413",
    slug: "annotation-mismatch",
    title: "Annotation for IRSA names another role",
    severity: Severity::Error,
    fix: "Annotate the service account with `eks.amazonaws.com/role-arn` and the ARN of this role, and restart its pods.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "Pods are meant to have this role by IRSA, and the annotation of their service account names another.",
    why: "The webhook hands the role of the annotation to pods, so they ask for that one.",
    bad: Example {
        policy: "",
        context: r#"{
  "role_arn": "arn:aws:iam::111122223333:role/api",
  "pods": [
    {
      "namespace": "shop",
      "service_account": "api",
      "mode": "irsa",
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
      "mode": "irsa",
      "annotated_role_arn": "arn:aws:iam::111122223333:role/api"
    }
  ]
}"#,
    },
    sources: &["Amazon EKS User Guide, Assign IAM roles to Kubernetes service accounts"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let Some(role) = &subject.around.role else { return };
    for pod in subject.around.pods.iter().filter(|pod| pod.mode == Some(Mode::Irsa)) {
        if let Some(other) = pod.annotation.as_ref().filter(|other| *other != role) {
            report.around(format!(
                "Service account `{}` in `{}` is annotated with `{other}`, so its pods ask for that role and not for `{role}`. Change the annotation \
                 `eks.amazonaws.com/role-arn`, and restart the pods.",
                pod.service_account, pod.namespace
            ));
        }
    }
}
