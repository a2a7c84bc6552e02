use super::view::{Mechanism, mechanisms};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::findings::subject::statement_path;
use crate::policy::Effect;

pub(super) const RULE: Rule = Rule {
    code: "PIB317",
    slug: "mixed-principals",
    title: "One statement for principals of several kinds",
    severity: Severity::Warning,
    fix: "Write a statement for each of these kinds.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement names principals that get the role in different ways: pods by EKS Pod Identity, other services, tokens of an identity provider, or identities of AWS.",
    why: "Actions and conditions apply to all of them alike. A condition that one of them can meet keeps the other out, and what is opened for one is open for the other.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {
      "Service": "pods.eks.amazonaws.com",
      "AWS": "arn:aws:iam::111122223333:role/deploy"
    },
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {"StringEquals": {
      "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
      "aws:RequestTag/kubernetes-namespace": "shop",
      "aws:RequestTag/kubernetes-service-account": "api"
    }}
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {"StringEquals": {
      "aws:SourceAccount": "111122223333",
      "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
      "aws:RequestTag/kubernetes-namespace": "shop",
      "aws:RequestTag/kubernetes-service-account": "api"
    }}
  }, {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole"
  }]
}"#,
        context: "",
    },
    sources: &["IAM User Guide, AWS global condition context keys: availability of each key"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (index, statement) in subject.statements() {
        let Some(mechanisms) = mechanisms(statement).filter(|_| statement.effect == Effect::Allow) else {
            continue;
        };
        if mechanisms.len() > 1 {
            let names: Vec<&str> = mechanisms.iter().map(|mechanism| name(*mechanism)).collect();
            report.at(
                &statement_path(index).with_attribute("Principal"),
                format!(
                    "The statement is for {}: its actions and conditions apply to all of them, though their requests carry different keys. Write one \
                     statement for each.",
                    names.join(" and ")
                ),
            );
        }
    }
}

const fn name(mechanism: Mechanism) -> &'static str {
    match mechanism {
        Mechanism::PodIdentity => "EKS Pod Identity",
        Mechanism::Service => "other AWS services",
        Mechanism::Irsa => "IRSA",
        Mechanism::WebIdentity => "tokens of other OIDC providers",
        Mechanism::Saml => "SAML assertions",
        Mechanism::Identity => "users, roles or accounts",
    }
}
