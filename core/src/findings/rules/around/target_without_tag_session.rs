use super::examples::{TARGET_BY_TAGS, TARGET_PAGE};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::rules::clause::TAG_SESSION;
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB404",
    slug: "target-without-tag-session",
    title: "Target role does not allow sts:TagSession",
    severity: Severity::Error,
    fix: "Allow `sts:TagSession` beside `sts:AssumeRole`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "Session tags are on, and the target role's trust policy allows the source role `sts:AssumeRole` without `sts:TagSession`.",
    why: "EKS sends the tags to the target role too, and they are transitive. The call is refused, and pods get no credentials.",
    bad: Example {
        policy: "",
        context: r#"{
  "role_arn": "arn:aws:iam::111122223333:role/api",
  "session_tags": true,
  "target_role_arn": "arn:aws:iam::444455556666:role/data",
  "target_trust_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:role/api\"},\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringEquals\":{\"aws:RequestTag/kubernetes-namespace\":\"shop\"}}}]}"
}"#,
    },
    good: Example {
        policy: "",
        context: TARGET_BY_TAGS,
    },
    sources: &[TARGET_PAGE],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let Some(target) = subject.target() else { return };
    if subject.around.sends_tags() != Some(true) {
        return;
    }
    if !target.admissions().is_empty() && target.allowing(TAG_SESSION).next().is_none() {
        report.around(format!(
            "The trust policy of the target role lets `{}` in and does not allow it `sts:TagSession`. EKS passes the session tags on, so it is refused. Add \
             `sts:TagSession` to the actions.",
            target.role
        ));
    }
}
