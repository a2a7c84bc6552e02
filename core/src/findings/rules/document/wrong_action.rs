use super::view::{Mechanism, mechanisms};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::findings::subject::statement_path;
use crate::policy::{Effect, Statement};

pub(super) const RULE: Rule = Rule {
    code: "PIB323",
    slug: "wrong-action",
    title: "Action is not for these principals",
    severity: Severity::Error,
    fix: "Name the action that goes with the principals.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "Each kind of principal gets the role by an action of its own: services and identities of AWS by `sts:AssumeRole`, SAML providers by `sts:AssumeRoleWithSAML`, OIDC providers by `sts:AssumeRoleWithWebIdentity`. IRSA and EKS Pod Identity have rules of their own.",
    why: "The statement never lets anybody in: IAM takes it, and every call is refused.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/corp"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
  }]
}"#,
        context: "",
    },
    good: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/corp"},
    "Action": "sts:AssumeRoleWithSAML",
    "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
  }]
}"#,
        context: "",
    },
    sources: &["IAM User Guide, IAM policy validation check reference: Mismatched action for principal"],
};

/// Actions that hand out the role.
const HAND_OUT: &[&str] = &[
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
];

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (index, statement) in subject.statements() {
        let Some(mechanisms) = mechanisms(statement).filter(|_| statement.effect == Effect::Allow) else {
            continue;
        };
        // IRSA and EKS Pod Identity have rules of their own.
        let others = mechanisms
            .iter()
            .all(|one| matches!(one, Mechanism::Service | Mechanism::Saml | Mechanism::Identity));
        if !others || mechanisms.iter().any(|one| statement.covers(one.action())) {
            continue;
        }
        let (Some((position, found)), Some(meant)) = (hands_out(statement), mechanisms.first()) else {
            continue;
        };
        let path = statement_path(index).with_attribute("Action").with_index(position);
        report
            .at(
                &path,
                format!(
                    "`{found}` is not how these principals get a role, and the statement allows nothing else that is: it lets nobody in. `{}` is meant.",
                    meant.action()
                ),
            )
            .fixed_by(
                format!("Write `{}`", meant.action()),
                subject.edits().set(&path, meant.action()).done(),
            );
    }
}

/// The first action by name that hands out the role.
fn hands_out(statement: &Statement) -> Option<(usize, &String)> {
    let actions = statement.actions.as_ref().filter(|actions| !actions.except)?;
    let hands_out = |name: &str| HAND_OUT.iter().any(|action| action.eq_ignore_ascii_case(name));
    actions.names.iter().enumerate().find(|(_, name)| hands_out(name))
}
