use serde::Serialize;

use super::context::Context;
use super::explain::name;
use super::statement::{Statement, decide};
use super::verdict::{Truth, Verdict};
use crate::policy::{Document, DocumentUse};

/// Whether a session policy blocks an action on a resource, and why.
///
/// A session policy grants nothing: what it does not block, the permissions of the role have to allow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Blocking {
    /// Whether it is blocked.
    pub answer: Blocked,
    /// Why, in sentences.
    pub because: Vec<String>,
}

/// Whether a session policy blocks an action on a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Blocked {
    /// It is blocked: a statement denies it, or none allows it.
    Blocked,
    /// It is not blocked by this document.
    NotBlocked,
    /// It depends on what nobody can know offline.
    Unknown,
    /// IAM does not take the document as a session policy.
    Invalid,
}

/// Does this session policy, or these permissions, block this action on this resource? The resource is an ARN, or `*` for an action that
/// is about none.
pub fn blocked(document: &Document, action: &str, resource: &str, context: &Context) -> Blocking {
    let refusals = document.refusals(DocumentUse::Session);
    if !refusals.is_empty() {
        return Blocking {
            answer: Blocked::Invalid,
            because: refusals.iter().map(ToString::to_string).collect(),
        };
    }
    let statements = Statement::all(document);
    let (verdict, decided_by) = decided(&statements, action, resource, context);
    let name = decided_by.and_then(|index| {
        let statement = statements.get(index)?;
        let name = name(index, statement.source.sid.as_deref());
        // In the middle of a sentence.
        Some(name.replacen('S', "s", 1))
    });
    let (answer, sentence) = match (verdict, name) {
        (Verdict::Allow, Some(name)) => (
            Blocked::NotBlocked,
            format!("`{action}` on `{resource}` is not blocked by it: {name} allows it, as far as the role may do it."),
        ),
        (Verdict::Deny, Some(name)) => (
            Blocked::Blocked,
            format!("`{action}` on `{resource}` is blocked: {name} denies it."),
        ),
        (Verdict::Unknown, Some(name)) => (
            Blocked::Unknown,
            format!(
                "Whether `{action}` on `{resource}` is blocked depends on {name}, and nobody can know that offline."
            ),
        ),
        _ => (
            Blocked::Blocked,
            format!("`{action}` on `{resource}` is blocked: no statement allows it."),
        ),
    };
    Blocking {
        answer,
        because: vec![sentence],
    }
}

/// Whether these permissions together allow this action on this resource; `None` if that depends on what nobody can know offline.
pub fn permitted(documents: &[Document], action: &str, resource: &str, context: &Context) -> Option<bool> {
    let statements: Vec<Statement<'_>> = documents.iter().flat_map(Statement::all).collect();
    match decided(&statements, action, resource, context).0 {
        Verdict::Allow => Some(true),
        Verdict::Deny => Some(false),
        Verdict::Unknown | Verdict::Invalid => None,
    }
}

/// Whether a statement of permissions denies this action on this resource, whatever allows it.
pub(crate) fn denies(document: &Document, action: &str, resource: &str, context: &Context) -> bool {
    matches!(
        decided(&Statement::all(document), action, resource, context),
        (Verdict::Deny, Some(_))
    )
}

fn decided(statements: &[Statement<'_>], action: &str, resource: &str, context: &Context) -> (Verdict, Option<usize>) {
    decide(statements.iter().map(|statement| {
        let mut matches = statement
            .has_action(action)
            .and(statement.has_resource(resource, context));
        if matches != Truth::False {
            matches = matches.and(statement.holds(context));
        }
        (statement.source.effect, matches)
    }))
}
