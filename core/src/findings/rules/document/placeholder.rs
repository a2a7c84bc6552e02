use tfmodel::path::Path;

use super::view::{conditions, named};
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::findings::subject::statement_path;

pub(super) const RULE: Rule = Rule {
    code: "PIB357",
    slug: "placeholder",
    title: "Text of a template was left in",
    severity: Severity::Error,
    fix: "Fill in the real value.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A value still holds what a template or an example had in place of the real value: `ACCOUNT_ID`, `<cluster>`, `${var.name}`, `{{ .Values.name }}`.",
    why: "IAM refuses the policy, or takes the text as it stands, which no request has.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"sts:ExternalId": "REPLACE_ME"}}
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
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"sts:ExternalId": "ticket-4711"}}
  }]
}"#,
        context: "",
    },
    sources: &[
        "Amazon EKS User Guide, Assign an IAM role to a Kubernetes service account",
        "IAM User Guide, IAM policy elements: Variables and tags",
    ],
};

/// What stands between `${` and `}` or a dot in Terraform, and is no condition key.
const TERRAFORM: &[&str] = &[
    "aws_",
    "count.",
    "data.",
    "each.",
    "local.",
    "module.",
    "path.",
    "self.",
    "terraform.",
    "var.",
];

/// Words in capitals that stand for something.
const WORDS: &[&str] = &[
    "ACCOUNT",
    "ACCOUNTID",
    "ACCOUNT_ID",
    "AWS_ACCOUNT",
    "AWS_ACCOUNT_ID",
    "AWS_REGION",
    "CHANGEME",
    "CHANGE_ME",
    "CLUSTER",
    "CLUSTER_NAME",
    "FIXME",
    "ISSUER",
    "NAMESPACE",
    "OIDC_ID",
    "OIDC_ISSUER",
    "OIDC_PROVIDER",
    "OIDC_URL",
    "PLACEHOLDER",
    "REGION",
    "REPLACEME",
    "ROLE_NAME",
    "SERVICE_ACCOUNT",
    "SERVICE_ACCOUNT_NAME",
    "TODO",
    "XXXXXXXXXXXX",
];

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let mut look = |path: &Path, text: &str| {
        if let Some(left) = placeholder(text) {
            report.at(
                path,
                format!("`{left}` is text of a template that was not filled in, and no request has it as its value. Write the real value."),
            );
        }
    };
    for (index, statement) in subject.statements() {
        for principal in named(index, statement) {
            look(&principal.path, principal.name);
        }
        if let Some(actions) = &statement.actions {
            let path = statement_path(index).with_attribute(actions.element());
            for (position, name) in actions.names.iter().enumerate() {
                look(&path.with_index(position), name);
            }
        }
    }
    for condition in conditions(subject) {
        // The key of a tag may be any word.
        if condition.known_key().is_none() {
            look(&condition.path(), &condition.key);
        }
        for (position, value) in condition.values.iter().enumerate() {
            look(&condition.value_path(position), value);
        }
    }
}

/// The first piece of a text that stands for something else.
pub(super) fn placeholder(text: &str) -> Option<&str> {
    between(text, "{{", "}}")
        .or_else(|| between(text, "<", ">"))
        .or_else(|| between(text, "${", "}").filter(|found| is_of_template(found)))
        .or_else(|| between(text, "%{", "}"))
        .or_else(|| words(text).find(|word| is_stand_in(word)))
}

/// The first piece between two marks, with both.
fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    let from = text.get(text.find(start)?..)?;
    from.get(..from.find(end)? + end.len())
}

/// Whether `${…}` is a reference of Terraform or of CloudFormation, and not a policy variable.
fn is_of_template(reference: &str) -> bool {
    let name = reference.trim_start_matches("${").trim_start();
    name.contains("::")
        || TERRAFORM
            .iter()
            .any(|start| name.starts_with(start) && !name.contains(':'))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'))
}

fn is_stand_in(word: &str) -> bool {
    let starts = |start: &str| word.starts_with(start) && word.len() > start.len();
    WORDS.contains(&word) || starts("YOUR_") || starts("REPLACE_") || starts("MY_")
}
