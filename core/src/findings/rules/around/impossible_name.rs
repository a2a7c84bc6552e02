use super::examples::POD_IDENTITY_PAGE;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::ids::{Namespace, ServiceAccount};

pub(super) const RULE: Rule = Rule {
    code: "PIB410",
    slug: "impossible-name",
    title: "Kubernetes takes no such name",
    severity: Severity::Error,
    fix: "Write the name as Kubernetes has it: lower-case letters, digits and hyphens, for a service account dots as well.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A namespace or service account that is bound has a name that Kubernetes refuses, or a wildcard where EKS Pod Identity needs a name.",
    why: "There will never be such pods. EKS need not refuse the association, because it asks for neither to exist.",
    bad: Example {
        policy: "",
        context: r#"{
  "pods": [
    {
      "namespace": "Shop",
      "service_account": "api"
    }
  ]
}"#,
    },
    good: Example {
        policy: "",
        context: r#"{
  "pods": [
    {
      "namespace": "shop",
      "service_account": "api"
    }
  ]
}"#,
    },
    sources: &["Kubernetes documentation, Object Names and IDs", POD_IDENTITY_PAGE],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for pod in &subject.around.pods {
        if let Err(error) = pod.namespace.parse::<Namespace>() {
            report.around(format!(
                "`{}` cannot be the name of a namespace: {error}.",
                pod.namespace
            ));
        }
        match pod.service_account.parse::<ServiceAccount>() {
            Err(error) => {
                report.around(format!(
                    "`{}` cannot be the name of a service account: {error}.",
                    pod.service_account
                ));
            }
            Ok(name) if name.is_pattern() && pod.mode.is_some_and(|mode| mode.uses_pod_identity()) => {
                report.around(format!(
                    "`{name}` has a wildcard, and an association of EKS Pod Identity is for exactly one service account. Write its name, or use IRSA."
                ));
            }
            Ok(_) => {}
        }
    }
}
