use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::plan::Values;
use crate::json::{self, Kind, Node};
use crate::order;

/// A value that may be shown to people: what is sensitive in it is masked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, in the text of the plan.
    Number(String),
    /// A string.
    String(String),
    /// A list, set or tuple; a plan does not tell them apart.
    List(Vec<Self>),
    /// An object or map.
    Object(BTreeMap<String, Self>),
    /// Known only after apply.
    Unknown,
    /// Sensitive.
    Secret(Secret),
}

/// A sensitive value: it can be compared and nothing else.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Secret(Box<Shown>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(sensitive)")
    }
}

impl Secret {
    /// Whether the value behind it is known only after apply.
    pub fn is_unknown(&self) -> bool {
        *self.0 == Shown::Unknown
    }
}

impl Shown {
    /// The value that a string holds as JSON: an object or an array, as policies and other documents are.
    pub fn embedded(text: &str) -> Option<Self> {
        if !text.trim_start().starts_with(['{', '[']) {
            return None;
        }
        // No marks lead into a string; the redactor masks all of one that holds a secret.
        json::parse(text)
            .ok()
            .map(|node| Redactor::default().side(Marked::plain(&node)))
    }

    /// The attribute of an object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.get(name),
            Self::Null
            | Self::Bool(_)
            | Self::Number(_)
            | Self::String(_)
            | Self::List(_)
            | Self::Unknown
            | Self::Secret(_) => None,
        }
    }
}

/// Masks values by the plan's marks, and equal values wherever they turn up.
///
/// Providers copy arguments into attributes that carry no mark, so a string that is marked anywhere in a plan is masked everywhere in it,
/// together with JSON that holds it.
#[derive(Debug, Default)]
pub(super) struct Redactor {
    secrets: BTreeSet<String>,
}

/// Shorter strings are too likely to be equal by chance.
const SHORTEST_TELLING_SECRET: usize = 8;

/// A value beside its marks, all of which may be absent.
#[derive(Clone, Copy, Default)]
struct Marked<'a> {
    value: Option<&'a Node>,
    sensitive: Option<&'a Node>,
    unknown: Option<&'a Node>,
}

impl<'a> Marked<'a> {
    fn plain(value: &'a Node) -> Self {
        Self {
            value: Some(value),
            ..Self::default()
        }
    }

    /// Its members, in order of their keys: all that have a value, and those whose value is known only after apply.
    fn members(self) -> Vec<(&'a str, Self)> {
        let parts = [
            (self.value, Self::plain as fn(&'a Node) -> Self),
            (self.unknown, |node| Self {
                unknown: Some(node),
                ..Self::default()
            }),
            (self.sensitive, |node| Self {
                sensitive: Some(node),
                ..Self::default()
            }),
        ];
        let mut all: Vec<(&str, Self)> = Vec::new();
        for (node, part) in parts {
            let members = node.map_or(&[][..], Node::members);
            all.extend(members.iter().map(|member| (member.key.as_str(), part(&member.value))));
        }
        order::sort_by(&mut all, |a, b| a.0.cmp(b.0));
        // Of repeated keys the last one counts, as everywhere.
        all.dedup_by(|(later, part), (key, whole)| {
            let is_same = later == key;
            if is_same {
                whole.value = part.value.or(whole.value);
                whole.unknown = part.unknown.or(whole.unknown);
                whole.sensitive = part.sensitive.or(whole.sensitive);
            }
            is_same
        });
        all.retain(|(_, member)| member.value.is_some() || any(member.unknown));
        all
    }

    fn element(self, index: usize) -> Self {
        let at = |node: Option<&'a Node>| node.and_then(|node| node.elements().get(index));
        Self {
            value: at(self.value),
            sensitive: at(self.sensitive),
            unknown: at(self.unknown),
        }
    }

    /// Whether the marks are shaped like the value, so that they can be followed into it. A plan does not say which arrays are sets,
    /// and in a set a mark's place means nothing: only the one element of an array is certain.
    fn marks_lead_inside(self) -> bool {
        match (self.value.map(|node| &node.kind), self.sensitive.map(|node| &node.kind)) {
            (Some(Kind::Object(_)), Some(Kind::Object(_))) => true,
            (Some(Kind::Array(elements)), Some(Kind::Array(marks))) => elements.len() == 1 && marks.len() == 1,
            _ => false,
        }
    }
}

/// Whether a tree of marks holds a `true`.
fn any(marks: Option<&Node>) -> bool {
    let mut todo: Vec<_> = marks.into_iter().collect();
    while let Some(node) = todo.pop() {
        if node.as_bool() == Some(true) {
            return true;
        }
        todo.extend(node.elements());
        todo.extend(node.members().iter().map(|member| &member.value));
    }
    false
}

fn is_true(marks: Option<&Node>) -> bool {
    marks.and_then(Node::as_bool) == Some(true)
}

impl Redactor {
    /// Notes what is marked sensitive in a change.
    pub(super) fn learn(&mut self, values: &Values) {
        self.learn_marked(values.before.as_ref(), values.before_sensitive.as_ref());
        self.learn_marked(values.after.as_ref(), values.after_sensitive.as_ref());
    }

    fn learn_marked(&mut self, value: Option<&Node>, sensitive: Option<&Node>) {
        let mut todo = vec![Marked {
            value,
            sensitive,
            unknown: None,
        }];
        while let Some(marked) = todo.pop() {
            let (Some(value), true) = (marked.value, any(marked.sensitive)) else {
                continue;
            };
            if is_true(marked.sensitive) || !marked.marks_lead_inside() {
                self.learn_value(value);
                continue;
            }
            todo.extend(marked.members().into_iter().map(|(_, member)| member));
            todo.extend((0..value.elements().len()).map(|index| marked.element(index)));
        }
    }

    /// Notes every string in a sensitive value.
    pub(super) fn learn_value(&mut self, value: &Node) {
        let mut todo = vec![value];
        while let Some(node) = todo.pop() {
            if let Some(text) = node.as_str().filter(|text| text.len() >= SHORTEST_TELLING_SECRET) {
                self.secrets.insert(text.to_owned());
            }
            todo.extend(node.elements());
            todo.extend(node.members().iter().map(|member| &member.value));
        }
    }

    /// Whether a text is a secret, or is JSON that has one among its strings and keys.
    pub(super) fn hides(&self, text: &str) -> bool {
        if self.secrets.is_empty() {
            return false;
        }
        let may_be_json = || text.trim_start().starts_with(['{', '[', '"']);
        self.secrets.contains(text)
            || may_be_json() && json::parse(text).is_ok_and(|document| self.hides_within(&document))
    }

    // JSON inside of JSON is escaped once more each time, which doubles it: the recursion is shallow.
    fn hides_within(&self, document: &Node) -> bool {
        let mut todo = vec![document];
        while let Some(node) = todo.pop() {
            let keys = node.members().iter().map(|member| member.key.as_str());
            if keys.chain(node.as_str()).any(|text| self.hides(text)) {
                return true;
            }
            todo.extend(node.elements());
            todo.extend(node.members().iter().map(|member| &member.value));
        }
        false
    }

    pub(super) fn sides(&self, values: &Values) -> (Shown, Shown) {
        let before = self.side(Marked {
            value: values.before.as_ref(),
            sensitive: values.before_sensitive.as_ref(),
            unknown: None,
        });
        let after = self.side(Marked {
            value: values.after.as_ref(),
            sensitive: values.after_sensitive.as_ref(),
            unknown: values.after_unknown.as_ref(),
        });
        (before, after)
    }

    // The reader's depth limit bounds the recursion.
    fn side(&self, marked: Marked<'_>) -> Shown {
        if is_true(marked.sensitive)
            || (any(marked.sensitive) && !marked.marks_lead_inside() && marked.holds_something())
        {
            let bare = Marked {
                sensitive: None,
                ..marked
            };
            return Shown::Secret(Secret(Box::new(Self::default().side(bare))));
        }
        if is_true(marked.unknown) {
            return Shown::Unknown;
        }
        match marked.value.map(|node| &node.kind) {
            Some(Kind::Bool(value)) => Shown::Bool(*value),
            Some(Kind::Number(text)) => Shown::Number(text.clone()),
            Some(Kind::String(text)) if self.hides(text) => {
                Shown::Secret(Secret(Box::new(Shown::String(text.clone()))))
            }
            Some(Kind::String(text)) => Shown::String(text.clone()),
            Some(Kind::Array(elements)) => self.list(marked, elements.len()),
            Some(Kind::Object(_)) => self.object(marked),
            // An object whose known part is empty is written as null or left out.
            Some(Kind::Null) | None if any(marked.unknown) => match marked.unknown.map(|node| &node.kind) {
                Some(Kind::Array(_)) => self.list(marked, 0),
                _ => self.object(marked),
            },
            Some(Kind::Null) | None => Shown::Null,
        }
    }

    fn list(&self, marked: Marked<'_>, length: usize) -> Shown {
        let length = length.max(marked.unknown.map_or(0, |node| node.elements().len()));
        Shown::List((0..length).map(|index| self.side(marked.element(index))).collect())
    }

    fn object(&self, marked: Marked<'_>) -> Shown {
        let members = marked.members().into_iter();
        Shown::Object(order::map(
            members.map(|(key, member)| (key.to_owned(), self.side(member))),
        ))
    }
}

impl Marked<'_> {
    fn holds_something(self) -> bool {
        self.value.is_some_and(|node| !node.is_null()) || any(self.unknown)
    }
}
