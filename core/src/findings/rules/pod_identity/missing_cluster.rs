use super::examples::{SCOPED, TAGS_PAGE};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::rules::clause::{CLUSTER_ARN, CLUSTER_NAME, NAMESPACE, SERVICE_ACCOUNT, TAG_SESSION};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB205",
    slug: "missing-cluster",
    title: "Pod Identity trust names a namespace of any cluster",
    severity: Severity::Warning,
    fix: "Add `StringEquals` on `aws:RequestTag/eks-cluster-arn`, with every cluster that is meant.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement asks for the namespace or the service account, and not for the cluster.",
    why: "Names repeat: the same namespace in a test cluster of the account gets the role as well, and whoever runs that cluster decides who is in it.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {"StringEquals": {
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
    if subject.may_deny_pods() {
        return;
    }
    for statement in subject.admissions().filter(|one| one.allows(TAG_SESSION)) {
        let names_cluster = statement.mentions_tag(&[CLUSTER_ARN, CLUSTER_NAME]) || statement.has_key("aws:SourceArn");
        if statement.asks_for_tag(&[NAMESPACE, SERVICE_ACCOUNT]) && !names_cluster {
            let found = report.at(
                &statement.path(),
                "The statement says which namespace or service account, and not of which cluster: the same name in any other cluster of the account is let in \
                 too. Add `StringEquals` on `aws:RequestTag/eks-cluster-arn`.",
            );
            let clusters = subject.own_clusters();
            let edits = clusters.fold(subject.edits(), |edits, cluster| {
                edits.push(&statement.tag_path(CLUSTER_ARN), &cluster.arn.to_string())
            });
            found.fixed_by("Ask for the cluster", edits.done());
        }
    }
}
