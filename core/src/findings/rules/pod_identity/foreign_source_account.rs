use super::examples::SCOPED;
use crate::evaluate::is_like;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB213",
    slug: "foreign-source-account",
    title: "aws:SourceAccount is not the account of the role",
    severity: Severity::Error,
    fix: "Write the account of the role.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement for EKS Pod Identity asks for `aws:SourceAccount` of another account than the role's.",
    why: "EKS only takes roles of the cluster's own account, so the source is always in the account of the role: the condition never holds.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {"StringEquals": {
      "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
      "aws:RequestTag/kubernetes-namespace": "shop",
      "aws:RequestTag/kubernetes-service-account": "api",
      "aws:SourceAccount": "444455556666"
    }}
  }]
}"#,
        context: r#"{"role_arn": "arn:aws:iam::111122223333:role/api"}"#,
    },
    good: Example {
        policy: SCOPED,
        context: r#"{"role_arn": "arn:aws:iam::111122223333:role/api"}"#,
    },
    sources: &["Amazon EKS User Guide, Learn how EKS Pod Identity grants pods access to AWS services"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let Some(account) = subject.around.role_account() else {
        return;
    };
    for statement in subject.admissions() {
        for clause in statement.clauses() {
            if !clause.is_on("aws:SourceAccount") || !clause.asks() {
                continue;
            }
            let may_hold = clause
                .values
                .iter()
                .any(|value| value.contains("${") || is_like(account.as_str(), value));
            if may_hold {
                continue;
            }
            let found = report.at(
                &clause.path,
                format!(
                    "The role is in account `{account}`, which the condition does not name. EKS only takes roles of the cluster's own account, so it never \
                     holds and pods are refused. Write `{account}`."
                ),
            );
            let edits = subject.edits().set(&clause.path, account.as_str());
            found.fixed_by("Name the account of the role", edits.done());
        }
    }
}
