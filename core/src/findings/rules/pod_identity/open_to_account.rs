use super::examples::{ACCOUNT_WIDE, ROLE_PAGE, SCOPED};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::rules::clause::{CLUSTER_ARN, NAMESPACE, SERVICE_ACCOUNT, TAG_SESSION};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB203",
    slug: "open-to-account",
    title: "Pod Identity trust is open to every association of the account",
    severity: Severity::Security,
    fix: "Add `StringEquals` on `aws:RequestTag/eks-cluster-arn`, `aws:RequestTag/kubernetes-namespace` and \
          `aws:RequestTag/kubernetes-service-account`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement lets `pods.eks.amazonaws.com` assume the role and does not say for which cluster, namespace or service account. \
           `aws:SourceAccount` and conditions on the organization narrow nothing here: EKS only takes roles of the cluster's own account.",
    why: "Whoever may create an association and pass the role can hand it to any pod of any cluster in the account. IRSA would have named the service \
          account.",
    bad: Example {
        policy: ACCOUNT_WIDE,
        context: r#"{
  "clusters": [{"arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main"}],
  "pods": [{"namespace": "shop", "service_account": "api"}]
}"#,
    },
    good: Example {
        policy: SCOPED,
        context: "",
    },
    sources: &[
        ROLE_PAGE,
        "https://github.com/awsdocs/amazon-eks-user-guide/pull/1047",
        "https://github.com/terraform-aws-modules/terraform-aws-eks-pod-identity/issues/11",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let around = subject.around;
    if around.sends_tags() == Some(false) || subject.may_deny_pods() {
        return;
    }
    let is_guarded = subject.tagging_alone_is_guarded();
    for statement in subject.admissions().filter(|one| one.is_open()) {
        // It is open to associations without session tags only: another rule says so.
        if is_guarded && !statement.allows(TAG_SESSION) {
            continue;
        }
        let has = if statement.conditions.is_empty() {
            "has no condition"
        } else {
            "has only conditions that hold for all of them"
        };
        let start = if statement.is_misspelt() {
            "Once its principal is spelt right, the"
        } else {
            "The"
        };
        let found = report.at(
            &statement.path(),
            format!(
                "{start} statement {has}, so every association of the account may use the role: any pod of any cluster to which somebody hands it. Add \
                 `StringEquals` on `aws:RequestTag/eks-cluster-arn`, `aws:RequestTag/kubernetes-namespace` and \
                 `aws:RequestTag/kubernetes-service-account`."
            ),
        );
        // Of one pod only: two namespaces and two service accounts would be four.
        let [pod] = around.pods.as_slice() else { continue };
        let edits = subject.own_clusters().fold(subject.edits(), |edits, cluster| {
            edits.push(&statement.tag_path(CLUSTER_ARN), &cluster.arn.to_string())
        });
        if subject.own_clusters().next().is_none() {
            continue;
        }
        let edits = edits
            .push(&statement.tag_path(NAMESPACE), &pod.namespace)
            .push(&statement.tag_path(SERVICE_ACCOUNT), &pod.service_account);
        found.fixed_by("Ask for cluster, namespace and service account", edits.done());
    }
}
