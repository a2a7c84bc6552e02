use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::Fault;

pub(super) const RULE: Rule = Rule {
    code: "PIB307",
    slug: "condition-without-operator",
    title: "Condition key stands without an operator",
    severity: Severity::Error,
    fix: "Put the key under an operator, such as `StringEquals`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "`Condition` holds operators, and each operator holds the condition keys that it tests. Here a condition key stands where an operator belongs.",
    why: "IAM refuses the policy with `MalformedPolicyDocument`.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "Condition": {"sts:ExternalId": "ticket-4711"}
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
    "Condition": {"StringEquals": {"sts:ExternalId": "ticket-4711"}}
  }]
}"#,
        context: "",
    },
    sources: &["IAM User Guide, IAM JSON policy elements: Condition"],
};

/// Whether a fault is this mistake, and not only a wrong form.
pub(super) fn is_meant(fault: &Fault) -> bool {
    matches!(fault, Fault::Type { element, expected, found }
        if *expected == "an object of condition keys" && *found != "an object" && element.contains(':') && !is_set(element))
}

/// `ForAllValues:…` and `ForAnyValue:…`, known or not.
fn is_set(element: &str) -> bool {
    element
        .split_once(':')
        .is_some_and(|(set, _)| set.to_ascii_lowercase().starts_with("fora"))
}

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for located in super::view::faults(subject) {
        if let Fault::Type { element, .. } = &located.fault
            && is_meant(&located.fault)
        {
            report.fault(
                located,
                format!(
                    "`{element}` is a condition key and stands where an operator belongs: IAM refuses the policy. Put it under the operator that is \
                     meant, such as `\"StringEquals\": {{\"{element}\": …}}`."
                ),
            );
        }
    }
}
