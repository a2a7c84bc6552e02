use super::examples::{TARGET_BY_TAGS, TARGET_PAGE};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB403",
    slug: "target-asks-for-tags",
    title: "Target role asks for session tags that are switched off",
    severity: Severity::Error,
    fix: "Switch session tags on, or ask for `sts:ExternalId` instead.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "Session tags are off, and the target role's trust policy asks for `aws:RequestTag/…`.",
    why: "EKS sends no tags then, so the condition never holds and pods do not reach the target role.",
    bad: Example {
        policy: "",
        context: r#"{
  "role_arn": "arn:aws:iam::111122223333:role/api",
  "session_tags": false,
  "target_role_arn": "arn:aws:iam::444455556666:role/data",
  "target_trust_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:role/api\"},\"Action\":[\"sts:AssumeRole\",\"sts:TagSession\"],\"Condition\":{\"StringEquals\":{\"aws:RequestTag/kubernetes-namespace\":\"shop\"}}}]}"
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
    if subject.around.sends_tags() != Some(false) {
        return;
    }
    if target.always_asks(|clause| clause.after("aws:RequestTag/").is_some()) {
        report.around(
            "The trust policy of the target role asks for request tags, and session tags are off, so EKS sends none and pods are refused. Switch session \
             tags on, or ask for `sts:ExternalId`, which EKS sends in their place.",
        );
    }
}
