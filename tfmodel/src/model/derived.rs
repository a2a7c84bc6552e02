//! What the code of `#[derive(Model)]` calls. Not meant to be called by hand.

use super::problem::{known, mismatch};
use super::{Blocks, Field};
use crate::diagnostics::Diagnostics;
use crate::path::Path;
use crate::schema::{Attribute, Behaviour, Block, BlockNesting, NestedBlock, Schema, Usage};
use crate::value::{Datum, Value};

/// Builds a schema, field by field.
#[derive(Debug, Default)]
pub struct Table(Block);

impl Table {
    /// A table without fields.
    pub fn new(description: &str) -> Self {
        Self(Block {
            description: description.to_owned(),
            ..Block::default()
        })
    }

    /// Adds an attribute.
    pub fn attribute<F: Field>(&mut self, name: &str, usage: Usage, description: &str) -> Option<&mut Attribute> {
        self.push(Attribute {
            name: name.to_owned(),
            shape: F::shape(),
            usage,
            sensitive: false,
            write_only: false,
            description: description.to_owned(),
            deprecation: None,
            behaviour: Behaviour {
                validators: F::validators(),
                equality: F::equality(),
                ..Behaviour::default()
            },
        })
    }

    fn push(&mut self, attribute: Attribute) -> Option<&mut Attribute> {
        self.0.attributes.push(attribute);
        self.0.attributes.last_mut()
    }

    /// Adds a nested block, at least `min` and at most `max` times where it can be repeated.
    pub fn block<F: Blocks>(&mut self, name: &str, min: u64, max: u64, description: &str) -> Option<&mut NestedBlock> {
        let mut block = F::block();
        if !description.is_empty() {
            block.description = description.to_owned();
        }
        let nesting = match F::nesting() {
            BlockNesting::Group if min == 0 => BlockNesting::Group,
            BlockNesting::Group | BlockNesting::Single { .. } => BlockNesting::Single { required: min > 0 },
            BlockNesting::List { .. } => BlockNesting::List { min, max },
            BlockNesting::Set { .. } => BlockNesting::Set { min, max },
            BlockNesting::Map => BlockNesting::Map,
        };
        self.0.blocks.push(NestedBlock {
            name: name.to_owned(),
            nesting,
            block,
            rules: Vec::new(),
        });
        self.0.blocks.last_mut()
    }

    /// The schema.
    pub fn finish(mut self, version: i64) -> Schema {
        self.0.attributes.sort_by(|a, b| a.name.cmp(&b.name));
        self.0.blocks.sort_by(|a, b| a.name.cmp(&b.name));
        Schema { version, block: self.0 }
    }
}

/// Reads the fields of an object and collects what is wrong with them.
#[derive(Debug)]
pub struct Reader<'v> {
    attributes: &'v std::collections::BTreeMap<String, Value>,
    at: &'v Path,
    /// What was wrong so far.
    pub problems: Diagnostics,
}

impl<'v> Reader<'v> {
    /// Opens a known object.
    ///
    /// # Errors
    /// When it is null, unknown or no object.
    pub fn open(value: &'v Value, at: &'v Path) -> Result<Self, Diagnostics> {
        match known(value, at)? {
            Datum::Object(attributes) => Ok(Self {
                attributes,
                at,
                problems: Diagnostics::new(),
            }),
            other => Err(mismatch(at, "an object", other)),
        }
    }

    /// Reads a field; one that the object does not have is null.
    pub fn field<F: Field>(&mut self, name: &str) -> Option<F> {
        let value = self.attributes.get(name).unwrap_or(&Value::Null);
        F::from_value(value, &self.at.with_attribute(name))
            .map_err(|found| self.problems.extend(found))
            .ok()
    }
}
