use super::example::GOOD;
use super::issuer;
use super::view::{AUDIENCE, Asked, SUBJECT, starts_with};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB122",
    slug: "swapped-claims",
    title: "IRSA trust looks for subject or audience in the wrong claim",
    severity: Severity::Error,
    fix: "Ask `sub` for the service account and `aud` for `sts.amazonaws.com`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A service account stands under `aud`, or the audience `sts.amazonaws.com` under `sub`.",
    why: "`sub` says whose token it is and `aud` what it is for; the condition never holds, and STS refuses the pods.",
    bad: Example {
        policy: irsa! { "StringEquals" { "aud" => "system:serviceaccount:shop:api", "sub" => "sts.amazonaws.com" } },
        context: "",
    },
    good: GOOD,
    sources: &["Amazon EKS User Guide, Assign IAM roles to Kubernetes service accounts"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for statement in subject
        .irsa_statements()
        .filter(|statement| issuer::is_eks(statement.issuer))
    {
        let account = statement.asked("aud").find(|asked| starts_with(asked.value, SUBJECT));
        let audience = statement.asked("sub").find(|asked| asked.value == AUDIENCE);
        let Some(wrong) = account.or(audience) else { continue };
        let (is, wanted) = if account.is_some() {
            ("a service account", "sub")
        } else {
            ("an audience", "aud")
        };
        let found = report.at(
            &wrong.path(),
            format!(
                "`{}` is {is} and stands under `{}`, where no token has it: pods are refused. Ask for it under `{}`.",
                wrong.value,
                wrong.claim.name,
                statement.key_of(wanted)
            ),
        );
        let alone = |asked: &Asked<'_>| asked.claim.condition.values.only().is_some();
        let edits = match (account, audience) {
            (Some(account), Some(audience)) if alone(&account) && alone(&audience) => subject
                .edits()
                .set(&account.claim.path(), audience.value)
                .set(&audience.claim.path(), account.value),
            (Some(one), None) | (None, Some(one)) if alone(&one) => {
                subject.edits().rename(&one.claim.path(), &statement.key_of(wanted))
            }
            _ => continue,
        };
        found.fixed_by("Ask the right claim", edits.done());
    }
}
