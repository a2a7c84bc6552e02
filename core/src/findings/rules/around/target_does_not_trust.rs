use super::examples::{TARGET_BY_TAGS, TARGET_PAGE};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB405",
    slug: "target-does-not-trust",
    title: "Target role does not trust this role",
    severity: Severity::Error,
    fix: "Allow `sts:AssumeRole` to the role of the association in the target role's trust policy; function `target_trust_policy` writes the statement.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "No statement of the target role's trust policy allows `sts:AssumeRole` to the role of the association, or to its account.",
    why: "EKS assumes the target role with the credentials of the association's role. It is refused, and pods get no credentials.",
    bad: Example {
        policy: "",
        context: r#"{
  "role_arn": "arn:aws:iam::111122223333:role/api",
  "target_role_arn": "arn:aws:iam::444455556666:role/data",
  "target_trust_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:role/worker\"},\"Action\":[\"sts:AssumeRole\",\"sts:TagSession\"],\"Condition\":{\"StringEquals\":{\"aws:RequestTag/kubernetes-namespace\":\"shop\"}}}]}"
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
    if target.admissions().is_empty() {
        report.around(format!(
            "No statement of the target role's trust policy lets `{}` assume it, so pods get no credentials. Allow it `sts:AssumeRole` there; function \
             `target_trust_policy` writes the statement.",
            target.role
        ));
    }
}
