use super::view::{ConditionView, is_for_everybody};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::{Effect, Operator};

pub(super) const RULE: Rule = Rule {
    code: "PIB310",
    slug: "everybody",
    title: "Trust policy lets everybody in",
    severity: Severity::Security,
    fix: "Name the principals. Where that is not possible, add a condition such as `aws:PrincipalOrgID`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement allows the principal `*`, and no condition narrows whom that is. It leaves alone policies with a `Deny` that stops everybody but some, such as those of an organization.",
    why: "Anybody with an AWS account anywhere may become the role.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "*"},
    "Action": "sts:AssumeRole"
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole"
  }]
}"#,
        context: "",
    },
    sources: &[
        "IAM User Guide, AWS JSON policy elements: Principal",
        "IAM User Guide, IAM policy validation check reference: Role trust policy unsupported wildcard in principal",
    ],
};

/// Keys whose value the caller chooses, or that say nothing about who calls.
const ANYBODYS: &[&str] = &[
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalType",
    "aws:RequestTag/",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
    "aws:ResourceTag/",
    "aws:SecureTransport",
    "aws:TagKeys",
    "aws:TokenIssueTime",
    "aws:UserAgent",
    "aws:ViaAWSService",
    "aws:referer",
    "iam:ResourceTag/",
    "sts:DurationSeconds",
    "sts:RoleSessionName",
    "sts:SourceIdentity",
    "sts:TransitiveTagKeys",
];

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (index, statement) in subject.statements() {
        let open = statement.effect == Effect::Allow
            && statement.principals.as_ref().is_some_and(is_for_everybody)
            && !statement
                .conditions
                .iter()
                .any(|condition| narrows(&ConditionView::new(index, statement, condition)))
            && !is_kept_to_some(subject);
        if open {
            report.statement(
                index,
                "The statement allows the principal `*`, and no condition says who that may be: anybody with an AWS account may become the role. Name \
                 the principals.",
            );
        }
    }
}

/// Whether a `Deny` stops everybody but some, for who they are, or everybody but those and services of AWS.
pub(super) fn is_kept_to_some(subject: &Subject<'_>) -> bool {
    let is_service = |condition: &ConditionView<'_>| {
        condition
            .known_key()
            .is_some_and(|known| known.name == "aws:PrincipalIsAWSService")
    };
    let spares = |condition: &ConditionView<'_>| {
        condition.operator.is_some_and(Operator::is_negated) && is_by_who_calls(condition)
    };
    subject.statements().any(|(index, statement)| {
        let mut conditions = statement
            .conditions
            .iter()
            .map(|condition| ConditionView::new(index, statement, condition))
            .filter(|condition| !is_service(condition))
            .peekable();
        statement.effect == Effect::Deny
            && statement.principals.as_ref().is_some_and(is_for_everybody)
            && statement.covers("sts:AssumeRole")
            && conditions.peek().is_some()
            && conditions.all(|condition| spares(&condition))
    })
}

/// Whether a key says who calls; taken to be so where nobody can know.
fn is_by_who_calls(condition: &ConditionView<'_>) -> bool {
    condition
        .known_key()
        .is_none_or(|known| !ANYBODYS.contains(&known.name))
}

/// Whether a condition leaves out some callers for who they are; taken to be so where nobody can know.
fn narrows(condition: &ConditionView<'_>) -> bool {
    let anything = |value: &String| !value.is_empty() && value.bytes().all(|byte| byte == b'*');
    let asks = condition
        .operator
        .is_none_or(|operator| !operator.passes_without_key() && !operator.is_negated());
    is_by_who_calls(condition) && asks && !condition.values.iter().any(anything)
}
