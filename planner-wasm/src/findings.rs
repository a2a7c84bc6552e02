use pod_identity_core::findings::{self, Subject, Surroundings, find};
use serde::Serialize;
use tfmodel::json::Span;
use tfmodel::order;
use tsify::Tsify;

use crate::answer::Failure;
use crate::argument::Argument;
use crate::place::{Place, Points};

/// What is wrong with a trust policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Findings {
    /// The text that places are in: the policy, decoded if it was URL-encoded.
    pub text: String,
    /// What was found, in the order of the text.
    pub findings: Vec<Finding>,
}

/// Something that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Finding {
    /// The code of the rule.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub summary: &'static str,
    /// What was found, what it means and what to do. Words in backticks are literals.
    pub detail: String,
    /// The statement, counted from 0; none if it is in none.
    pub statement: Option<usize>,
    /// The element, such as `Statement[0].Condition["StringEquals"]`.
    pub path: String,
    /// Where it stands in the text.
    pub place: Option<Place>,
    /// What takes it away, where that can be done by machine.
    pub fix: Option<Fix>,
    /// The same for the same mistake, however the document is laid out.
    pub fingerprint: String,
    /// The name of the rule's page.
    pub slug: &'static str,
    /// What to do about all findings of the rule, in Markdown.
    pub advice: &'static str,
}

/// How a mistake is taken away: edits that do not overlap, in the order of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Fix {
    /// What it does, as a command.
    pub title: String,
    /// What it changes in the text.
    pub edits: Vec<TextEdit>,
}

/// A piece of text and what comes in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct TextEdit {
    /// The piece.
    pub place: Place,
    /// What comes in its place.
    pub replacement: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Somebody gets in who should not, or a guard guards nothing.
    Security,
    /// AWS refuses it, or pods are refused.
    Error,
    /// It works, and will not for long or not for everybody.
    Warning,
    /// It works, and could be said better.
    Suggestion,
}

/// What is wrong with a trust policy. `context` is JSON with the keys of function `trust_policy_findings`, or empty.
///
/// # Errors
/// The context has something that it cannot have. A policy that cannot be read is a finding.
pub fn trust_policy_findings(policy: &str, context: &str) -> Result<Findings, Failure> {
    let around = Argument::read("context", context)?;
    let around = Surroundings::from_value(&around.value()).map_err(|problem| around.refused(&problem))?;
    let trust = findings::TrustPolicy::new(policy);
    let found = find(&Subject {
        trust: Some(&trust),
        around: &around,
    });
    let spans = found.iter().flat_map(|one| {
        let edits = one.fix.iter().flat_map(|fix| &fix.edits);
        one.place.span.into_iter().chain(edits.map(|edit| edit.span))
    });
    let points = Points::of(&trust.text, spans);
    Ok(Findings {
        findings: found.into_iter().map(|one| Finding::new(one, &points)).collect(),
        text: trust.text,
    })
}

impl Finding {
    fn new(finding: findings::Finding, points: &Points) -> Self {
        let rule = finding.rule;
        let place = |span: Span| points.place(span);
        Self {
            code: rule.code,
            severity: rule.severity.into(),
            summary: rule.title,
            detail: finding.detail,
            statement: finding.place.statement,
            path: finding.place.path.to_string(),
            place: finding.place.span.map(place),
            fix: finding.fix.map(|mut fix| {
                order::sort_by(&mut fix.edits, |a, b| a.span.cmp(&b.span));
                let edits = fix.edits.into_iter().map(|edit| TextEdit {
                    place: place(edit.span),
                    replacement: edit.replacement,
                });
                Fix {
                    title: fix.title,
                    edits: edits.collect(),
                }
            }),
            fingerprint: finding.fingerprint,
            slug: rule.slug,
            advice: rule.fix,
        }
    }
}

impl From<findings::Severity> for Severity {
    fn from(severity: findings::Severity) -> Self {
        match severity {
            findings::Severity::Security => Self::Security,
            findings::Severity::Error => Self::Error,
            findings::Severity::Warning => Self::Warning,
            findings::Severity::Suggestion => Self::Suggestion,
        }
    }
}
