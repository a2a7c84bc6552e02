use tfmodel::path::Path;

use super::view::{arn_of, conditions, named};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::PrincipalKind;

pub(super) const RULE: Rule = Rule {
    code: "PIB318",
    slug: "account-length",
    title: "Account id has not 12 digits",
    severity: Severity::Error,
    fix: "Write all 12 digits, as a string.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "An account id, alone or in an ARN, has more or fewer than 12 digits. Leading zeros are often lost where something took the id for a number.",
    why: "There is no such account: IAM refuses a principal of it, and a condition on it never matches.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::11122223333:role/deploy"},
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
        "AWS Account Management Reference Guide, AWS account identifiers",
        "IAM User Guide, IAM policy validation check reference: Invalid ARN account",
    ],
};

/// Keys whose values are account ids.
const ACCOUNTS: &[&str] = &[
    "aws:SourceAccount",
    "aws:PrincipalAccount",
    "aws:ResourceAccount",
    "aws:VpceAccount",
];

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let mut look = |path: &Path, text: &str, is_account: bool| {
        let account = arn_of(text).map_or_else(|| is_account.then_some(text), |arn| Some(arn.account));
        if let Some(account) = account.filter(|account| is_wrong(account)) {
            report.at(
                path,
                format!(
                    "`{account}` has {} digits, and account ids have 12: there is no such account. Write all 12 digits, leading zeros too.",
                    account.len()
                ),
            );
        }
    };
    for (index, statement) in subject.statements() {
        for principal in named(index, statement) {
            look(&principal.path, principal.name, *principal.kind == PrincipalKind::Aws);
        }
    }
    for condition in conditions(subject) {
        let is_account = condition
            .known_key()
            .is_some_and(|known| ACCOUNTS.contains(&known.name));
        for (position, value) in condition.values.iter().enumerate() {
            look(&condition.value_path(position), value, is_account);
        }
    }
}

fn is_wrong(account: &str) -> bool {
    !account.is_empty() && account.len() != 12 && account.bytes().all(|byte| byte.is_ascii_digit())
}
