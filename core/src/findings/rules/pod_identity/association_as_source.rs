use super::examples::{ROLE_PAGE, SCOPED};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB211",
    slug: "association-as-source",
    title: "aws:SourceArn is the ARN of an association",
    severity: Severity::Error,
    fix: "Ask for the cluster, namespace and service account with `aws:RequestTag/…`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement for EKS Pod Identity asks for `aws:SourceArn` with the ARN of an association (`…:podidentityassociation/CLUSTER/ID`).",
    why: "EKS is not known to send that ARN, and pods of people who tried were refused.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {
      "StringEquals": {"aws:SourceAccount": "111122223333"},
      "ArnLike": {"aws:SourceArn": "arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/*"}
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
        "https://github.com/awslabs/mountpoint-s3-csi-driver/issues/781",
        ROLE_PAGE,
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for statement in subject.admissions() {
        for clause in statement.clauses() {
            // Another value beside it may be the one that holds.
            let is_association = |value: &String| value.contains(":podidentityassociation/");
            if clause.is_on("aws:SourceArn") && clause.asks() && clause.values.iter().all(is_association) {
                report.at(
                    &clause.path,
                    "The condition asks for the ARN of an association, which EKS is not known to send: pods are refused. Ask for \
                     `aws:RequestTag/eks-cluster-arn`, `aws:RequestTag/kubernetes-namespace` and `aws:RequestTag/kubernetes-service-account` instead.",
                );
            }
        }
    }
}
