use super::examples::{SCOPED, TAGS_PAGE};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::rules::clause::CLUSTER_ARN;
use crate::findings::subject::Subject;
use crate::ids::ClusterArn;

pub(super) const RULE: Rule = Rule {
    code: "PIB212",
    slug: "cluster-as-source",
    title: "aws:SourceArn of a cluster is not documented for Pod Identity",
    severity: Severity::Suggestion,
    fix: "Ask for `aws:RequestTag/eks-cluster-arn` instead. With session tags switched off there is no other way: try it with one pod first.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement for EKS Pod Identity asks for `aws:SourceArn` with the ARN of a cluster.",
    why: "Public configurations use it and report that it works; no page of AWS says which value EKS sends. The session tag `eks-cluster-arn` is \
          documented and says the same.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {
      "ArnEquals": {"aws:SourceArn": "arn:aws:eks:eu-west-1:111122223333:cluster/main"},
      "StringEquals": {
        "aws:RequestTag/kubernetes-namespace": "shop",
        "aws:RequestTag/kubernetes-service-account": "api"
      }
    }
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: SCOPED,
        context: "",
    },
    sources: &[
        TAGS_PAGE,
        "https://github.com/terraform-aws-modules/terraform-aws-eks/pull/3743",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let has_tags = subject.around.sends_tags() != Some(false);
    let advice = if has_tags {
        "Ask for `aws:RequestTag/eks-cluster-arn` instead, which is documented."
    } else {
        "Session tags are off, so there is nothing else to ask for: try it with one pod first."
    };
    for statement in subject.admissions() {
        for clause in statement.clauses() {
            let is_cluster = |value: &String| value.contains(":eks:") && value.contains(":cluster/");
            if clause.is_on("aws:SourceArn") && clause.asks() && clause.values.iter().any(is_cluster) {
                let found = report.at(
                    &clause.path,
                    format!(
                        "The condition asks for the ARN of a cluster as source. It is reported to work, and AWS does not document which value EKS sends. \
                         {advice}"
                    ),
                );
                if has_tags && clause.values.iter().all(|value| is_meant(value, subject)) {
                    let edits = subject.edits().transfer(&clause.path, &statement.tag_path(CLUSTER_ARN));
                    found.fixed_by("Ask for the cluster as request tag", edits.done());
                }
            }
        }
    }
}

/// Whether this is the ARN of a cluster that can be meant, as far as that is known.
fn is_meant(value: &str, subject: &Subject<'_>) -> bool {
    let around = subject.around;
    value.parse::<ClusterArn>().is_ok_and(|arn| {
        around.role_account().is_none_or(|account| *account == arn.account)
            && (around.clusters.is_empty() || around.clusters.iter().any(|cluster| cluster.arn == arn))
    })
}
