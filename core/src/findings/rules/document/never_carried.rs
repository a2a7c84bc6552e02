use super::view::{conditions, mechanisms};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Effect, Operator, Test};

pub(super) const RULE: Rule = Rule {
    code: "PIB336",
    slug: "never-carried",
    title: "Condition tests a key that these callers never carry",
    severity: Severity::Error,
    fix: "Remove the condition, or test a key that the request carries: claims of the token for IRSA, `aws:RequestTag/…` and `aws:SourceAccount` for EKS Pod Identity.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "An `Allow` tests with a positive operator a key that no request of the callers that it names carries, such as `aws:SourceAccount` for a token of an OIDC provider.",
    why: "The condition never holds, so the statement lets nobody in.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}
  }]
}"#,
        context: "",
    },
    sources: &[
        "IAM User Guide, AWS global condition context keys: availability of each key",
        "IAM User Guide, IAM policy validation check reference: Unsupported condition key for service principal",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for condition in conditions(subject).filter(|condition| condition.statement.effect == Effect::Allow) {
        let (Some(operator), Some(mechanisms)) = (condition.operator, mechanisms(condition.statement)) else {
            continue;
        };
        let nobody_carries_it =
            !mechanisms.is_empty() && mechanisms.iter().all(|one| one.never_carries(&condition.key));
        if let (true, true, Some(one)) = (
            nobody_carries_it,
            needs_key(operator, &condition.values),
            mechanisms.first(),
        ) {
            report.at(
                &condition.path(),
                format!(
                    "`{}` needs `{}`, and {} never carries it: the statement lets nobody in. Remove the condition, or test a key that the request \
                     carries.",
                    condition.condition.operator,
                    condition.key,
                    one.request()
                ),
            );
        }
    }
}

/// Whether a test fails where the key is missing.
fn needs_key(operator: Operator, values: &crate::policy::Strings) -> bool {
    if operator.test == Test::Null {
        return operator.quantifier.is_none() && values.iter().all(|value| value.eq_ignore_ascii_case("false"));
    }
    !operator.passes_without_key()
}
