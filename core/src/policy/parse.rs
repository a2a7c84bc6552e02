use std::borrow::Cow;
use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use tfmodel::json::{self, Kind, Member, Node, Span};
use tfmodel::path::{Path, Step};

use super::document::{
    Actions, Condition, Document, Effect, Principal, PrincipalKind, Principals, Resources, Statement, Strings, Who,
};
use super::error::{Fault, Located, ParseError};

/// A document and where its parts stand.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The document.
    pub document: Document,
    /// The JSON that it was read from.
    pub source: Node,
    /// What is odd without keeping the document from being one.
    pub warnings: Vec<Located>,
}

impl Parsed {
    /// The bytes of a part, such as `Statement[0].Condition["StringEquals"]`. A single string or statement is element 0 of itself.
    pub fn span(&self, path: &Path) -> Option<Span> {
        path.steps()
            .iter()
            .try_fold(&self.source, |node, step| match step {
                Step::Attribute(name) | Step::Key(name) => node.get(name),
                Step::Index(index) if matches!(node.kind, Kind::Array(_)) => node.elements().get(*index),
                Step::Index(index) => (*index == 0).then_some(node),
            })
            .map(|node| node.span)
    }
}

/// A document as IAM returns it: URL-encoded or plain.
pub fn decode(text: &str) -> Cow<'_, str> {
    // A plain document starts with a brace or white space.
    if text.starts_with('%') {
        percent_decode_str(text).decode_utf8_lossy()
    } else {
        Cow::Borrowed(text)
    }
}

/// Reads a document and the places of its parts.
///
/// # Errors
/// Everything that keeps the text from being a policy document.
pub fn parse(text: &str) -> Result<Parsed, ParseError> {
    let source = json::parse(text)?;
    let mut reader = Reader {
        text,
        faults: Vec::new(),
    };
    let document = reader.document(&source);
    let warnings = source
        .repeated_keys()
        .into_iter()
        .take(MOST_FAULTS)
        .map(|member| Located::new(Fault::RepeatedKey(member.key.clone()), member.key_span, text))
        .collect();
    match ParseError::new(reader.faults) {
        Some(error) => Err(error),
        None => Ok(Parsed {
            document,
            source,
            warnings,
        }),
    }
}

/// Reads one statement.
///
/// # Errors
/// Everything that keeps the text from being a statement.
pub fn parse_statement(text: &str) -> Result<Statement, ParseError> {
    let source = json::parse(text)?;
    let mut reader = Reader {
        text,
        faults: Vec::new(),
    };
    let statement = reader.statement(&source);
    match (statement, ParseError::new(reader.faults)) {
        (_, Some(error)) => Err(error),
        (Some(statement), None) => Ok(statement),
        // A reader that returns nothing has said why.
        (None, None) => Err(ParseError::of_whole(Fault::Missing("Statement"), text)),
    }
}

// Finding a line takes a walk through the text; nobody reads more than these.
const MOST_FAULTS: usize = 50;

const DOCUMENT_ELEMENTS: &[&str] = &["Version", "Id", "Statement"];
const STATEMENT_ELEMENTS: &[&str] = &[
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

struct Reader<'a> {
    text: &'a str,
    faults: Vec<Located>,
}

impl Reader<'_> {
    fn fault(&mut self, fault: Fault, span: Span) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(Located::new(fault, span, self.text));
        }
    }

    fn mismatch(&mut self, element: &str, expected: &'static str, node: &Node) {
        let fault = Fault::Type {
            element: element.to_owned(),
            expected,
            found: node.describe(),
        };
        self.fault(fault, node.span);
    }

    fn unknown_elements(&mut self, node: &Node, known: &[&'static str]) {
        for Member { key, key_span, .. } in node.members() {
            if !known.contains(&key.as_str()) {
                let near = known.iter().copied().find(|name| {
                    name.eq_ignore_ascii_case(key)
                        || key
                            .strip_suffix(['s', 'S'])
                            .is_some_and(|singular| name.eq_ignore_ascii_case(singular))
                });
                self.fault(
                    Fault::UnknownElement {
                        name: key.clone(),
                        near,
                    },
                    *key_span,
                );
            }
        }
    }

    fn document(&mut self, node: &Node) -> Document {
        if !matches!(node.kind, Kind::Object(_)) {
            self.mismatch("policy document", "an object", node);
            return Document::default();
        }
        self.unknown_elements(node, DOCUMENT_ELEMENTS);
        let version = self.text_of(node, "Version");
        if let (Some(found), Some(place)) = (&version, node.get("Version"))
            && found != Document::CURRENT_VERSION
            && found != Document::FIRST_VERSION
        {
            self.fault(Fault::Version(found.clone()), place.span);
        }
        let id = self.text_of(node, "Id");
        let statements = match node.get("Statement") {
            None => {
                self.fault(Fault::Missing("Statement"), node.span);
                Vec::new()
            }
            Some(list) if matches!(list.kind, Kind::Array(_)) => {
                list.elements().iter().filter_map(|one| self.statement(one)).collect()
            }
            Some(one) => self.statement(one).into_iter().collect(),
        };
        Document {
            version,
            id,
            statements,
        }
    }

    fn statement(&mut self, node: &Node) -> Option<Statement> {
        if !matches!(node.kind, Kind::Object(_)) {
            self.mismatch("Statement", "an object or a list of objects", node);
            return None;
        }
        self.unknown_elements(node, STATEMENT_ELEMENTS);
        let sid = self.text_of(node, "Sid");
        let effect = self.effect(node);
        let principals = self
            .either(node, "Principal", "NotPrincipal")
            .and_then(|(except, value)| {
                let element = if except { "NotPrincipal" } else { "Principal" };
                Some(Principals {
                    except,
                    who: self.who(element, value)?,
                })
            });
        let actions = self.either(node, "Action", "NotAction").and_then(|(except, value)| {
            let element = if except { "NotAction" } else { "Action" };
            Some(Actions {
                except,
                names: self.strings(element, value)?,
            })
        });
        if node.get("Action").is_none() && node.get("NotAction").is_none() {
            self.fault(Fault::Missing("Action"), node.span);
        }
        let resources = self
            .either(node, "Resource", "NotResource")
            .and_then(|(except, value)| {
                let element = if except { "NotResource" } else { "Resource" };
                Some(Resources {
                    except,
                    names: self.strings(element, value)?,
                })
            });
        let conditions = node
            .get("Condition")
            .map_or_else(Vec::new, |value| self.conditions(value));
        Some(Statement {
            sid,
            effect: effect?,
            principals,
            actions,
            resources,
            conditions,
        })
    }

    fn effect(&mut self, node: &Node) -> Option<Effect> {
        if node.get("Effect").is_none() {
            self.fault(Fault::Missing("Effect"), node.span);
        }
        match self.text_of(node, "Effect")?.as_str() {
            "Allow" => Some(Effect::Allow),
            "Deny" => Some(Effect::Deny),
            other => {
                let span = node.get("Effect").map_or(node.span, |place| place.span);
                self.fault(Fault::Effect(other.to_owned()), span);
                None
            }
        }
    }

    /// The element or its negation, and whether it is the negation.
    fn either<'n>(&mut self, node: &'n Node, plain: &'static str, negated: &'static str) -> Option<(bool, &'n Node)> {
        match (node.get(plain), node.get(negated)) {
            (Some(_), Some(second)) => {
                self.fault(Fault::Both(plain, negated), second.span);
                None
            }
            (Some(value), None) => Some((false, value)),
            (None, Some(value)) => Some((true, value)),
            (None, None) => None,
        }
    }

    fn who(&mut self, element: &str, node: &Node) -> Option<Who> {
        match &node.kind {
            Kind::String(text) if text == "*" => Some(Who::Everybody),
            Kind::String(text) => {
                self.fault(Fault::BarePrincipal(text.clone()), node.span);
                None
            }
            Kind::Object(members) => Some(Who::Named(
                last_of_each(members)
                    .filter_map(|member| {
                        Some(Principal {
                            kind: PrincipalKind::from(member.key.as_str()),
                            names: self.strings(&member.key, &member.value)?,
                        })
                    })
                    .collect(),
            )),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Array(_) => {
                self.mismatch(element, "`*` or an object", node);
                None
            }
        }
    }

    fn conditions(&mut self, node: &Node) -> Vec<Condition> {
        let Kind::Object(operators) = &node.kind else {
            self.mismatch("Condition", "an object of operators", node);
            return Vec::new();
        };
        let mut conditions = Vec::new();
        for operator in last_of_each(operators) {
            let Kind::Object(keys) = &operator.value.kind else {
                self.mismatch(&operator.key, "an object of condition keys", &operator.value);
                continue;
            };
            for key in last_of_each(keys) {
                if let Some(values) = self.strings(&key.key, &key.value) {
                    conditions.push(Condition {
                        operator: operator.key.clone(),
                        key: key.key.clone(),
                        values,
                    });
                }
            }
        }
        conditions
    }

    fn strings(&mut self, element: &str, node: &Node) -> Option<Strings> {
        match &node.kind {
            Kind::Array(elements) => Some(Strings::Many(
                elements.iter().filter_map(|one| self.scalar(element, one)).collect(),
            )),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Object(_) => {
                self.scalar(element, node).map(Strings::One)
            }
        }
    }

    /// IAM takes bools and numbers for strings that spell them.
    fn scalar(&mut self, element: &str, node: &Node) -> Option<String> {
        match &node.kind {
            Kind::String(text) | Kind::Number(text) => Some(text.clone()),
            Kind::Bool(value) => Some(value.to_string()),
            Kind::Null | Kind::Array(_) | Kind::Object(_) => {
                self.mismatch(element, "a string or a list of strings", node);
                None
            }
        }
    }

    fn text_of(&mut self, node: &Node, element: &str) -> Option<String> {
        let value = node.get(element)?;
        if let Some(text) = value.as_str() {
            return Some(text.to_owned());
        }
        self.mismatch(element, "a string", value);
        None
    }
}

/// Members without those that a later one of the same key replaces.
fn last_of_each(members: &[Member]) -> impl Iterator<Item = &Member> {
    let mut seen = BTreeSet::new();
    let mut kept: Vec<&Member> = members
        .iter()
        .rev()
        .filter(|member| seen.insert(member.key.as_str()))
        .collect();
    kept.reverse();
    kept.into_iter()
}
