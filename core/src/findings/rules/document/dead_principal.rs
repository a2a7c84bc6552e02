use super::view::named;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::PrincipalKind;

pub(super) const RULE: Rule = Rule {
    code: "PIB314",
    slug: "dead-principal",
    title: "Principal no longer exists",
    severity: Severity::Error,
    fix: "Name the role or user by its ARN, or remove the entry.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "Where a principal was, its unique id stands: `AROA…` for a role, `AIDA…` for a user. IAM writes it once the role or user is deleted.",
    why: "The id means nobody any more: a role or user made anew under the old name has another id and is not let in. Writing a policy with such an id fails.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": ["AROAEXAMPLE1EXAMPLE23", "arn:aws:iam::111122223333:role/deploy"]},
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
    "Principal": {"AWS": ["arn:aws:iam::111122223333:role/deploy"]},
    "Action": "sts:AssumeRole"
  }]
}"#,
        context: "",
    },
    sources: &[
        "IAM User Guide, AWS JSON policy elements: Principal",
        "IAM User Guide, IAM identifiers",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (index, statement) in subject.statements() {
        for principal in named(index, statement) {
            if *principal.kind == PrincipalKind::Aws && is_unique_id(principal.name) {
                report
                    .at(
                        &principal.path,
                        format!(
                            "`{}` is the id of a role or user that was deleted: nobody has it any more, and one made anew under the old name is not \
                             let in. Name it by its ARN, or remove it.",
                            principal.name
                        ),
                    )
                    .fixed_by("Remove the principal", subject.edits().remove(&principal.path).done());
            }
        }
    }
}

/// Whether a text is the unique id of a role or of a user.
pub(super) fn is_unique_id(name: &str) -> bool {
    (name.starts_with("AROA") || name.starts_with("AIDA"))
        && name.len() >= 16
        && name
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}
