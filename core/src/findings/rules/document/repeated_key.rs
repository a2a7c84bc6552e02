use tfmodel::json::{Kind, Member, Node, Span};

use crate::findings::finding::Report;
use crate::findings::finding::TextEdit;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;
use crate::policy::Fault;

pub(super) const RULE: Rule = Rule {
    code: "PIB308",
    slug: "repeated-key",
    title: "Key stands twice in one object",
    severity: Severity::Security,
    fix: "Put the values or keys of both into one, or remove the one that does not count.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "A key of the JSON text stands twice in one object. Only the last one counts: what the earlier one says is lost, without a word.",
    why: "Two conditions under one operator become one, or the second of two `StringEquals` replaces the first: a guard that the author sees in the text is not there for IAM.",
    bad: Example {
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/deploy"},
    "Action": "sts:AssumeRole",
    "Condition": {
      "StringEquals": {"sts:ExternalId": "ticket-4711"},
      "StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}
    }
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
    "Condition": {"StringEquals": {
      "sts:ExternalId": "ticket-4711",
      "aws:PrincipalOrgID": "o-a1b2c3d4e5"
    }}
  }]
}"#,
        context: "",
    },
    sources: &["RFC 8259, section 4"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let Some(Ok(parsed)) = subject.trust.map(|trust| &trust.parsed) else {
        return;
    };
    for located in &parsed.warnings {
        let Fault::RepeatedKey(key) = &located.fault else {
            continue;
        };
        report
            .fault(
                located,
                format!(
                    "`{key}` stands twice in one object; only the last one counts, and what the earlier one says is lost. Put both into one, or \
                     remove the one that does not count."
                ),
            )
            .fixed_by(
                format!("Remove the `{key}` that does not count"),
                earlier(&parsed.source, located.span).into_iter().collect(),
            );
    }
}

/// Takes away the member of the same key before the one whose key stands at `key`, with the comma after it.
fn earlier(node: &Node, key: Span) -> Option<TextEdit> {
    let inside = |span: Span| span.start <= key.start && key.end <= span.end;
    let members = node.members();
    if let Some(position) = members.iter().position(|member| member.key_span == key) {
        let name = &members.get(position)?.key;
        let shadowed = members.iter().take(position).rposition(|member| member.key == *name)?;
        let starts = |member: &Member| member.key_span.start;
        return Some(TextEdit {
            span: Span {
                start: starts(members.get(shadowed)?),
                end: starts(members.get(shadowed + 1)?),
            },
            replacement: String::new(),
        });
    }
    match &node.kind {
        Kind::Object(members) => members
            .iter()
            .find(|member| inside(member.value.span))
            .and_then(|member| earlier(&member.value, key)),
        Kind::Array(elements) => elements
            .iter()
            .find(|element| inside(element.span))
            .and_then(|element| earlier(element, key)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => None,
    }
}
