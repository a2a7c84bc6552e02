use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};
use tfmodel::json::Span;
use tfmodel::order;
use tfmodel::path::Path;

use super::rule::Rule;
use super::subject::{Subject, statement_path};
use crate::ids::digest;
use crate::policy::Located;

/// Something that is wrong, and where.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The kind of mistake; its title is the summary.
    pub rule: &'static Rule,
    /// What was found, what it means and what to do, in sentences.
    pub detail: String,
    /// Where.
    pub place: Place,
    /// What takes it away, where that can be done by machine.
    pub fix: Option<Fix>,
    /// The same for the same mistake, however the document is laid out and its statements are ordered.
    pub fingerprint: String,
}

/// Where in the trust policy; nowhere for a mistake that is not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The element, such as `Statement[0].Condition["StringEquals"]`.
    #[serde(serialize_with = "path")]
    pub path: Path,
    /// Its bytes in the text.
    #[serde(skip)]
    pub span: Option<Span>,
    /// The statement, counted from 0.
    pub statement: Option<usize>,
}

/// How a mistake is taken away: edits that do not overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a command: "Add the audience".
    pub title: String,
    /// What it changes in the text.
    pub edits: Vec<TextEdit>,
}

/// Bytes of a text and what comes in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// The bytes.
    pub span: Span,
    /// What comes in their place.
    pub replacement: String,
}

impl Fix {
    /// The text with the edits made.
    pub fn apply(&self, text: &str) -> String {
        let mut edits: Vec<&TextEdit> = self.edits.iter().collect();
        order::sort_by(&mut edits, |a, b| a.span.cmp(&b.span));
        let mut fixed = String::with_capacity(text.len());
        let mut from = 0;
        for edit in edits {
            let (start, end) = (edit.span.start as usize, edit.span.end as usize);
            fixed.push_str(text.get(from..start).unwrap_or_default());
            fixed.push_str(&edit.replacement);
            from = end.max(from);
        }
        fixed.push_str(text.get(from..).unwrap_or_default());
        fixed
    }
}

/// Where a rule tells what it finds.
#[derive(Debug)]
pub(super) struct Report<'r, 's> {
    rule: &'static Rule,
    subject: &'r Subject<'s>,
    found: &'r mut Vec<Finding>,
}

impl<'r, 's> Report<'r, 's> {
    pub(super) fn new(rule: &'static Rule, subject: &'r Subject<'s>, found: &'r mut Vec<Finding>) -> Self {
        Self { rule, subject, found }
    }

    /// A mistake at an element of the trust policy.
    pub(super) fn at(&mut self, path: &Path, detail: impl Into<String>) -> &mut Finding {
        let place = self
            .subject
            .trust
            .map_or_else(Place::default, |trust| trust.place(path));
        self.add(place, detail.into())
    }

    /// A mistake in the text that keeps it from being a policy document.
    pub(super) fn fault(&mut self, fault: &Located, detail: impl Into<String>) -> &mut Finding {
        let place = self
            .subject
            .trust
            .map_or_else(Place::default, |trust| trust.place_of(fault.span));
        self.add(place, detail.into())
    }

    /// A mistake in a statement as a whole.
    pub(super) fn statement(&mut self, index: usize, detail: impl Into<String>) -> &mut Finding {
        self.at(&statement_path(index), detail)
    }

    /// A mistake that is not in the trust policy.
    pub(super) fn around(&mut self, detail: impl Into<String>) -> &mut Finding {
        self.add(Place::default(), detail.into())
    }

    fn add(&mut self, place: Place, detail: String) -> &mut Finding {
        let statement = place
            .statement
            .and_then(|index| self.subject.trust?.document()?.statements.get(index))
            .map(|statement| statement.canonical().to_json())
            .unwrap_or_default();
        let mut fingerprint = digest(&[self.rule.code, &statement, &detail], 20);
        // The same mistake again, as in a statement that stands twice.
        while self.found.iter().any(|one| one.fingerprint == fingerprint) {
            fingerprint = digest(&[&fingerprint], 20);
        }
        let at = self.found.len();
        self.found.push(Finding {
            rule: self.rule,
            detail,
            place,
            fix: None,
            fingerprint,
        });
        #[expect(clippy::indexing_slicing, reason = "it was pushed a line above")]
        &mut self.found[at]
    }
}

impl Finding {
    /// With what takes it away, if there are any edits.
    pub(super) fn fixed_by(&mut self, title: impl Into<String>, edits: Vec<TextEdit>) -> &mut Self {
        self.fix = (!edits.is_empty()).then(|| Fix {
            title: title.into(),
            edits,
        });
        self
    }
}

/// As function `trust_policy_findings` returns it.
impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Finding", 7)?;
        fields.serialize_field("code", self.rule.code)?;
        fields.serialize_field("severity", &self.rule.severity)?;
        fields.serialize_field("summary", self.rule.title)?;
        fields.serialize_field("detail", &self.detail)?;
        fields.serialize_field("statement", &self.place.statement)?;
        fields.serialize_field("path", &self.place.path.to_string())?;
        fields.serialize_field("fingerprint", &self.fingerprint)?;
        fields.end()
    }
}

fn path<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(path)
}
