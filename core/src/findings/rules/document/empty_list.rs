use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::{Subject, statement_path};
use crate::policy::{DocumentUse, RefusalKind};

pub(super) const RULE: Rule = Rule {
    code: "PIB359",
    slug: "empty-list",
    title: "List of the trust policy is empty",
    severity: Severity::Error,
    fix: "Fill the list, or remove what it belongs to.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A list of principals, actions or values has nothing in it, or the policy has no statement.",
    why: "IAM refuses the policy, or the statement is about nothing.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": []},
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
        "IAM User Guide, Grammar of the IAM JSON policy language",
        "IAM User Guide, IAM policy validation check reference: Empty array principal",
    ],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let Some(document) = subject.trust.and_then(|trust| trust.document()) else {
        return;
    };
    for refusal in document.refusals(DocumentUse::Trust) {
        if matches!(refusal.kind, RefusalKind::NoValue | RefusalKind::Empty) {
            report.at(
                &refusal.path,
                format!(
                    "{} IAM refuses the policy. Fill the list, or remove what it belongs to.",
                    refusal.message
                ),
            );
        }
    }
    for (index, statement) in subject.statements() {
        for condition in statement
            .conditions
            .iter()
            .filter(|condition| condition.values.as_slice().is_empty())
        {
            let path = statement_path(index)
                .with_attribute("Condition")
                .with_key(&condition.operator)
                .with_key(&condition.key);
            report.at(
                &path,
                format!(
                    "The condition on `{}` has no value that a request could have. Fill the list, or remove the condition.",
                    condition.key
                ),
            );
        }
    }
}
