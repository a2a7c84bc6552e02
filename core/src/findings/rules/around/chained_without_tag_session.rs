use super::examples::TAGS_PAGE;
use super::view::OtherTrust;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::rules::clause::TAG_SESSION;
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB408",
    slug: "chained-without-tag-session",
    title: "Role that pods assume themselves does not allow sts:TagSession",
    severity: Severity::Error,
    fix: "Allow `sts:TagSession` in the other role's trust policy and in this role's permissions, or switch session tags off.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "Pods assume another role with the credentials of this one, and its trust policy does not allow this role `sts:TagSession`.",
    why: "The session tags of EKS Pod Identity are transitive: they go along when the pod assumes another role, which IRSA never asked for. The call \
          is refused. Workloads that worked with IRSA fail after they have moved.",
    bad: Example {
        policy: "",
        context: r#"{
  "role_arn": "arn:aws:iam::111122223333:role/api",
  "session_tags": true,
  "chained_roles": {
    "arn:aws:iam::444455556666:role/data": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:role/api\"},\"Action\":\"sts:AssumeRole\"}]}"
  }
}"#,
    },
    good: Example {
        policy: "",
        context: r#"{
  "role_arn": "arn:aws:iam::111122223333:role/api",
  "session_tags": true,
  "chained_roles": {
    "arn:aws:iam::444455556666:role/data": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:role/api\"},\"Action\":[\"sts:AssumeRole\",\"sts:TagSession\"]}]}"
  }
}"#,
    },
    sources: &[TAGS_PAGE, "https://github.com/aws/containers-roadmap/issues/2413"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let Some(role) = &subject.around.role else { return };
    if subject.around.sends_tags() != Some(true) || subject.is_irsa_only() {
        return;
    }
    for (other, document) in &subject.around.chained {
        let trust = OtherTrust::new(role, document);
        if !trust.admissions().is_empty() && trust.allowing(TAG_SESSION).next().is_none() {
            report.around(format!(
                "Pods assume `{other}` with this role, and its trust policy does not allow `sts:TagSession`. The session tags of EKS Pod Identity go along with \
                 the call, so it is refused. Add `sts:TagSession` there, or switch session tags off."
            ));
        }
    }
}
