use super::view::{Mechanism, mechanisms};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::findings::subject::statement_path;
use crate::policy::{Effect, Strings};

pub(super) const RULE: Rule = Rule {
    code: "PIB321",
    slug: "all-actions",
    title: "Trust policy allows every action",
    severity: Severity::Security,
    fix: "Name the actions that are meant: `sts:AssumeRole`, with `sts:TagSession` for EKS Pod Identity, or `sts:AssumeRoleWithWebIdentity` for IRSA.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A statement allows `*` or `sts:*`.",
    why: "Beside handing out the role, that lets the caller choose session tags, a source identity and a context, which other policies may rely on.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:*"
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
        "IAM User Guide, IAM JSON policy elements: Action",
        "AWS Security Token Service API Reference, Actions",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    for (index, statement) in subject.statements() {
        let Some(actions) = statement.actions.as_ref().filter(|actions| !actions.except) else {
            continue;
        };
        let all = |name: &&String| matches!(name.to_ascii_lowercase().as_str(), "*" | "sts:*");
        let (Effect::Allow, Some(found)) = (statement.effect, actions.names.iter().find(all)) else {
            continue;
        };
        let path = statement_path(index).with_attribute("Action");
        let finding = report.at(
            &path,
            format!("The statement allows `{found}`, and so session tags and source identities of the caller's choice. Name the actions that are meant."),
        );
        if let Some(meant) = mechanisms(statement).and_then(|mechanisms| meant(&mechanisms)) {
            finding.fixed_by("Name the actions", subject.edits().set(&path, &meant).done());
        }
    }
}

/// The actions that one mechanism needs.
fn meant(mechanisms: &[Mechanism]) -> Option<Strings> {
    match mechanisms {
        [one @ Mechanism::PodIdentity] => Some(
            [one.action(), "sts:TagSession"]
                .map(str::to_owned)
                .into_iter()
                .collect(),
        ),
        [one] => Some(one.action().into()),
        _ => None,
    }
}
