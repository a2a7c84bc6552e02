use super::examples::TARGET_PAGE;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::rules::clause::allows;
use crate::findings::subject::Subject;
use crate::findings::subject::statement_path;
use crate::policy::{Effect, PrincipalKind};

pub(super) const RULE: Rule = Rule {
    code: "PIB406",
    slug: "source-role-in-irsa",
    title: "Source role of a target role is also open to IRSA",
    severity: Severity::Security,
    fix: "Use the role for nothing but reaching the target role: take the statement away, and give pods on IRSA another role.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "Pods reach a target role through this role, and a statement of this role's trust policy admits tokens of IRSA as well.",
    why: "Through EKS Pod Identity pods get credentials of the target role only, and EKS says which pod it is. Pods with this role by IRSA hold its \
          own credentials: they assume the target role themselves, with whatever tags and external id they like.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {"Service": "pods.eks.amazonaws.com"},
      "Action": ["sts:AssumeRole", "sts:TagSession"],
      "Condition": {"StringEquals": {
        "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
        "aws:RequestTag/kubernetes-namespace": "shop",
        "aws:RequestTag/kubernetes-service-account": "api"
      }}
    },
    {
      "Effect": "Allow",
      "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E"},
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {"StringEquals": {
        "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E:aud": "sts.amazonaws.com",
        "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E:sub": "system:serviceaccount:shop:api"
      }}
    }
  ]
}"#,
        context: r#"{
  "role_arn": "arn:aws:iam::111122223333:role/api",
  "target_role_arn": "arn:aws:iam::444455556666:role/data"
}"#,
    },
    good: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {"StringEquals": {
      "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
      "aws:RequestTag/kubernetes-namespace": "shop",
      "aws:RequestTag/kubernetes-service-account": "api"
    }}
  }]
}"#,
        context: r#"{
  "role_arn": "arn:aws:iam::111122223333:role/api",
  "target_role_arn": "arn:aws:iam::444455556666:role/data"
}"#,
    },
    sources: &[TARGET_PAGE, "IAM User Guide, Pass session tags in AWS STS"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let around = subject.around;
    if around.target_role.is_none() && around.associations.iter().all(|one| one.target_role.is_none()) {
        return;
    }
    for (index, statement) in subject.statements() {
        let names_provider = statement.principals.as_ref().is_some_and(|principals| {
            !principals.except
                && principals
                    .of_kind(&PrincipalKind::Federated)
                    .any(|name| name.contains(":oidc-provider/"))
        });
        if statement.effect == Effect::Allow && names_provider && allows(statement, "sts:AssumeRoleWithWebIdentity") {
            report.at(
                &statement_path(index),
                "Pods with a token get this role itself, may assume its target role, and choose the tags and the external id by which the target role tells \
                 pods apart. Keep the role for the target role alone, and give these pods another one.",
            );
        }
    }
}
