use tfmodel::json::{self, Kind, Member, Node, Span, write_string};
use tfmodel::path::{Path, Step};

use super::find;
use crate::policy::{Statement, Strings};

/// A JSON value to write into a policy: a text, a list, a statement or an object.
#[derive(Clone, Debug)]
pub struct Json(pub(super) Kind);

/// How the author of a text lays it out.
#[derive(Clone, Debug, Default)]
pub(super) struct Style {
    /// One level of indentation.
    indent: String,
    /// What follows a colon, and a comma within a line.
    pub(super) space: &'static str,
}

/// What a change makes of the text: these bytes become this.
pub(super) type Change = (Span, String);

impl Style {
    pub(super) fn of(text: &str) -> Self {
        let root = json::parse(text).ok();
        let first = root.as_ref().and_then(|root| root.members().first());
        let indent = first.map_or("", |member| indentation(text, member.key_span.start));
        let spaced = first.is_none_or(|member| member.key_span.end + 1 < member.value.span.start);
        Self {
            indent: if indent.is_empty() { "  " } else { indent }.to_owned(),
            space: if spaced { " " } else { "" },
        }
    }

    pub(super) fn set(&self, text: &str, root: &Node, path: &Path, mut value: Json) -> Option<Change> {
        if let Some(place) = find(root, path) {
            let broken = place.span.of(text).contains('\n');
            let line = broken.then(|| line_indentation(text, place.span.start));
            return Some((place.span, self.print(&value, line)));
        }
        // Up to the object that is there, with the objects in between made.
        let mut path = path.clone();
        loop {
            let (Step::Attribute(name) | Step::Key(name)) = path.steps().last()?.clone() else {
                return None;
            };
            path = path.parent()?;
            let Some(parent) = find(root, &path) else {
                value = Json::object([(name, value)]);
                continue;
            };
            let Kind::Object(members) = &parent.kind else {
                return None;
            };
            let last = members.last().map(|last| Span {
                start: last.key_span.start,
                end: last.value.span.end,
            });
            return Some(self.add(text, parent, last, |line| {
                let mut added = String::new();
                write_string(&mut added, &name);
                added.push(':');
                added.push_str(self.space);
                added + &self.print(&value, line)
            }));
        }
    }

    /// Adds to a list or object after its last member, on a line of its own where that is on one.
    pub(super) fn add(
        &self,
        text: &str,
        parent: &Node,
        last: Option<Span>,
        added: impl FnOnce(Option<&str>) -> String,
    ) -> Change {
        let Some(last) = last else {
            let inside = span(parent.span.start as usize + 1, parent.span.end as usize - 1);
            return (inside, added(None));
        };
        let at = span(last.end as usize, last.end as usize);
        let indent = indentation(text, last.start);
        let text = if indent.is_empty() {
            format!(",{}{}", self.space, added(None))
        } else {
            format!(",\n{indent}{}", added(Some(indent)))
        };
        (at, text)
    }

    /// A value on one line, or broken into lines below one of this indentation.
    pub(super) fn print(&self, value: &Json, line: Option<&str>) -> String {
        let mut out = String::new();
        self.write(&mut out, &value.0, line.map(str::to_owned));
        out
    }

    fn write(&self, out: &mut String, value: &Kind, line: Option<String>) {
        // Lists of strings read best on one line.
        let inner = line.as_ref().map(|line| format!("{line}{}", self.indent));
        let between = |out: &mut String, first: bool| {
            if !first {
                out.push(',');
            }
            match &inner {
                Some(indent) => {
                    out.push('\n');
                    out.push_str(indent);
                }
                None if first => {}
                None => out.push_str(self.space),
            }
        };
        let close = |out: &mut String, bracket: char| {
            if let Some(line) = &line {
                out.push('\n');
                out.push_str(line);
            }
            out.push(bracket);
        };
        match value {
            Kind::Null => out.push_str("null"),
            Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Kind::Number(text) => out.push_str(text),
            Kind::String(text) => write_string(out, text),
            Kind::Array(elements) => {
                let plain = elements.iter().all(|one| one.as_str().is_some());
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    if plain {
                        out.push_str(if index > 0 { "," } else { "" });
                        out.push_str(if index > 0 { self.space } else { "" });
                        self.write(out, &element.kind, None);
                    } else {
                        between(out, index == 0);
                        self.write(out, &element.kind, inner.clone());
                    }
                }
                if plain {
                    out.push(']');
                } else {
                    close(out, ']');
                }
            }
            Kind::Object(members) => {
                out.push('{');
                for (index, member) in members.iter().enumerate() {
                    between(out, index == 0);
                    write_string(out, &member.key);
                    out.push(':');
                    out.push_str(self.space);
                    self.write(out, &member.value.kind, inner.clone());
                }
                close(out, '}');
            }
        }
    }
}

/// The white space before a place, if nothing else stands before it on its line.
fn indentation(text: &str, at: u32) -> &str {
    let before = text.get(..at as usize).unwrap_or_default();
    let line = before.rsplit_once('\n').map_or("", |(_, line)| line);
    if line.trim().is_empty() { line } else { "" }
}

/// The white space at the start of the line of a place.
pub(super) fn line_indentation(text: &str, at: u32) -> &str {
    let before = text.get(..at as usize).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let rest = line.trim_start();
    line.get(..line.len() - rest.len()).unwrap_or_default()
}

/// What is longer than 4 GiB was never read.
pub(super) fn span(start: usize, end: usize) -> Span {
    Span {
        start: u32::try_from(start).unwrap_or(u32::MAX),
        end: u32::try_from(end).unwrap_or(u32::MAX),
    }
}

impl Json {
    /// An object of these members.
    pub fn object<K: Into<String>>(members: impl IntoIterator<Item = (K, Self)>) -> Self {
        let members = members.into_iter().map(|(key, value)| Member {
            key: key.into(),
            key_span: Span::default(),
            value: value.node(),
        });
        Self(Kind::Object(members.collect()))
    }

    pub(super) fn node(self) -> Node {
        Node {
            span: Span::default(),
            kind: self.0,
        }
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self(Kind::String(text.to_owned()))
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self(Kind::String(text))
    }
}

/// One string stays a string.
impl From<&Strings> for Json {
    fn from(strings: &Strings) -> Self {
        match strings {
            Strings::One(text) => text.as_str().into(),
            Strings::Many(texts) => Self(Kind::Array(
                texts.iter().map(|text| Self::from(text.as_str()).node()).collect(),
            )),
        }
    }
}

impl From<&Statement> for Json {
    fn from(statement: &Statement) -> Self {
        Self(json::parse(&statement.to_json()).map_or(Kind::Null, |node| node.kind))
    }
}
