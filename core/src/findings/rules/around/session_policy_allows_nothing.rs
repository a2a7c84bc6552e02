use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Document, Effect};

pub(super) const RULE: Rule = Rule {
    code: "PIB419",
    slug: "session-policy-allows-nothing",
    title: "Session policy allows nothing",
    severity: Severity::Error,
    fix: "Add a statement that allows what pods need; to forbid a few things, allow all with `*` and add the `Deny`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "No statement of the session policy has the effect `Allow`.",
    why: "A session may do what the role and the session policy both allow: here, nothing.",
    bad: Example {
        policy: "",
        context: r#"{
  "session_tags": false,
  "session_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"s3:DeleteObject\",\"Resource\":\"*\"}]}"
}"#,
    },
    good: Example {
        policy: "",
        context: r#"{
  "session_tags": false,
  "session_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"},{\"Effect\":\"Deny\",\"Action\":\"s3:DeleteObject\",\"Resource\":\"*\"}]}"
}"#,
    },
    sources: &[
        "AWS Containers Blog, session policies for EKS Pod Identity, 2026-03-24",
        "IAM User Guide, Session policies",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let Some(policy) = &subject.around.session_policy else {
        return;
    };
    let Ok(document) = Document::parse(policy) else { return };
    let statements = &document.statements;
    // Without any it is refused, which is said already.
    if !statements.is_empty() && statements.iter().all(|statement| statement.effect == Effect::Deny) {
        report.around(
            "The session policy allows nothing, and pods may do only what it and the role both allow. Add a statement that allows what they need; it cannot give \
             them more than the role has.",
        );
    }
}
