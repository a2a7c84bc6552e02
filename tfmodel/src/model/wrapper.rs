use std::sync::Arc;

use super::problem::unknown;
use super::{Blocks, Facts, Field};
use crate::diagnostics::Diagnostics;
use crate::path::Path;
use crate::schema::{Block, BlockNesting, SemanticEquality, Shape, Validator};
use crate::ty::Type;
use crate::value::Value;

/// Null or known.
impl<T: Field> Field for Option<T> {
    const FACTS: Facts = T::FACTS.or_null();

    fn shape() -> Shape {
        T::shape()
    }

    fn ty() -> Type {
        T::ty()
    }

    fn from_value(value: &Value, at: &Path) -> Result<Self, Diagnostics> {
        match value {
            Value::Null => Ok(None),
            Value::Unknown(_) => Err(unknown(at)),
            Value::Known(_) => T::from_value(value, at).map(Some),
        }
    }

    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }

    fn validators() -> Vec<Arc<dyn Validator>> {
        T::validators()
    }

    fn equality() -> Option<Arc<dyn SemanticEquality>> {
        T::equality()
    }
}

/// Null, unknown or known.
impl<T: Field> Field for Value<T> {
    const FACTS: Facts = T::FACTS.or_null();

    fn shape() -> Shape {
        T::shape()
    }

    fn ty() -> Type {
        T::ty()
    }

    fn from_value(value: &Value, at: &Path) -> Result<Self, Diagnostics> {
        match value {
            Value::Null => Ok(Self::Null),
            Value::Unknown(refinement) => Ok(Self::Unknown(refinement.clone())),
            Value::Known(_) => T::from_value(value, at).map(Self::Known),
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Unknown(refinement) => Value::Unknown(refinement.clone()),
            Self::Known(value) => value.to_value(),
        }
    }

    fn validators() -> Vec<Arc<dyn Validator>> {
        T::validators()
    }

    fn equality() -> Option<Arc<dyn SemanticEquality>> {
        T::equality()
    }
}

impl<T: Blocks> Blocks for Option<T> {
    fn nesting() -> BlockNesting {
        or_absent(T::nesting())
    }

    fn block() -> Block {
        T::block()
    }
}

impl<T: Blocks> Blocks for Value<T> {
    fn nesting() -> BlockNesting {
        or_absent(T::nesting())
    }

    fn block() -> Block {
        T::block()
    }
}

fn or_absent(nesting: BlockNesting) -> BlockNesting {
    match nesting {
        BlockNesting::Group => BlockNesting::Single { required: false },
        BlockNesting::Single { .. } | BlockNesting::List { .. } | BlockNesting::Set { .. } | BlockNesting::Map => {
            nesting
        }
    }
}
