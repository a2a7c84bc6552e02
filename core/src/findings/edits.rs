mod style;

use tfmodel::json::{self, Kind, Member, Node, Span, write_string};
use tfmodel::path::{Path, Step};

use super::finding::TextEdit;

pub use style::Json;
use style::{Change, Style, line_indentation, span};

/// Changes to the text of a policy, made one after the other, that leave the rest of the text as its author wrote it.
///
/// Paths are those of the text as changed so far; operators and condition keys are keys, all other elements attributes. If one change cannot be
/// made, none is.
///
/// ```
/// use pod_identity_core::findings::{Edits, Fix};
/// use tfmodel::Path;
///
/// let text = r#"{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}"#;
/// let action = Path::attribute("Statement").with_index(0).with_attribute("Action");
/// let edits = Edits::of(text).push(&action, "sts:TagSession").done();
/// let fixed = Fix { title: "Allow session tags".to_owned(), edits }.apply(text);
/// assert_eq!(fixed, r#"{"Statement": [{"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"]}]}"#);
/// ```
#[derive(Debug)]
pub struct Edits {
    /// The text so far, in pieces.
    pieces: Vec<Piece>,
    /// The text so far; none once a change could not be made.
    text: Option<String>,
    style: Style,
}

#[derive(Clone, Debug)]
enum Piece {
    Kept(Span),
    Added(String),
}

impl Edits {
    /// Of this text.
    pub fn of(text: &str) -> Self {
        let whole = span(0, text.len());
        Self {
            pieces: vec![Piece::Kept(whole)],
            style: Style::of(text),
            text: Some(text.to_owned()),
        }
    }

    /// Gives an element this value. What is not there yet is added, as the last member of its object, together with the objects around it.
    #[must_use]
    pub fn set(self, path: &Path, value: impl Into<Json>) -> Self {
        let value = value.into();
        self.change(|text, root, style| style.set(text, root, path, value))
    }

    /// Adds a string to a list of strings. One string becomes a list; what is not there becomes one string; what is in it already stays alone.
    #[must_use]
    pub fn push(self, path: &Path, value: &str) -> Self {
        self.change(|text, root, style| {
            let Some(place) = find(root, path) else {
                return style.set(text, root, path, value.into());
            };
            let there = span(place.span.start as usize, place.span.start as usize);
            match &place.kind {
                Kind::Array(elements) if elements.iter().any(|one| one.as_str() == Some(value)) => {
                    Some((there, String::new()))
                }
                Kind::String(one) if one == value => Some((there, String::new())),
                Kind::Array(elements) => {
                    let added = style.print(&Json::from(value), None);
                    Some(style.add(text, place, elements.last().map(|last| last.span), |_| added))
                }
                Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
                    let mut list = format!("[{},{}", place.span.of(text), style.space);
                    write_string(&mut list, value);
                    list.push(']');
                    Some((place.span, list))
                }
                Kind::Object(_) => None,
            }
        })
    }

    /// Adds a statement so many places behind the one at the path; a single statement becomes a list.
    #[must_use]
    pub fn insert(self, path: &Path, places: usize, value: impl Into<Json>) -> Self {
        let value = value.into();
        self.change(|text, root, style| {
            let Some(Step::Index(index)) = path.steps().last() else {
                return None;
            };
            let list = find(root, &path.parent()?)?;
            let indent = |node: &Node| line_indentation(text, node.span.start);
            if !matches!(list.kind, Kind::Array(_)) {
                let broken = list.span.of(text).contains('\n').then(|| indent(list));
                let added = style.print(&value, broken);
                return Some((list.span, format!("[{},{}{added}]", list.span.of(text), style.space)));
            }
            let last = list.elements().get(index + places - 1)?;
            let change = style.add(text, list, Some(last.span), |line| {
                let broken = last.span.of(text).contains('\n').then(|| indent(last));
                style.print(&value, line.or(broken))
            });
            Some(change)
        })
    }

    /// Takes an element away, with its comma. Within a condition, what would be empty then goes as well; elsewhere nothing may become empty.
    #[must_use]
    pub fn remove(self, path: &Path) -> Self {
        let mut edits = self.change(|_, root, _| remove(root, path));
        // The earlier ones of a repeated key would come to life.
        while matches!(path.steps().last(), Some(Step::Attribute(_) | Step::Key(_))) && edits.has(path) {
            edits = edits.change(|_, root, _| remove(root, path));
        }
        edits
    }

    /// Gives a member another key, which its object must not have yet.
    #[must_use]
    pub fn rename(self, path: &Path, key: &str) -> Self {
        self.change(|_, root, _| {
            let parent = find(root, &path.parent()?)?;
            let member = member(parent, path.steps().last()?)?;
            if parent.get(key).is_some() {
                return None;
            }
            let mut name = String::new();
            write_string(&mut name, key);
            Some((member.key_span, name))
        })
    }

    /// Takes an element from one place to another where nothing is yet, as [`Edits::set`] and [`Edits::remove`] do.
    #[must_use]
    pub fn transfer(self, from: &Path, to: &Path) -> Self {
        let found = self.text.as_deref().and_then(|text| {
            let root = json::parse(text).ok()?;
            find(&root, to).is_none().then(|| find(&root, from).cloned())?
        });
        match found {
            Some(node) => self.set(to, Json(node.kind)).remove(from),
            None => self.failed(),
        }
    }

    /// The changes as edits of the text that they started from; none if one of them could not be made.
    pub fn done(self) -> Vec<TextEdit> {
        let mut edits = Vec::new();
        if self.text.is_none_or(|text| json::parse(&text).is_err()) {
            return edits;
        }
        let mut at = 0;
        let mut replacement = String::new();
        let end = self.pieces.iter().fold(0, |end, piece| match piece {
            Piece::Kept(kept) => end.max(kept.end),
            Piece::Added(_) => end,
        });
        for piece in self.pieces {
            match piece {
                Piece::Added(text) => replacement.push_str(&text),
                Piece::Kept(kept) => {
                    if kept.start > at || !replacement.is_empty() {
                        edits.push(TextEdit {
                            span: Span {
                                start: at,
                                end: kept.start,
                            },
                            replacement: std::mem::take(&mut replacement),
                        });
                    }
                    at = kept.end;
                }
            }
        }
        if !replacement.is_empty() {
            edits.push(TextEdit {
                span: Span { start: at, end },
                replacement,
            });
        }
        edits
    }

    fn has(&self, path: &Path) -> bool {
        self.text
            .as_deref()
            .and_then(|text| json::parse(text).ok())
            .is_some_and(|root| find(&root, path).is_some())
    }

    fn failed(self) -> Self {
        Self { text: None, ..self }
    }

    fn change(mut self, make: impl FnOnce(&str, &Node, &Style) -> Option<Change>) -> Self {
        let changed = self.text.as_deref().and_then(|text| {
            let root = json::parse(text).ok()?;
            let (place, added) = make(text, &root, &self.style)?;
            let before = text.get(..place.start as usize)?;
            let after = text.get(place.end as usize..)?;
            Some((format!("{before}{added}{after}"), place, added))
        });
        match changed {
            Some((text, place, added)) => {
                self.pieces = replaced(self.pieces, place, added);
                self.text = Some(text);
                self
            }
            None => self.failed(),
        }
    }
}

/// The pieces with the bytes at `place`, counted in the text that they make, replaced.
fn replaced(pieces: Vec<Piece>, place: Span, added: String) -> Vec<Piece> {
    let mut result = Vec::with_capacity(pieces.len() + 2);
    let (start, end) = (place.start as usize, place.end as usize);
    let mut added = Some(added).filter(|added| !added.is_empty());
    let mut from = 0;
    for piece in pieces {
        let length = piece.length();
        let to = from + length;
        let before = start.saturating_sub(from).min(length);
        let after = end.saturating_sub(from).min(length);
        result.extend(piece.part(0, before));
        if start <= to {
            result.extend(added.take().map(Piece::Added));
        }
        result.extend(piece.part(after.max(before), length));
        from = to;
    }
    result.extend(added.map(Piece::Added));
    result
}

impl Piece {
    fn length(&self) -> usize {
        match self {
            Self::Kept(span) => (span.end - span.start) as usize,
            Self::Added(text) => text.len(),
        }
    }

    fn part(&self, from: usize, to: usize) -> Option<Self> {
        if from >= to {
            return None;
        }
        match self {
            Self::Kept(kept) => {
                let start = kept.start as usize;
                Some(Self::Kept(span(start + from, start + to)))
            }
            Self::Added(text) => text.get(from..to).map(|part| Self::Added(part.to_owned())),
        }
    }
}

/// The node at a path. A single string or statement is element 0 of itself.
fn find<'n>(root: &'n Node, path: &Path) -> Option<&'n Node> {
    path.steps().iter().try_fold(root, |node, step| match step {
        Step::Attribute(name) | Step::Key(name) => node.get(name),
        Step::Index(index) if matches!(node.kind, Kind::Array(_)) => node.elements().get(*index),
        Step::Index(index) => (*index == 0).then_some(node),
    })
}

fn member<'n>(parent: &'n Node, step: &Step) -> Option<&'n Member> {
    match step {
        Step::Attribute(name) | Step::Key(name) => parent.members().iter().rev().find(|one| one.key == *name),
        Step::Index(_) => None,
    }
}

fn remove(root: &Node, path: &Path) -> Option<Change> {
    let parent_path = path.parent()?;
    let parent = find(root, &parent_path)?;
    let siblings: Vec<Span> = match &parent.kind {
        Kind::Array(elements) => elements.iter().map(|one| one.span).collect(),
        Kind::Object(members) => members
            .iter()
            .map(|one| Span {
                start: one.key_span.start,
                end: one.value.span.end,
            })
            .collect(),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => return remove_emptied(root, &parent_path),
    };
    let index = match path.steps().last()? {
        Step::Index(index) if matches!(parent.kind, Kind::Array(_)) => *index,
        // The only statement.
        Step::Index(_) => return None,
        step => {
            let found = member(parent, step)?;
            siblings.iter().position(|one| one.start == found.key_span.start)?
        }
    };
    let gone = *siblings.get(index)?;
    let cut = match (
        index.checked_sub(1).and_then(|at| siblings.get(at)),
        siblings.get(index + 1),
    ) {
        (Some(previous), _) => Span {
            start: previous.end,
            end: gone.end,
        },
        (None, Some(next)) => Span {
            start: gone.start,
            end: next.start,
        },
        (None, None) => return remove_emptied(root, &parent_path),
    };
    Some((cut, String::new()))
}

/// Takes away what would be empty, where that is harmless.
fn remove_emptied(root: &Node, path: &Path) -> Option<Change> {
    let in_condition = path
        .steps()
        .iter()
        .any(|step| matches!(step, Step::Attribute(name) | Step::Key(name) if name == "Condition"));
    in_condition.then(|| remove(root, path)).flatten()
}
