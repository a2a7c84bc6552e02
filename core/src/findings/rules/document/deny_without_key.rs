use tfmodel::order;

use super::view::{ConditionView, Mechanism, is_for_everybody, mechanisms};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::findings::subject::condition_key_path;
use crate::policy::{Effect, Statement, Test};

pub(super) const RULE: Rule = Rule {
    code: "PIB335",
    slug: "deny-without-key",
    title: "Deny stops everybody whose requests lack a key",
    severity: Severity::Error,
    fix: "For EKS Pod Identity, add `BoolIfExists` on `aws:PrincipalIsAWSService` with `false`, so that calls of AWS services are left alone. For IRSA, name in the `Deny` the actions or principals that it is about, such as `sts:AssumeRole`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A `Deny` tests a key with a negated operator, such as `StringNotEquals`, or with `IfExists`. Such a test also holds for a request that does not carry the key, and the requests by which pods get this role never carry it.",
    why: "A `Deny` beats every `Allow`: pods that other statements let in are refused.",
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
      "aws:RequestTag/kubernetes-namespace": "shop",
      "aws:RequestTag/kubernetes-service-account": "api"
    }}
  }, {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sts:AssumeRole",
    "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
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
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sts:AssumeRole",
    "Condition": {
      "StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
      "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}
    }
  }]
}"#,
        context: "",
    },
    sources: &[
        "IAM User Guide, IAM JSON policy elements: Condition operators",
        "IAM User Guide, AWS global condition context keys: aws:PrincipalIsAWSService",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let pods = subject
        .statements()
        .filter(|(_, statement)| statement.effect == Effect::Allow)
        .filter_map(|(_, statement)| mechanisms(statement))
        .flatten()
        .filter(|mechanism| {
            matches!(
                mechanism,
                Mechanism::PodIdentity | Mechanism::Irsa | Mechanism::WebIdentity
            )
        });
    let pods = order::distinct(pods);
    for (index, statement) in subject.statements() {
        if statement.effect != Effect::Deny {
            continue;
        }
        for mechanism in &pods {
            let all: Vec<ConditionView<'_>> = statement
                .conditions
                .iter()
                .map(|condition| ConditionView::new(index, statement, condition))
                .collect();
            let Some(first) = all.first() else {
                continue;
            };
            let hits = is_about(statement, *mechanism)
                && statement.covers(mechanism.action())
                && all.iter().all(|condition| holds_without(condition, *mechanism));
            if !hits {
                continue;
            }
            let (cure, service) = match mechanism {
                Mechanism::PodIdentity => ("Add `BoolIfExists` on `aws:PrincipalIsAWSService` with `false`.", true),
                Mechanism::Irsa
                | Mechanism::WebIdentity
                | Mechanism::Service
                | Mechanism::Saml
                | Mechanism::Identity => ("Name in the `Deny` the actions or principals that it is about.", false),
            };
            let path = condition_key_path(index, "BoolIfExists", "aws:PrincipalIsAWSService");
            let edits = if service {
                subject.edits().set(&path, "false").done()
            } else {
                Vec::new()
            };
            report
                .at(
                    &first.path(),
                    format!(
                        "`{}` also holds where `{}` is missing, and {} never carries it: the `Deny` stops all of them. {cure}",
                        first.condition.operator,
                        first.key,
                        mechanism.request()
                    ),
                )
                .fixed_by("Leave calls of AWS services alone", edits);
        }
    }
}

/// Whether a `Deny` is about callers of a mechanism.
fn is_about(statement: &Statement, mechanism: Mechanism) -> bool {
    statement.principals.as_ref().is_some_and(is_for_everybody)
        || mechanisms(statement).is_some_and(|all| all.contains(&mechanism))
}

/// Whether a condition is known to hold for every request of a mechanism, because none carries its key.
fn holds_without(condition: &ConditionView<'_>, mechanism: Mechanism) -> bool {
    condition.operator.is_some_and(|operator| {
        let holds = if operator.test == Test::Null {
            operator.quantifier.is_none() && condition.values.iter().all(|value| value.eq_ignore_ascii_case("true"))
        } else {
            operator.passes_without_key()
        };
        holds && mechanism.never_carries(&condition.key)
    })
}
