use super::examples::{TAGS_PAGE, TARGET_PAGE};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::rules::clause::{ASSUME_ROLE, TAG_SESSION, allows};
use crate::findings::subject::Subject;
use crate::policy::Effect;

pub(super) const RULE: Rule = Rule {
    code: "PIB409",
    slug: "chaining-without-tag-session",
    title: "Role may assume others but not pass its session tags",
    severity: Severity::Error,
    fix: "Allow `sts:TagSession` on the same roles.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The permissions of the role allow `sts:AssumeRole` and nowhere `sts:TagSession`, and session tags are on.",
    why: "The session tags of EKS Pod Identity are transitive: whoever assumes another role passes them on, and needs `sts:TagSession` for that. The \
          call is refused, also where EKS makes it to reach a target role.",
    bad: Example {
        policy: "",
        context: r#"{
  "session_tags": true,
  "permissions": {
    "chain": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Resource\":\"arn:aws:iam::444455556666:role/data\"}]}"
  }
}"#,
    },
    good: Example {
        policy: "",
        context: r#"{
  "session_tags": true,
  "permissions": {
    "chain": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"sts:AssumeRole\",\"sts:TagSession\"],\"Resource\":\"arn:aws:iam::444455556666:role/data\"}]}"
  }
}"#,
    },
    sources: &[TARGET_PAGE, TAGS_PAGE],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let around = subject.around;
    if around.sends_tags() != Some(true) || subject.is_irsa_only() {
        return;
    }
    let allowing = |action: &'static str| {
        around.permissions.iter().find(move |(_, document)| {
            let mut statements = document.statements.iter();
            statements.any(|statement| statement.effect == Effect::Allow && allows(statement, action))
        })
    };
    if let (Some((name, _)), None) = (allowing(ASSUME_ROLE), allowing(TAG_SESSION)) {
        report.around(format!(
            "Policy `{name}` lets the role assume others, and no policy of it allows `sts:TagSession`. The session tags of EKS Pod Identity go along with every \
             such call, so it is refused. Allow `sts:TagSession` on the same roles."
        ));
    }
}
