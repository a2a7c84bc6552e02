use super::example::GOOD;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::{Subject, condition_key_path};

pub(super) const RULE: Rule = Rule {
    code: "PIB120",
    slug: "split-conditions",
    title: "Conditions of an IRSA trust stand in two statements",
    severity: Severity::Security,
    fix: "Put both conditions into one statement.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "One statement asks for the audience and another one for the subject, for the same provider.",
    why: "Statements are alternatives: the one that asks for the audience alone lets in every pod of the cluster, and the other one guards nothing.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E"
      },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringEquals": {
          "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E:aud": "sts.amazonaws.com"
        }
      }
    },
    {
      "Effect": "Allow",
      "Principal": {
        "Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E"
      },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringEquals": {
          "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E:sub": "system:serviceaccount:shop:api"
        }
      }
    }
  ]
}"#,
        context: "",
    },
    good: GOOD,
    sources: &["IAM User Guide, policy evaluation logic"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (open, narrow) in subject.halves() {
        let found = report.statement(
            open.index,
            format!(
                "The statement asks tokens of `{}` for their audience alone, so it lets in every pod of the cluster; the one that asks for the subject stands \
                 beside it and guards nothing. Put both conditions into one statement.",
                open.issuer
            ),
        );
        let Some(claim) = open.claim("aud").next() else {
            continue;
        };
        let to = condition_key_path(narrow.index, &claim.condition.operator, &claim.condition.key);
        let edits = subject.edits().transfer(&claim.path(), &to).remove(&open.path());
        found.fixed_by("Put the conditions into one statement", edits.done());
    }
}
