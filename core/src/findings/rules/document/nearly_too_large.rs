use super::too_large::DEFAULT_QUOTA;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::size;

pub(super) const RULE: Rule = Rule {
    code: "PIB356",
    slug: "nearly-too-large",
    title: "Trust policy is nearly as large as IAM takes",
    severity: Severity::Suggestion,
    fix: "Fold statements that differ in one list only, or have the quota `Role trust policy length` raised in time.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "White space aside, the policy has more than nine tenths of the characters that the quota of the account allows: 2,048, unless it was raised.",
    why: "The next statement may not fit, and then IAM refuses the change.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole"
  }]
}"#,
        context: r#"{"trust_policy_quota": 150}"#,
    },
    good: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole"
  }]
}"#,
        context: r#"{"trust_policy_quota": 400}"#,
    },
    sources: &["IAM User Guide, IAM and AWS STS quotas"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let (Some(trust), quota) = (subject.trust, subject.around.quota.unwrap_or(DEFAULT_QUOTA)) else {
        return;
    };
    let size = size(&trust.text);
    if trust.document().is_none() || size > quota || size <= quota - quota / 10 {
        return;
    }
    let finding = report.around(format!(
        "Little is left of the {quota} characters that a trust policy may have, white space aside."
    ));
    // The number changes with every edit; what the finding is known by must not.
    finding.detail.push_str(&format!(
        " It has {size}. Fold statements, or have the quota raised before the next one."
    ));
}
