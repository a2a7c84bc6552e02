use tfmodel::order;

use super::view::conditions;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB309",
    slug: "key-in-two-cases",
    title: "Condition key stands twice under one operator, in other case",
    severity: Severity::Error,
    fix: "Put all values under one spelling.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The case of a condition key means nothing, so `aws:SourceAccount` and `aws:sourceaccount` are one key. Under one operator it may stand once.",
    why: "AWS calls this an error; which of the two counts is not documented.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {
      "aws:PrincipalTag/team": "web",
      "aws:principaltag/team": "shop"
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
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {
      "aws:PrincipalTag/team": ["web", "shop"]
    }}
  }]
}"#,
        context: "",
    },
    sources: &["IAM User Guide, IAM policy validation check reference: Duplicate keys with different case"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let mut all: Vec<_> = conditions(subject)
        .map(|condition| {
            let place = (
                condition.index,
                condition.condition.operator.as_str(),
                condition.key.to_ascii_lowercase(),
            );
            (place, condition)
        })
        .collect();
    order::sort_by(&mut all, |a, b| a.0.cmp(&b.0));
    for pair in all.windows(2) {
        if let [(place, earlier), (same, condition)] = pair
            && place == same
        {
            report.at(
                &condition.path(),
                format!(
                    "`{}` and `{}` are one key: its case means nothing. Which of the two counts is not documented. Put all values under one \
                     spelling.",
                    earlier.key, condition.key
                ),
            );
        }
    }
}
