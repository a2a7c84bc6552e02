use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB220",
    slug: "session-policy-with-tags",
    title: "Session policy needs session tags to be off",
    severity: Severity::Error,
    fix: "Set `disable_session_tags = true`, and take conditions on `aws:RequestTag/…` out of the trust policy, or remove the session policy.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The association has a session policy, and session tags are on.",
    why: "EKS refuses the association.",
    bad: Example {
        policy: "",
        context: r#"{
  "session_tags": true,
  "session_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}"
}"#,
    },
    good: Example {
        policy: "",
        context: r#"{
  "session_tags": false,
  "session_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}"
}"#,
    },
    sources: &["AWS Containers Blog, session policies for EKS Pod Identity, 2026-03-24"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    if subject.around.sends_tags() == Some(true) && subject.around.session_policy.is_some() {
        report.around(
            "The association has a session policy and sends session tags; EKS takes one or the other. Switch session tags off, and then ask for no \
             `aws:RequestTag/…` in the trust policy, or remove the session policy.",
        );
    }
}
