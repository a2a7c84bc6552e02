use super::principal::Asking;
use super::request::Request;
use super::statement::{Statement, decide};
use super::verdict::{Truth, Verdict};
use crate::policy::{Document, DocumentUse, Refusal};

/// A trust policy, read once for many requests.
///
/// ```
/// use pod_identity_core::evaluate::{Call, Caller, Context, Prepared, Request, Verdict};
/// use pod_identity_core::policy::Document;
///
/// let document = Document::parse(
///     r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"},
///         "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}]}"#,
/// )?;
/// let prepared = Prepared::new(&document);
/// let request = Request {
///     caller: Caller::Service("pods.eks.amazonaws.com".to_owned()),
///     calls: vec![Call {
///         action: "sts:AssumeRole".to_owned(),
///         context: Context::new().with_value("aws:SourceAccount", "111122223333"),
///     }],
/// };
/// assert_eq!(prepared.verdict(&request), Verdict::Allow);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Prepared<'d> {
    pub(super) statements: Vec<Statement<'d>>,
    pub(super) refusals: Vec<Refusal>,
}

impl<'d> Prepared<'d> {
    /// Reads the document.
    pub fn new(document: &'d Document) -> Self {
        Self {
            statements: Statement::all(document),
            refusals: document.refusals(DocumentUse::Trust),
        }
    }

    /// The answer to a request, without what [`evaluate()`](super::evaluate()) has to say about it.
    pub fn verdict(&self, request: &Request) -> Verdict {
        if !self.refusals.is_empty() {
            return Verdict::Invalid;
        }
        let asking = Asking::from(&request.caller);
        let each = request.calls.iter().map(|call| {
            let statements = self.statements.iter().map(|statement| {
                let mut matches = statement.is_about(asking);
                if matches != Truth::False {
                    matches = matches.and(statement.has_action(&call.action));
                }
                if matches != Truth::False {
                    matches = matches.and(statement.holds(&call.context));
                }
                (statement.source.effect, matches)
            });
            decide(statements).0
        });
        together(each)
    }
}

/// What the verdicts on all calls come to; nobody is let in who asks for nothing.
pub(super) fn together(calls: impl Iterator<Item = Verdict>) -> Verdict {
    let mut all = None;
    for verdict in calls {
        match verdict {
            Verdict::Deny | Verdict::Invalid => return verdict,
            Verdict::Unknown => all = Some(Verdict::Unknown),
            Verdict::Allow => _ = all.get_or_insert(Verdict::Allow),
        }
    }
    all.unwrap_or(Verdict::Deny)
}
