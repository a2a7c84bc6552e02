use super::examples::POD_IDENTITY_PAGE;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::inventory::MOST_ASSOCIATIONS as MOST;

pub(super) const RULE: Rule = Rule {
    code: "PIB421",
    slug: "many-associations",
    title: "Cluster is close to its limit of associations",
    severity: Severity::Warning,
    fix: "Delete associations that nothing uses, spread workloads over clusters, or let some use IRSA, which has no such limit.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The cluster has nearly as many Pod Identity associations as EKS allows.",
    why: "A cluster takes 5,000, and Service Quotas offers no more. The next ones are refused with `ResourceLimitExceededException`.",
    bad: Example {
        policy: "",
        context: r#"{
  "clusters": [
    {
      "arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
      "association_count": 4900
    }
  ]
}"#,
    },
    good: Example {
        policy: "",
        context: r#"{
  "clusters": [
    {
      "arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
      "association_count": 1200
    }
  ]
}"#,
    },
    sources: &[
        POD_IDENTITY_PAGE,
        "Amazon EKS User Guide, View and manage Amazon EKS and Fargate service quotas",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for cluster in &subject.around.clusters {
        if let Some(count) = cluster.association_count.filter(|count| *count >= MOST / 10 * 9) {
            report.around(format!(
                "Cluster `{}` has {count} associations, and EKS takes {MOST}, which cannot be raised. Delete those that nothing uses, or let some workloads use \
                 IRSA.",
                cluster.arn.name
            ));
        }
    }
}
