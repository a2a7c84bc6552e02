use super::{Attribute, Block, BlockNesting, NestedBlock, Nesting, Shape};
use crate::attributes::Attributes;
use crate::value::{Datum, Refinement, Value};

/// What an object consists of, be it a block or a nested attribute.
#[derive(Clone, Copy)]
pub(crate) struct Members<'s> {
    pub(crate) attributes: &'s [Attribute],
    pub(crate) blocks: &'s [NestedBlock],
}

impl Block {
    pub(crate) fn members(&self) -> Members<'_> {
        Members {
            attributes: &self.attributes,
            blocks: &self.blocks,
        }
    }
}

impl Attribute {
    /// The arrangement and the members of nested attributes.
    pub(crate) fn inside(&self) -> Option<(Nesting, Members<'_>)> {
        match &self.shape {
            Shape::Plain(_) => None,
            Shape::Nested(nesting, attributes) => Some((
                *nesting,
                Members {
                    attributes,
                    blocks: &[],
                },
            )),
        }
    }
}

impl NestedBlock {
    pub(crate) fn inside(&self) -> (Nesting, Members<'_>) {
        let nesting = match self.nesting {
            BlockNesting::Single { .. } | BlockNesting::Group => Nesting::Single,
            BlockNesting::List { .. } => Nesting::List,
            BlockNesting::Set { .. } => Nesting::Set,
            BlockNesting::Map => Nesting::Map,
        };
        (nesting, self.block.members())
    }
}

static NULL: Value = Value::Null;
static UNKNOWN: Value = Value::Unknown(Refinement::NONE);

impl Value {
    /// The attribute of an object; of null it is null, of an unknown object it is unknown.
    pub(crate) fn member(&self, name: &str) -> &Self {
        self.part(|attributes| attributes.get(name))
    }

    /// [`member`](Self::member), found at once where the members of its schema are gone through in order: `position` counts them.
    pub(crate) fn member_near(&self, position: usize, name: &str) -> &Self {
        self.part(|attributes| attributes.get_near(position, name))
    }

    fn part<'v>(&'v self, find: impl FnOnce(&'v Attributes<Self>) -> Option<&'v Self>) -> &'v Self {
        match self {
            Self::Known(Datum::Object(attributes)) => find(attributes).unwrap_or(&NULL),
            Self::Unknown(_) => &UNKNOWN,
            Self::Null | Self::Known(_) => &NULL,
        }
    }

    /// The element of a list, null where there is none.
    pub(crate) fn element(&self, index: usize) -> &Self {
        self.elements().get(index).unwrap_or(&NULL)
    }

    /// The entry of a map, null where there is none.
    pub(crate) fn entry(&self, key: &str) -> &Self {
        match self {
            Self::Known(Datum::Map(entries)) => entries.get(key).unwrap_or(&NULL),
            Self::Null | Self::Unknown(_) | Self::Known(_) => &NULL,
        }
    }

    /// The elements of a list or set.
    pub(crate) fn elements(&self) -> &[Self] {
        match self {
            Self::Known(Datum::List(elements) | Datum::Set(elements)) => elements,
            Self::Null | Self::Unknown(_) | Self::Known(_) => &[],
        }
    }
}
