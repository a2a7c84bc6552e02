use super::examples::{SCOPED, TAGS_PAGE};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::rules::clause::{NAMESPACE, SERVICE_ACCOUNT, TAG_SESSION};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB206",
    slug: "missing-namespace",
    title: "Pod Identity trust names a service account of any namespace",
    severity: Severity::Security,
    fix: "Add `StringEquals` on `aws:RequestTag/kubernetes-namespace`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement asks for the service account and not for the namespace.",
    why: "Whoever may create a service account in any namespace chooses its name. The condition looks as if it named one workload and does not.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {"StringEquals": {
      "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
      "aws:RequestTag/kubernetes-service-account": "api"
    }}
  }]
}"#,
        context: r#"{"pods": [{"namespace": "shop", "service_account": "api"}]}"#,
    },
    good: Example {
        policy: SCOPED,
        context: "",
    },
    sources: &[TAGS_PAGE],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    if subject.may_deny_pods() {
        return;
    }
    for statement in subject.admissions().filter(|one| one.allows(TAG_SESSION)) {
        if statement.mentions_tag(&[NAMESPACE]) {
            continue;
        }
        let asked = statement
            .on_tag(SERVICE_ACCOUNT)
            .find(|clause| clause.asks() && !clause.values.iter().any(|value| value == "*"));
        if let Some(clause) = asked {
            let found = report.at(
                &clause.path,
                "The statement says which service account, and not in which namespace: one of that name in any namespace is let in. Add `StringEquals` on \
                 `aws:RequestTag/kubernetes-namespace`.",
            );
            if let [pod] = subject.around.pods.as_slice()
                && clause.values.only() == Some(&pod.service_account)
            {
                let edits = subject.edits().push(&statement.tag_path(NAMESPACE), &pod.namespace);
                found.fixed_by("Ask for the namespace", edits.done());
            }
        }
    }
}
