use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::findings::subject::statement_path;
use crate::policy::Effect;

pub(super) const RULE: Rule = Rule {
    code: "PIB320",
    slug: "not-action",
    title: "Trust policy allows with NotAction",
    severity: Severity::Security,
    fix: "Name the actions in `Action`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement allows every action but those that it names.",
    why: "That takes in actions that nobody had in mind, such as `sts:TagSession` or `sts:SetSourceIdentity`, with which a caller chooses its own tags or identity.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "NotAction": "sts:TagSession"
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
    "Action": "sts:AssumeRole"
  }]
}"#,
        context: "",
    },
    sources: &["IAM User Guide, IAM JSON policy elements: NotAction"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (index, statement) in subject.statements() {
        if statement.effect == Effect::Allow && statement.actions.as_ref().is_some_and(|actions| actions.except) {
            report.at(
                &statement_path(index).with_attribute("NotAction"),
                "The statement allows every action but those that it names, and so more than somebody meant. Name in `Action` those that are meant.",
            );
        }
    }
}
