use super::examples::{TARGET_BY_EXTERNAL_ID, TARGET_PAGE};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::rules::clause::clauses;
use crate::findings::subject::Subject;
use crate::policy::Statement;

pub(super) const RULE: Rule = Rule {
    code: "PIB401",
    slug: "target-without-external-id",
    title: "Target role does not ask for the external id",
    severity: Severity::Security,
    fix: "Add `StringEquals` on `sts:ExternalId` with the id of each service account that is meant.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "Session tags are off, and the target role's trust policy lets the source role in without asking for `sts:ExternalId`.",
    why: "Without tags the external id `REGION/ACCOUNT/CLUSTER/NAMESPACE/SERVICE_ACCOUNT` is all that says which pod it is for. Every association with \
          the same source role reaches the target role.",
    bad: Example {
        policy: "",
        context: r#"{
  "role_arn": "arn:aws:iam::111122223333:role/api",
  "session_tags": false,
  "target_role_arn": "arn:aws:iam::444455556666:role/data",
  "target_trust_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:role/api\"},\"Action\":\"sts:AssumeRole\"}]}"
}"#,
    },
    good: Example {
        policy: "",
        context: TARGET_BY_EXTERNAL_ID,
    },
    sources: &[TARGET_PAGE],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let Some(target) = subject.target() else { return };
    if subject.around.sends_tags() != Some(false) || target.denies() {
        return;
    }
    // A condition on a request tag keeps everybody out, which is another mistake.
    let is_guarded = |statement: &Statement| {
        clauses(0, statement).any(|clause| clause.is_on("sts:ExternalId") || clause.after("aws:RequestTag/").is_some())
    };
    if !target.admissions().into_iter().all(is_guarded) {
        let ids = subject.external_ids();
        let example = ids
            .first()
            .map_or("REGION/ACCOUNT/CLUSTER/NAMESPACE/SERVICE_ACCOUNT", String::as_str);
        report.around(format!(
            "The trust policy of the target role lets `{}` in without asking for `sts:ExternalId`. Session tags are off, so it is open to every association \
             with this role. Add `StringEquals` on `sts:ExternalId` with `{example}`.",
            target.role
        ));
    }
}
