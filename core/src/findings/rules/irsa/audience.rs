use tfmodel::spelling::closest;

use super::example::GOOD;
use super::issuer;
use super::view::{AUDIENCE, SUBJECT, has_wildcard, starts_with};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB109",
    slug: "audience",
    title: "IRSA trust asks for an audience that tokens do not have",
    severity: Severity::Error,
    fix: "Use `sts.amazonaws.com`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "The value for `aud` is a misspelt `sts.amazonaws.com`, that of a region, or the one with `.cn`. The audience is the same in every partition and region. It leaves alone audiences of your own, which the annotation `eks.amazonaws.com/audience` asks for.",
    why: "EKS writes `sts.amazonaws.com` into the tokens of pods, in China as well; no token matches, and STS refuses the pods.",
    bad: Example {
        policy: irsa! { "StringEquals" { "aud" => "sts.amazonaws.com.cn", "sub" => "system:serviceaccount:shop:api" } },
        context: "",
    },
    good: GOOD,
    sources: &[
        "eksctl-io/eksctl#1910",
        "terraform-aws-modules/terraform-aws-eks#2700",
        "aws/amazon-eks-pod-identity-webhook, README",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (statement, asked) in subject.asked("aud") {
        if !issuer::is_eks(statement.issuer) || !is_meant(asked.value) {
            continue;
        }
        let found = report.at(
            &asked.path(),
            format!(
                "No token of a pod has the audience `{}`, so pods are refused: it is `{AUDIENCE}` in every region and partition. Ask for `{AUDIENCE}`.",
                asked.value
            ),
        );
        let edits = if asked.claim.condition.values.iter().any(|value| value == AUDIENCE) {
            subject.edits().remove(&asked.path())
        } else {
            subject.edits().set(&asked.path(), AUDIENCE)
        };
        found.fixed_by(format!("Ask for {AUDIENCE}"), edits.done());
    }
}

/// Whether `sts.amazonaws.com` is meant by something else.
fn is_meant(value: &str) -> bool {
    if value == AUDIENCE || has_wildcard(value) || value.contains("${") || starts_with(value, SUBJECT) {
        return false;
    }
    let bare = issuer::bare(value).trim_end_matches('/').to_ascii_lowercase();
    let regional = bare.strip_prefix("sts.").and_then(|rest| {
        rest.strip_suffix(".amazonaws.com")
            .or_else(|| rest.strip_suffix(".amazonaws.com.cn"))
    });
    regional.is_some()
        || bare == "sts.amazonaws.com.cn"
        || bare == "pods.eks.amazonaws.com"
        || closest(&bare, [AUDIENCE]).is_some()
}
