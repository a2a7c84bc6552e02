use super::examples::SCOPED;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::rules::clause::CLUSTER_ARN;
use crate::findings::subject::Subject;
use crate::ids::{AccountId, ClusterArn};

pub(super) const RULE: Rule = Rule {
    code: "PIB221",
    slug: "role-in-other-account",
    title: "Role and cluster of Pod Identity are in different accounts",
    severity: Severity::Error,
    fix: "Use a role in the cluster's account, and give the other one as target role; or use IRSA, with an OIDC provider in the role's account.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The role that pods get through EKS Pod Identity is in another account than their cluster.",
    why: "EKS only takes roles of the cluster's own account for an association.",
    bad: Example {
        policy: SCOPED,
        context: r#"{"role_arn": "arn:aws:iam::444455556666:role/api"}"#,
    },
    good: Example {
        policy: SCOPED,
        context: r#"{"role_arn": "arn:aws:iam::111122223333:role/api"}"#,
    },
    sources: &[
        "Amazon EKS User Guide, Learn how EKS Pod Identity grants pods access to AWS services",
        "Amazon EKS User Guide, Access AWS resources using EKS Pod Identity target IAM roles",
    ],
};

const ADVICE: &str = "EKS Pod Identity only takes roles of the cluster's account: use one there, with this one as its target role, or IRSA.";

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let Some(account) = subject.around.role_account() else {
        return;
    };
    if subject.is_irsa_only() {
        return;
    }
    let mut found = false;
    for statement in subject.admissions() {
        for clause in statement.on_tag(CLUSTER_ARN).filter(|clause| clause.asks()) {
            // A value that cannot be told may be of the right account.
            let accounts: Option<Vec<AccountId>> = clause
                .values
                .iter()
                .map(|value| Some(value.parse::<ClusterArn>().ok()?.account))
                .collect();
            let Some(foreign) = accounts.filter(|all| all.iter().all(|one| one != account)) else {
                continue;
            };
            let Some(other) = foreign.first() else { continue };
            found = true;
            report.at(
                &clause.path,
                format!("The cluster is in account `{other}` and the role in `{account}`. {ADVICE}"),
            );
        }
    }
    let clusters = &subject.around.clusters;
    let uses_pod_identity = !subject.around.associations.is_empty()
        || subject
            .around
            .pods
            .iter()
            .any(|pod| pod.mode.is_some_and(|mode| mode.uses_pod_identity()));
    let Some(cluster) = clusters.first().filter(|_| uses_pod_identity && !found) else {
        return;
    };
    if clusters.iter().all(|cluster| cluster.arn.account != *account) {
        report.around(format!(
            "Cluster `{}` is in account `{}` and the role in `{account}`. {ADVICE}",
            cluster.arn.name, cluster.arn.account
        ));
    }
}
