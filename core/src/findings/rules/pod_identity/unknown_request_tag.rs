use super::examples::{SCOPED, TAGS_PAGE};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::rules::clause::{
    CLUSTER_ARN, CLUSTER_NAME, Clause, NAMESPACE, POD_NAME, POD_UID, SERVICE_ACCOUNT,
};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB210",
    slug: "unknown-request-tag",
    title: "Pod Identity trust asks for a tag that EKS does not send",
    severity: Severity::Error,
    fix: "Use one of the six names.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A condition is on `aws:RequestTag/…` of a name that is not among the six session tags of EKS Pod Identity.",
    why: "EKS sends `eks-cluster-arn`, `eks-cluster-name`, `kubernetes-namespace`, `kubernetes-service-account`, `kubernetes-pod-name` and \
          `kubernetes-pod-uid`, and takes no others. A condition on another name never holds, or guards nothing.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {"StringEquals": {
      "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
      "aws:RequestTag/kubernetes-namespace": "shop",
      "aws:RequestTag/kubernetes-serviceaccount": "api"
    }}
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: SCOPED,
        context: "",
    },
    sources: &[TAGS_PAGE],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for statement in subject.pod_statements() {
        for clause in statement.clauses() {
            let Some(name) = clause.after("aws:RequestTag/") else {
                continue;
            };
            if clause.tag().is_some() || name.contains("${") {
                continue;
            }
            let effect = if clause.asks() {
                "never holds, and the statement lets nobody in"
            } else {
                "guards nothing"
            };
            let meant = meant(name, &clause);
            let advice = meant.map_or_else(
                || "Use `eks-cluster-arn`, `kubernetes-namespace` or `kubernetes-service-account`.".to_owned(),
                |meant| format!("Use `aws:RequestTag/{meant}`."),
            );
            let found = report.at(
                &clause.path,
                format!("EKS sends no tag `{name}`, so the condition {effect}. {advice}"),
            );
            if let Some(meant) = meant {
                let edits = subject.edits().rename(&clause.path, &format!("aws:RequestTag/{meant}"));
                found.fixed_by(format!("Ask for `{meant}`"), edits.done());
            }
        }
    }
}

/// The tag that somebody meant, as far as its name tells.
fn meant(name: &str, clause: &Clause<'_>) -> Option<&'static str> {
    let letters: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    let has = |part: &str| letters.contains(part);
    if has("account") {
        has("service").then_some(SERVICE_ACCOUNT)
    } else if has("namespace") {
        Some(NAMESPACE)
    } else if has("cluster") {
        let arns = clause.values.iter().all(|value| value.starts_with("arn:"));
        Some(if arns { CLUSTER_ARN } else { CLUSTER_NAME })
    } else if has("uid") {
        Some(POD_UID)
    } else {
        has("pod").then_some(POD_NAME)
    }
}
