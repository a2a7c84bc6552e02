use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::findings::subject::statement_path;
use crate::policy::{Effect, Operator, Statement, Strings, Test};

pub(super) const RULE: Rule = Rule {
    code: "PIB354",
    slug: "cross-product",
    title: "Lists of namespaces and service accounts let in every pair",
    severity: Severity::Warning,
    fix: "Write a statement for each namespace, with its own service accounts.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement lists several namespaces and several service accounts. Each of the conditions holds on its own, so every service account of the list is let in from every namespace of the list.",
    why: "Pairs that nobody meant are let in: whoever may create a service account of that name in one of the namespaces becomes the role.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {"StringEquals": {
      "aws:SourceAccount": "111122223333",
      "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
      "aws:RequestTag/kubernetes-namespace": ["shop", "billing"],
      "aws:RequestTag/kubernetes-service-account": ["api", "worker"]
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
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {"StringEquals": {
      "aws:SourceAccount": "111122223333",
      "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
      "aws:RequestTag/kubernetes-namespace": "billing",
      "aws:RequestTag/kubernetes-service-account": "worker"
    }}
  }]
}"#,
        context: "",
    },
    sources: &["IAM User Guide, Conditions with multiple context keys or values"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (index, statement) in subject.statements() {
        let lists = (values(statement, "namespace"), values(statement, "service-account"));
        let (Effect::Allow, (Some(namespaces), Some(accounts))) = (statement.effect, lists) else {
            continue;
        };
        // Where the pods that are meant are known, every pair may be meant.
        let is_meant = |namespace: &String, account: &String| {
            subject
                .around
                .pods
                .iter()
                .any(|pod| pod.namespace == *namespace && pod.service_account == *account)
        };
        if namespaces
            .iter()
            .all(|namespace| accounts.iter().all(|account| is_meant(namespace, account)))
        {
            continue;
        }
        let (rows, columns) = (namespaces.as_slice().len(), accounts.as_slice().len());
        report.at(
            &statement_path(index).with_attribute("Condition"),
            format!(
                "{rows} namespaces and {columns} service accounts are listed, and all {} pairs of them are let in, meant or not. Write a statement for \
                 each namespace, with its own service accounts.",
                rows.saturating_mul(columns)
            ),
        );
    }
}

/// The names that are asked for, if there are several.
fn values<'s>(statement: &'s Statement, name: &str) -> Option<&'s Strings> {
    let key = format!("aws:RequestTag/kubernetes-{name}");
    let asks = |operator: &str| {
        operator
            .parse::<Operator>()
            .is_ok_and(|operator| matches!(operator.test, Test::StringEquals | Test::StringLike))
    };
    statement
        .conditions
        .iter()
        .find(|condition| condition.key.eq_ignore_ascii_case(&key) && asks(&condition.operator))
        .map(|condition| &condition.values)
        .filter(|values| values.as_slice().len() > 1)
}
