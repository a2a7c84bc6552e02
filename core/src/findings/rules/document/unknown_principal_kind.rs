use tfmodel::spelling::closest;

use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::findings::subject::statement_path;
use crate::policy::{PrincipalKind, Who};

pub(super) const RULE: Rule = Rule {
    code: "PIB319",
    slug: "unknown-principal-kind",
    title: "IAM has no such kind of principal",
    severity: Severity::Error,
    fix: "Write the kind as IAM spells it.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "Principals are `AWS`, `Service` or `Federated`, in this case. `CanonicalUser` is for Amazon S3 only.",
    why: "IAM refuses the policy with `MalformedPolicyDocument`.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Services": "ec2.amazonaws.com"},
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
    "Principal": {"Service": "ec2.amazonaws.com"},
    "Action": "sts:AssumeRole"
  }]
}"#,
        context: "",
    },
    sources: &[
        "IAM User Guide, AWS JSON policy elements: Principal",
        "IAM User Guide, IAM policy validation check reference: Invalid principal key",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (index, statement) in subject.statements() {
        let Some(principals) = &statement.principals else {
            continue;
        };
        let Who::Named(named) = &principals.who else {
            continue;
        };
        for principal in named {
            let kind = match &principal.kind {
                PrincipalKind::Other(_) | PrincipalKind::CanonicalUser => principal.kind.as_str(),
                PrincipalKind::Aws | PrincipalKind::Service | PrincipalKind::Federated => continue,
            };
            let path = statement_path(index)
                .with_attribute(principals.element())
                .with_attribute(kind);
            match closest(kind, ["AWS", "Service", "Federated"]) {
                Some(meant) => report
                    .at(
                        &path,
                        format!("`{kind}` is no kind of principal: IAM refuses the policy. `{meant}` may be meant."),
                    )
                    .fixed_by(
                        format!("Rename `{kind}` to `{meant}`"),
                        subject.edits().rename(&path, meant).done(),
                    ),
                None => report.at(
                    &path,
                    format!("`{kind}` is no kind of principal: IAM refuses the policy. Write `AWS`, `Service` or `Federated`."),
                ),
            };
        }
    }
}
