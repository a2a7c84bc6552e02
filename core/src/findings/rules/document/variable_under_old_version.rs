use tfmodel::path::Path;

use super::view::conditions;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Document, Piece, pieces};

pub(super) const RULE: Rule = Rule {
    code: "PIB341",
    slug: "variable-under-old-version",
    title: "Policy variable under the old version of the language",
    severity: Severity::Error,
    fix: "Write `\"Version\": \"2012-10-17\"`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A value holds a policy variable, such as `${aws:PrincipalTag/team}`, and `Version` is `2008-10-17` or missing, which means the same.",
    why: "Under that version the variable is plain text: the condition compares with the letters `${…}`, which no request has.",
    bad: Example {
        policy: r#"{
  "Version": "2008-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"sts:RoleSessionName": "${aws:username}"}}
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
    "Condition": {"StringEquals": {"sts:RoleSessionName": "${aws:username}"}}
  }]
}"#,
        context: "",
    },
    sources: &[
        "IAM User Guide, IAM policy elements: Variables and tags",
        "IAM User Guide, IAM policy validation check reference: Variable unsupported in version",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let Some(document) = subject.trust.and_then(|trust| trust.document()) else {
        return;
    };
    if document.version.as_deref() == Some(Document::CURRENT_VERSION) {
        return;
    }
    for condition in conditions(subject) {
        let variable = condition
            .values
            .iter()
            .enumerate()
            .find_map(|(position, value)| Some((position, variable(value)?)));
        if let Some((position, variable)) = variable {
            report
                .at(
                    &condition.value_path(position),
                    format!(
                        "`{variable}` is plain text under this version of the language, and no request has it as its value. Write `\"Version\": \"{}\"`.",
                        Document::CURRENT_VERSION
                    ),
                )
                .fixed_by(
                    format!("Write version `{}`", Document::CURRENT_VERSION),
                    subject
                        .edits()
                        .set(&Path::attribute("Version"), Document::CURRENT_VERSION)
                        .done(),
                );
        }
    }
}

/// The first policy variable in a text. References of templates have no colon, or two.
fn variable(text: &str) -> Option<String> {
    pieces(text).ok()?.into_iter().find_map(|piece| match piece {
        Piece::Text(_) => None,
        Piece::Character(character) => Some(format!("${{{character}}}")),
        Piece::Variable(variable) => {
            let is_key = variable.key.contains(':') && !variable.key.contains("::");
            is_key.then(|| format!("${{{}}}", variable.key))
        }
    })
}
