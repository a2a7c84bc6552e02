use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::findings::subject::statement_path;

pub(super) const RULE: Rule = Rule {
    code: "PIB352",
    slug: "sid-characters",
    title: "Sid holds characters that IAM does not take",
    severity: Severity::Error,
    fix: "Leave out the other characters.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "In IAM a Sid has letters of `A` to `Z` and `a` to `z` and digits, and no other characters.",
    why: "IAM refuses the policy with `MalformedPolicyDocument`.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Sid": "deploy-role",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole"
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Sid": "deployrole",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole"
  }]
}"#,
        context: "",
    },
    sources: &[
        "IAM User Guide, IAM JSON policy elements: Sid",
        "IAM User Guide, IAM policy validation check reference: Unsupported Sid",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (index, statement) in subject.statements() {
        let Some(sid) = statement.sid.as_deref() else {
            continue;
        };
        if sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            continue;
        }
        let path = statement_path(index).with_attribute("Sid");
        let plain: String = sid.chars().filter(char::is_ascii_alphanumeric).collect();
        let edits = if plain.is_empty() {
            subject.edits().remove(&path)
        } else {
            subject.edits().set(&path, unused(subject, &plain))
        };
        report
            .at(
                &path,
                format!("The Sid `{}` has characters other than letters and digits: IAM refuses the policy. Leave them out.", sid.escape_debug()),
            )
            .fixed_by("Leave out the other characters", edits.done());
    }
}

/// A Sid like this one that no statement has.
pub(super) fn unused(subject: &Subject<'_>, sid: &str) -> String {
    let is_taken = |name: &str| {
        subject
            .statements()
            .any(|(_, statement)| statement.sid.as_deref() == Some(name))
    };
    if !is_taken(sid) {
        return sid.to_owned();
    }
    // There are fewer statements than numbers.
    (2..=u32::MAX)
        .map(|number| format!("{sid}{number}"))
        .find(|name| !is_taken(name))
        .unwrap_or_default()
}
