//! Short ways to write schemas and values in tests.

use super::{
    Attribute, Behaviour, Block, BlockNesting, NestedBlock, Nesting, Replace, Schema, SemanticEquality, Shape, Usage,
};
use crate::ty::Type;
use crate::value::{Datum, Value};

pub(crate) fn attribute(name: &str, ty: Type, usage: Usage) -> Attribute {
    Attribute {
        name: name.to_owned(),
        shape: Shape::Plain(ty),
        usage,
        sensitive: false,
        write_only: false,
        description: String::new(),
        deprecation: None,
        behaviour: Behaviour::default(),
    }
}

pub(crate) fn string(name: &str, usage: Usage) -> Attribute {
    attribute(name, Type::String, usage)
}

pub(crate) fn nested(name: &str, nesting: Nesting, usage: Usage, attributes: Vec<Attribute>) -> Attribute {
    Attribute {
        shape: Shape::Nested(nesting, attributes),
        ..attribute(name, Type::Bool, usage)
    }
}

pub(crate) fn nested_block(
    name: &str,
    nesting: BlockNesting,
    attributes: Vec<Attribute>,
    blocks: Vec<NestedBlock>,
) -> NestedBlock {
    NestedBlock {
        name: name.to_owned(),
        nesting,
        block: Block {
            attributes,
            blocks,
            ..Block::default()
        },
        computed: None,
        validators: Vec::new(),
        rules: Vec::new(),
        replace: Replace::Never,
    }
}

pub(crate) fn schema(attributes: Vec<Attribute>, blocks: Vec<NestedBlock>) -> Schema {
    Schema {
        version: 0,
        block: Block {
            attributes,
            blocks,
            ..Block::default()
        },
    }
}

impl Attribute {
    pub(crate) fn behaving(mut self, change: impl FnOnce(&mut Behaviour)) -> Self {
        change(&mut self.behaviour);
        self
    }
}

/// Strings that differ only in case mean the same.
#[derive(Debug)]
pub(crate) struct Folded;

impl SemanticEquality for Folded {
    fn equal(&self, a: &Value, b: &Value) -> bool {
        matches!((a.as_str(), b.as_str()), (Some(a), Some(b)) if a.to_lowercase() == b.to_lowercase())
    }
}

pub(crate) fn list(elements: impl IntoIterator<Item = Value>) -> Value {
    Value::Known(Datum::List(elements.into_iter().collect()))
}

pub(crate) fn set(elements: impl IntoIterator<Item = Value>) -> Value {
    Value::Known(Datum::Set(elements.into_iter().collect()))
}

pub(crate) fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Known(Datum::Map(
        entries
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    ))
}

/// A known string; `None` is null.
pub(crate) fn text<'t>(text: impl Into<Option<&'t str>>) -> Value {
    text.into().map_or(Value::Null, Value::string)
}
