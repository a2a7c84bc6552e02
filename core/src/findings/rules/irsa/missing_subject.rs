use crate::findings::finding::Report;
use crate::findings::rule::{Example, Rule, Severity};
use crate::findings::subject::{Subject, condition_key_path};
use crate::policy::Effect;

pub(super) const RULE: Rule = Rule {
    code: "PIB101",
    slug: "missing-subject",
    title: "IRSA trust does not say which service account",
    severity: Severity::Security,
    what: "A statement lets tokens of a cluster's OIDC issuer in and has no condition on the `sub` claim, which names namespace and service account.",
    why: "Every pod of the cluster may become the role: whoever can create a pod in any namespace has its permissions.",
    fix: "Add `StringEquals` on `ISSUER:sub` with `system:serviceaccount:NAMESPACE:SERVICE_ACCOUNT`.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E"},
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {"StringEquals": {
      "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E:aud": "sts.amazonaws.com"
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
    "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E"},
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {"StringEquals": {
      "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E:aud": "sts.amazonaws.com",
      "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E:sub": "system:serviceaccount:shop:api"
    }}
  }]
}"#,
        context: "",
    },
    sources: &["Amazon EKS User Guide, Assign IAM roles to Kubernetes service accounts"],
    check,
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for statement in subject.irsa_statements() {
        if statement.effect != Effect::Allow || statement.claim_conditions("sub").next().is_some() {
            continue;
        }
        let key = statement.key_of("sub");
        let found = report.statement(
            statement.index,
            format!(
                "The statement lets in every token of `{}`: no condition asks for its `sub` claim, so every pod of the cluster may become the role. \
                 Add `StringEquals` on `{key}` with `system:serviceaccount:NAMESPACE:SERVICE_ACCOUNT`.",
                statement.issuer,
            ),
        );
        let path = condition_key_path(statement.index, "StringEquals", &key);
        let pods = subject.around.pods.iter();
        let edits = pods.fold(subject.edits(), |edits, pod| {
            edits.push(
                &path,
                &format!("system:serviceaccount:{}:{}", pod.namespace, pod.service_account),
            )
        });
        found.fixed_by("Name the service account", edits.done());
    }
}
