use tfmodel::json::{Kind, Node, Span};

use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::can_hold;

pub(super) const RULE: Rule = Rule {
    code: "PIB358",
    slug: "illegal-character",
    title: "Character that policies cannot hold",
    severity: Severity::Error,
    fix: "Write the character in ASCII, or remove it.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "Policies hold printable characters of Latin-1, tabs and line ends. Here is another one: often a dash, a quote or an invisible character that came along with copied text.",
    why: "IAM refuses the policy with a validation error.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"sts:ExternalId": "ticket–4711"}}
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
    sources: &["IAM API Reference, CreateRole: AssumeRolePolicyDocument"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let Some(trust) = subject.trust else {
        return;
    };
    let Ok(parsed) = &trust.parsed else {
        return;
    };
    let mut found = Vec::new();
    look(&parsed.source, &mut found);
    for (span, character) in found {
        let path = trust.place_of(span).path;
        report.at(
            &path,
            format!(
                "The character U+{:04X} (`{}`) stands here, and policies cannot hold it: IAM refuses the policy. Write it in ASCII, or remove it.",
                u32::from(character),
                character.escape_debug()
            ),
        );
    }
}

/// The first such character of each text of a document.
fn look(node: &Node, found: &mut Vec<(Span, char)>) {
    let mut text = |text: &str, span: Span| {
        found.extend(
            text.chars()
                .find(|character| !can_hold(*character))
                .map(|character| (span, character)),
        );
    };
    match &node.kind {
        Kind::String(value) => text(value, node.span),
        Kind::Array(elements) => elements.iter().for_each(|element| look(element, found)),
        Kind::Object(members) => {
            for member in members {
                let mut key = Vec::new();
                key.extend(
                    member
                        .key
                        .chars()
                        .find(|character| !can_hold(*character))
                        .map(|character| (member.key_span, character)),
                );
                found.append(&mut key);
                look(&member.value, found);
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => {}
    }
}
