use pod_identity_core::argument::{self, Problem, conform};
use tfmodel::json::{self, Kind, Node, line_and_column};
use tfmodel::path::{Path, Step};
use tfmodel::{Datum, Type, Value};

use crate::answer::Failure;

/// An argument that is JSON, and where its parts stand.
#[derive(Debug)]
pub(crate) struct Argument<'t> {
    name: &'static str,
    text: &'t str,
    root: Node,
}

impl<'t> Argument<'t> {
    /// Reads JSON; an empty text is `null`.
    pub(crate) fn read(name: &'static str, text: &'t str) -> Result<Self, Failure> {
        let root = json::parse(if text.is_empty() { "null" } else { text }).map_err(|error| Failure {
            line: Some(error.line),
            column: Some(error.column),
            ..refused(name, format!("It is not JSON: {}.", error.problem))
        })?;
        Ok(Self { name, text, root })
    }

    /// Its value, as functions of the provider take it.
    pub(crate) fn value(&self) -> Value {
        argument::from_json(&self.root)
    }

    /// Its attributes, each of its type; those that it does not have are null.
    pub(crate) fn attributes<N: Into<String>>(
        &self,
        attributes: impl IntoIterator<Item = (N, Type)>,
    ) -> Result<Value, Failure> {
        let value = self.value();
        let value = if value.is_null() {
            Value::Known(Datum::Object(tfmodel::Attributes::new()))
        } else {
            value
        };
        conform(&value, &Type::object(attributes), &Path::root()).map_err(|problem| self.refused(&problem))
    }

    /// Why it cannot be used, with the place in the text.
    pub(crate) fn refused(&self, problem: &Problem) -> Failure {
        let place = self.node(&problem.path).span.start;
        let (line, column) = line_and_column(self.text, place);
        Failure {
            path: (!problem.path.is_root()).then(|| problem.path.to_string().into()),
            line: Some(line),
            column: Some(column),
            ..refused(self.name, problem.to_string())
        }
    }

    /// What is at a path, or the innermost part around it that is there.
    fn node(&self, path: &Path) -> &Node {
        let mut node = &self.root;
        for step in path.steps() {
            let next = match step {
                Step::Attribute(name) | Step::Key(name) => node.get(name),
                Step::Index(index) if matches!(node.kind, Kind::Array(_)) => node.elements().get(*index),
                // One value stands for a list of one.
                Step::Index(_) => Some(node),
            };
            let Some(next) = next else { break };
            node = next;
        }
        node
    }
}

/// An argument cannot be used.
pub(crate) fn refused(argument: &'static str, detail: String) -> Failure {
    Failure {
        summary: format!("Argument `{argument}` cannot be used"),
        detail,
        commands: Vec::new(),
        argument: Some(argument),
        path: None,
        line: None,
        column: None,
    }
}

/// A part of an argument cannot be used.
pub(crate) fn problem(at: &Path, message: &str) -> Problem {
    Problem {
        path: at.clone(),
        message: message.to_owned(),
    }
}

/// A problem of a part, as one of the whole.
pub(crate) fn within(at: &Path, problem: Problem) -> Problem {
    let steps = problem.path.steps().iter().cloned();
    Problem {
        path: steps.fold(at.clone(), |path, step| path.with(step)),
        ..problem
    }
}

/// Attributes of an object that has been made to conform.
pub(crate) trait Object {
    /// The text of an attribute, where it is known.
    fn text(&self, name: &str) -> Option<&str>;
    /// Whether something holds, where that is known.
    fn flag(&self, name: &str) -> Option<bool>;
    /// The elements of an attribute, where it is known.
    fn elements(&self, name: &str) -> Option<&[Value]>;
}

impl Object for Value {
    fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)?.known()? {
            Datum::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    fn elements(&self, name: &str) -> Option<&[Value]> {
        match self.get(name)?.known()? {
            Datum::List(elements) => Some(elements),
            _ => None,
        }
    }
}
