use super::example::GOOD;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::Operator;

pub(super) const RULE: Rule = Rule {
    code: "PIB128",
    slug: "everybody-but",
    title: "IRSA trust lets in every service account but some",
    severity: Severity::Security,
    fix: "Name the service accounts that may, with `StringEquals`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement that allows has only negated conditions on `sub`, such as `StringNotEquals`. In a statement that denies they are left alone.",
    why: "Every other service account may become the role, also those of namespaces that are yet to be created.",
    bad: Example {
        policy: irsa! {
            "StringEquals" { "aud" => "sts.amazonaws.com" },
            "StringNotEquals" { "sub" => "system:serviceaccount:shop:batch" }
        },
        context: "",
    },
    good: GOOD,
    sources: &["IAM User Guide, condition operators: string condition operators"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for statement in subject.pods_let_in() {
        let negated = |operator: &str| operator.parse::<Operator>().is_ok_and(Operator::is_negated);
        let mut claims = statement.claim("sub").peekable();
        let Some(first) = claims.peek().copied() else { continue };
        if claims.all(|claim| negated(&claim.condition.operator)) {
            report.at(
                &first.path(),
                format!(
                    "The statement asks only who tokens of `{}` do not belong to: every other service account of the cluster may become the role. Name those that \
                     may, with `StringEquals`.",
                    statement.issuer
                ),
            );
        }
    }
}
