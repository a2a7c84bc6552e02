use super::dead_principal::is_unique_id;
use super::view::{arn_of, named};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::PrincipalKind;

pub(super) const RULE: Rule = Rule {
    code: "PIB315",
    slug: "malformed-principal",
    title: "Principal is none that IAM has",
    severity: Severity::Error,
    fix: "Write an account id, or an ARN such as `arn:aws:iam::111122223333:role/deploy`.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "An entry under `AWS` is neither an account id, nor the ARN of an account, role, user or session. Groups are no principals.",
    why: "IAM refuses the policy with `MalformedPolicyDocument: Invalid principal in policy`.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:group/admins"},
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
        "IAM User Guide, IAM policy validation check reference: Invalid principal format",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (index, statement) in subject.statements() {
        for principal in named(index, statement) {
            let name = principal.name;
            // What the template did not fill in, is empty or holds a wildcard has rules of its own.
            let spoken_for = name.is_empty() || name.contains(['*', '?', '$', '<', '{', '%']);
            if *principal.kind == PrincipalKind::Aws && !spoken_for && !is_principal(name) {
                report.at(
                    &principal.path,
                    format!(
                        "`{name}` is no principal: IAM refuses the policy. Write an account id, or the ARN of a role, user or session, such as \
                         `arn:aws:iam::111122223333:role/deploy`."
                    ),
                );
            }
        }
    }
}

fn is_principal(name: &str) -> bool {
    let Some(arn) = arn_of(name) else {
        return name.bytes().all(|byte| byte.is_ascii_digit()) || is_unique_id(name);
    };
    let is_one_of = |kinds: &[&str]| {
        kinds
            .iter()
            .any(|kind| arn.resource.strip_prefix(kind).is_some_and(|rest| !rest.is_empty()))
    };
    match arn.service {
        "iam" => arn.resource == "root" || is_one_of(&["role/", "user/"]),
        "sts" => is_one_of(&["assumed-role/", "federated-user/"]),
        _ => false,
    }
}
