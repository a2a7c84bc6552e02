use serde::Serialize;
use tfmodel::planfile::{Content, Difference, Plan, ResourceChange, Shown, Status, difference};
use tsify::Tsify;

use crate::rows::Source;
use crate::trust::BINDING;

/// A change in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Detail {
    /// Number of its row.
    pub id: usize,
    /// Resource type; empty for an output.
    pub type_name: String,
    /// Address of the provider; empty for an output.
    pub provider: String,
    /// What differs and what stays.
    pub nodes: Vec<Node>,
    /// Of a binding that changes: what its change does, in order.
    pub steps: Vec<String>,
    /// Number of its trust policy, if it has one.
    pub trust: Option<usize>,
}

/// A place in a value, with what it was and what it will be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Node {
    /// Name of the attribute, key of the map, or index in brackets; empty for the value itself.
    pub name: String,
    /// What happens to it.
    pub status: NodeStatus,
    /// What it is made of.
    pub shape: Shape,
    /// The value that goes.
    pub before: Option<Leaf>,
    /// The value that comes or stays.
    pub after: Option<Leaf>,
    /// Whether the resource is replaced because of it.
    pub forces_replacement: bool,
    /// What is in it.
    pub children: Vec<Node>,
}

/// What happens to a place in a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum NodeStatus {
    /// Nothing.
    Unchanged,
    /// It comes.
    Added,
    /// It goes.
    Removed,
    /// It becomes another one.
    Changed,
    /// The same elements in another order.
    Reordered,
    /// The same JSON in other words.
    Rewritten,
}

/// What a value is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// A single value.
    Leaf,
    /// Names and values.
    Object,
    /// A list, set or tuple.
    List,
    /// A string that holds JSON.
    Json,
}

/// A single value, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Leaf {
    /// What it is.
    pub kind: LeafKind,
    /// Its text; of a string, without quotes.
    pub text: String,
}

/// Kinds of single values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum LeafKind {
    /// A string.
    String,
    /// A number or a bool.
    Literal,
    /// Absent.
    Null,
    /// Known only after apply.
    Unknown,
    /// Masked.
    Sensitive,
}

pub(crate) fn of(plan: &Plan, source: Source, id: usize, trust: Option<usize>) -> Option<Detail> {
    let resource = |change: &ResourceChange| {
        let (before, after) = plan.sides(change);
        let mut nodes = nodes(&difference(&before, &after, &change.replace_paths));
        let steps = steps(change, &before, &after);
        if !steps.is_empty() {
            // The steps of the last change are no news.
            nodes.retain(|node| node.name != STEPS);
        }
        Detail {
            id,
            type_name: change.type_name.clone(),
            provider: change.provider.clone(),
            nodes,
            steps,
            trust,
        }
    };
    match source {
        Source::Change(at) => plan.changes.get(at).map(resource),
        Source::Drift(at) => plan.drift.get(at).map(resource),
        Source::Deferred(at) => plan.deferred.get(at).map(|deferred| resource(&deferred.change)),
        Source::Output(at) => plan.outputs.get(at).map(|output| {
            let (before, after) = plan.output_sides(output);
            Detail {
                id,
                type_name: String::new(),
                provider: String::new(),
                nodes: vec![compared(String::new(), &difference(&before, &after, &[]))],
                steps: Vec::new(),
                trust: None,
            }
        }),
    }
}

/// The attribute in which a binding says what its change does.
const STEPS: &str = "steps";

fn steps(change: &ResourceChange, before: &Shown, after: &Shown) -> Vec<String> {
    let (was, is) = (before.get(STEPS), after.get(STEPS));
    match is {
        Some(Shown::List(steps)) if change.type_name == BINDING && was != is => steps
            .iter()
            .filter_map(|step| match step {
                Shown::String(text) => Some(text.clone()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The attributes of a resource.
fn nodes(difference: &Difference) -> Vec<Node> {
    let root = compared(String::new(), difference);
    match root.shape {
        Shape::Object => root.children,
        Shape::Leaf if root.before.is_none() && root.after.as_ref().is_none_or(|leaf| leaf.kind == LeafKind::Null) => {
            Vec::new()
        }
        Shape::Leaf | Shape::List | Shape::Json => vec![root],
    }
}

fn compared(name: String, difference: &Difference) -> Node {
    let status = NodeStatus::from(difference.status);
    let mut node = match &difference.content {
        Content::Value(value) => whole(name, value, status),
        Content::Pair(before, after) => pair(name, before, after),
        Content::Document(inner) => Node {
            shape: Shape::Json,
            ..compared(name, inner)
        },
        Content::Members(members) => {
            let children = members.iter().map(|(key, member)| compared(key.clone(), member));
            container(name, status, Shape::Object, children.collect())
        }
        Content::Elements(elements) => {
            let children = elements.iter().map(|element| {
                let index = element.after.or(element.before).unwrap_or_default();
                compared(format!("[{index}]"), &element.difference)
            });
            container(name, status, Shape::List, children.collect())
        }
    };
    node.status = status;
    node.forces_replacement = difference.forces_replacement;
    node
}

fn container(name: String, status: NodeStatus, shape: Shape, children: Vec<Node>) -> Node {
    Node {
        name,
        status,
        shape,
        before: None,
        after: None,
        forces_replacement: false,
        children,
    }
}

/// A value that is there as a whole or not at all.
fn whole(name: String, value: &Shown, status: NodeStatus) -> Node {
    let embedded = match value {
        Shown::String(text) => Shown::embedded(text),
        _ => None,
    };
    let shape = match (value, &embedded) {
        (_, Some(_)) => Shape::Json,
        (Shown::List(_), None) => Shape::List,
        (Shown::Object(_), None) => Shape::Object,
        _ => {
            let leaf = Some(leaf(value));
            let mut node = container(name, status, Shape::Leaf, Vec::new());
            if status == NodeStatus::Removed {
                node.before = leaf;
            } else {
                node.after = leaf;
            }
            return node;
        }
    };
    let children = match embedded.as_ref().unwrap_or(value) {
        Shown::List(elements) => {
            let indexed = elements.iter().enumerate();
            indexed
                .map(|(index, element)| whole(format!("[{index}]"), element, status))
                .collect()
        }
        Shown::Object(members) => {
            let present = members
                .iter()
                .filter(|(_, member)| **member != Shown::Null || shape == Shape::Json);
            present
                .map(|(key, member)| whole(key.clone(), member, status))
                .collect()
        }
        _ => Vec::new(),
    };
    container(name, status, shape, children)
}

/// Two values that have nothing in common. One that is not a single value is told in full, the other beside it.
fn pair(name: String, before: &Shown, after: &Shown) -> Node {
    let old = whole(String::new(), before, NodeStatus::Removed);
    let new = whole(String::new(), after, NodeStatus::Added);
    let shape = match (old.shape, new.shape) {
        (Shape::Leaf, other) | (other, _) => other,
    };
    Node {
        name,
        status: NodeStatus::Changed,
        shape,
        before: old.before,
        after: new.after,
        forces_replacement: false,
        children: old.children.into_iter().chain(new.children).collect(),
    }
}

fn leaf(value: &Shown) -> Leaf {
    let (kind, text) = match value {
        Shown::Null => (LeafKind::Null, "null".to_owned()),
        Shown::Bool(value) => (LeafKind::Literal, value.to_string()),
        Shown::Number(text) => (LeafKind::Literal, text.clone()),
        Shown::String(text) => (LeafKind::String, text.clone()),
        Shown::Unknown => (LeafKind::Unknown, "known after apply".to_owned()),
        Shown::Secret(_) => (LeafKind::Sensitive, "sensitive".to_owned()),
        Shown::List(_) => (LeafKind::Literal, "[]".to_owned()),
        Shown::Object(_) => (LeafKind::Literal, "{}".to_owned()),
    };
    Leaf { kind, text }
}

impl From<Status> for NodeStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Unchanged => Self::Unchanged,
            Status::Added => Self::Added,
            Status::Removed => Self::Removed,
            Status::Changed => Self::Changed,
            Status::Reordered => Self::Reordered,
            Status::Rewritten => Self::Rewritten,
        }
    }
}
