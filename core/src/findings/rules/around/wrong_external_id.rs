use super::examples::{TARGET_BY_EXTERNAL_ID, TARGET_PAGE};
use crate::evaluate::is_like;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB402",
    slug: "wrong-external-id",
    title: "Target role asks for another external id than EKS sends",
    severity: Severity::Error,
    fix: "Write the external id that function `external_id` returns and the binding shows.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "Session tags are off, and the target role's trust policy asks for an `sts:ExternalId` that is not the one of the service account.",
    why: "EKS sends `REGION/ACCOUNT/CLUSTER/NAMESPACE/SERVICE_ACCOUNT` of the association, with the account of the cluster. Every other value keeps \
          the pods out.",
    bad: Example {
        policy: "",
        context: r#"{
  "role_arn": "arn:aws:iam::111122223333:role/api",
  "clusters": [
    {
      "arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main"
    }
  ],
  "pods": [
    {
      "namespace": "shop",
      "service_account": "api"
    }
  ],
  "session_tags": false,
  "target_role_arn": "arn:aws:iam::444455556666:role/data",
  "target_trust_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:role/api\"},\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"eu-west-1/444455556666/main/shop/api\"}}}]}"
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
    let expected = subject.external_ids();
    let Some(first) = expected.first() else { return };
    if subject.around.sends_tags() != Some(false) {
        return;
    }
    // Patterns are taken for patterns under any operator, to be on the safe side.
    let may_match = |value: &String| {
        value.contains("${")
            || expected
                .iter()
                .any(|id| is_like(&id.to_ascii_lowercase(), &value.to_ascii_lowercase()))
    };
    let refuses = target.always_asks(|clause| clause.is_on("sts:ExternalId") && !clause.values.iter().any(may_match));
    if refuses {
        report.around(format!(
            "The trust policy of the target role asks for another `sts:ExternalId` than EKS sends, so pods are refused. Write `{first}`."
        ));
    }
}
