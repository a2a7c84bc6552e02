use super::examples::{SCOPED, TAGS_PAGE};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::rules::clause::{CLUSTER_ARN, CLUSTER_NAME, TAG_SESSION};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB207",
    slug: "cluster-by-name",
    title: "Pod Identity trust names the cluster without its region",
    severity: Severity::Warning,
    fix: "Ask for the ARN of the cluster with `aws:RequestTag/eks-cluster-arn`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement asks for `aws:RequestTag/eks-cluster-name` and not for `aws:RequestTag/eks-cluster-arn`.",
    why: "The name of a cluster is unique in its region only: one of the same name in another region gets the role as well.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {"StringEquals": {
      "aws:RequestTag/eks-cluster-name": "main",
      "aws:RequestTag/kubernetes-namespace": "shop",
      "aws:RequestTag/kubernetes-service-account": "api"
    }}
  }]
}"#,
        context: r#"{"clusters": [{"arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main"}]}"#,
    },
    good: Example {
        policy: SCOPED,
        context: "",
    },
    sources: &[TAGS_PAGE],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for statement in subject.admissions().filter(|one| one.allows(TAG_SESSION)) {
        if statement.mentions_tag(&[CLUSTER_ARN]) || statement.has_key("aws:SourceArn") {
            continue;
        }
        for clause in statement.on_tag(CLUSTER_NAME).filter(|clause| clause.asks()) {
            let found = report.at(
                &clause.path,
                "The statement names the cluster by its name alone, which a cluster in another region may have too. Ask for its ARN with \
                 `aws:RequestTag/eks-cluster-arn`.",
            );
            let mut named = subject
                .own_clusters()
                .filter(|cluster| clause.values.only() == Some(cluster.arn.name.as_str()));
            if let (Some(cluster), None) = (named.next(), named.next()) {
                let edits = subject
                    .edits()
                    .push(&statement.tag_path(CLUSTER_ARN), &cluster.arn.to_string())
                    .remove(&clause.path);
                found.fixed_by("Ask for the ARN of the cluster", edits.done());
            }
        }
    }
}
