use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Document, DocumentUse};

pub(super) const RULE: Rule = Rule {
    code: "PIB418",
    slug: "session-policy-refused",
    title: "Session policy is no valid permissions policy",
    severity: Severity::Error,
    fix: "Write it as a permissions policy: each statement with `Effect`, `Action` and `Resource`, and without `Principal`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The session policy of the association is not JSON, no policy document, or has elements that only a trust policy has.",
    why: "EKS tries it out when the association is made, and refuses it.",
    bad: Example {
        policy: "",
        context: r#"{
  "session_tags": false,
  "session_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}"
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
    let Some(policy) = &subject.around.session_policy else {
        return;
    };
    match Document::parse(policy) {
        Err(error) => {
            report.around(format!(
                "The session policy is no policy document, so EKS refuses it: {error}."
            ));
        }
        Ok(document) => {
            for refusal in document.refusals(DocumentUse::Session) {
                report.around(format!("EKS refuses the session policy, because of {refusal}"));
            }
        }
    }
}
