use super::view::conditions;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::KnownKey;

pub(super) const RULE: Rule = Rule {
    code: "PIB331",
    slug: "unknown-key",
    title: "AWS has no such condition key",
    severity: Severity::Error,
    fix: "Write the key as AWS spells it.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A condition key is nearly one that AWS has, and is none: misspelt, without the key of its tag, or without `aws:` before it.",
    why: "No request ever carries the key: with `StringEquals` the statement lets nobody in, with `StringNotEquals` the condition guards nothing.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"aws:PrincipleOrgID": "o-a1b2c3d4e5"}}
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
    "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
  }]
}"#,
        context: "",
    },
    sources: &[
        "IAM User Guide, AWS global condition context keys",
        "IAM User Guide, IAM and AWS STS condition context keys",
        "IAM User Guide, IAM policy validation check reference: Invalid global condition key",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for condition in conditions(subject).filter(|condition| condition.known_key().is_none()) {
        let key = condition.key.as_str();
        let path = condition.path();
        if let Some(meant) = near(key) {
            report
                .at(
                    &path,
                    format!("`{key}` is no condition key of AWS, so no request carries it. `{meant}` may be meant."),
                )
                .fixed_by(
                    format!("Rename `{key}` to `{meant}`"),
                    subject.edits().rename(&path, &meant).done(),
                );
        } else if KnownKey::find(&format!("{}/x", key.trim_end_matches('/'))).is_some_and(|known| known.takes_tag()) {
            report.at(
                &path,
                format!(
                    "`{key}` lacks the key of a tag, so no request carries it. Write it after a slash, such as `{}/team`.",
                    key.trim_end_matches('/')
                ),
            );
        } else if !key.is_empty() && !key.contains([':', '.', '/', '$', '<', '{']) {
            report.at(
                &path,
                format!("`{key}` has no prefix, and every condition key has one, as in `aws:SourceAccount`: IAM refuses the policy. Write it in full."),
            );
        }
    }
}

fn near(key: &str) -> Option<String> {
    if key.contains(':') {
        return KnownKey::near(key);
    }
    // Issuers of tokens, which have no colon either, have dots.
    ["aws:", "sts:"]
        .into_iter()
        .map(|prefix| format!("{prefix}{key}"))
        .find(|name| !key.contains('.') && KnownKey::find(name).is_some())
}
