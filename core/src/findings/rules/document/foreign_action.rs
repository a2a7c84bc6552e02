use tfmodel::spelling::closest;

use super::view::is_like;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::findings::subject::statement_path;

pub(super) const RULE: Rule = Rule {
    code: "PIB324",
    slug: "foreign-action",
    title: "Action has no meaning in a trust policy",
    severity: Severity::Error,
    fix: "Write one of these actions. What the role may do belongs into its permissions.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A trust policy is about handing out the role: `sts:AssumeRole`, `sts:AssumeRoleWithWebIdentity`, `sts:AssumeRoleWithSAML`, and with them `sts:TagSession`, `sts:SetSourceIdentity` and `sts:SetContext`. Here stands another action, or one of these misspelt.",
    why: "IAM refuses the policy: `AssumeRole policy may only specify STS AssumeRole actions`.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": ["sts:AssumeRole", "sts:TagSessions"]
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
    "Action": ["sts:AssumeRole", "sts:TagSession"]
  }]
}"#,
        context: "",
    },
    sources: &[
        "Service Authorization Reference, Actions defined by AWS Security Token Service",
        "IAM User Guide, IAM policy validation check reference: Unsupported action in policy",
    ],
};

const ACTIONS: &[&str] = &[
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:SetContext",
    "sts:SetSourceIdentity",
    "sts:TagSession",
];

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (index, statement) in subject.statements() {
        let Some(actions) = &statement.actions else {
            continue;
        };
        for (position, name) in actions.names.iter().enumerate() {
            if name.is_empty() || ACTIONS.iter().any(|action| is_like(action, name)) {
                continue;
            }
            let path = statement_path(index)
                .with_attribute(actions.element())
                .with_index(position);
            let others = || actions.names.iter().any(|other| other != name);
            let full = if name.contains(':') {
                name.clone()
            } else {
                format!("sts:{name}")
            };
            match closest(&full, ACTIONS.iter().copied()) {
                Some(meant) => report
                    .at(
                        &path,
                        format!("`{name}` is no action of a trust policy: IAM refuses the policy. `{meant}` may be meant."),
                    )
                    .fixed_by(
                        format!("Write `{meant}`"),
                        if others() && actions.names.iter().any(|other| is_like(meant, other)) {
                            subject.edits().remove(&path).done()
                        } else {
                            subject.edits().set(&path, meant).done()
                        },
                    ),
                None => report.at(
                    &path,
                    format!("`{name}` has no meaning in a trust policy, which is about handing out the role: IAM refuses the policy. Remove it."),
                ),
            };
        }
    }
}
