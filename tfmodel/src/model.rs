//! Typed models: one Rust struct is both a schema and the values of that schema.
//!
//! `#[derive(Model)]` implements [`Model`] for a struct. Each field is a [`Field`], and its Rust type says what it can hold:
//!
//! | type | null | unknown |
//! |---|---|---|
//! | `T` | no | no |
//! | `Option<T>` | yes | no |
//! | `Value<T>` | yes | yes |
//!
//! `T` is `bool`, an integer, `f64`, [`Number`](crate::Number), `String`, `Vec<T>`, [`Set<T>`], `BTreeMap<String, T>`,
//! [`Dynamic`](crate::value::Dynamic), an enum that derives [`Model`], or another model, which becomes nested attributes. Elements of
//! collections have the same three kinds. A value that a field cannot hold is a diagnostic at the field's path.
//!
//! A field's type must accept whatever reading the real object can return, or a stricter parser in a later version would leave users with
//! a state that can neither be planned nor destroyed. So parsers belong into validators, which look at configuration only.

mod collection;
#[doc(hidden)]
pub mod derived;
mod facts;
mod problem;
mod scalar;
mod wrapper;

pub use collection::Set;
pub use facts::Facts;

use std::sync::Arc;

use crate::diagnostics::Diagnostics;
use crate::path::Path;
use crate::schema::{Block, BlockNesting, Nesting, Schema, SemanticEquality, Shape, Validator};
use crate::value::Value;

/// An object of a schema as a Rust struct.
pub trait Model: Clone + Send + Sync + 'static {
    /// What the compiler checks about it.
    const FACTS: Facts = Facts::NONE;

    /// Its schema.
    fn schema() -> Schema;

    /// Reads a known object.
    ///
    /// # Errors
    /// One diagnostic for each field that cannot hold its value.
    fn from_value(value: &Value, at: &Path) -> Result<Self, Diagnostics>;

    /// The object, known.
    fn to_value(&self) -> Value;
}

/// A value of one Terraform type as a Rust type.
pub trait Field: Sized {
    /// What the compiler checks about it.
    const FACTS: Facts = Facts::NONE;

    /// Its type, or its nested attributes.
    fn shape() -> Shape;

    /// Reads a value.
    ///
    /// # Errors
    /// When this type cannot hold the value, with the place in the diagnostic.
    fn from_value(value: &Value, at: &Path) -> Result<Self, Diagnostics>;

    /// The value.
    fn to_value(&self) -> Value;

    /// Checks that every configured value of this type has to pass.
    fn validators() -> Vec<Arc<dyn Validator>> {
        Vec::new()
    }

    /// When two values of this type mean the same.
    fn equality() -> Option<Arc<dyn SemanticEquality>> {
        None
    }
}

impl<M: Model> Field for M {
    const FACTS: Facts = <M as Model>::FACTS;

    fn shape() -> Shape {
        Shape::Nested(Nesting::Single, M::schema().block.attributes)
    }

    fn from_value(value: &Value, at: &Path) -> Result<Self, Diagnostics> {
        <M as Model>::from_value(value, at)
    }

    fn to_value(&self) -> Value {
        <M as Model>::to_value(self)
    }
}

/// A field that can stand as nested blocks: a model, or models in an `Option`, [`Value`], `Vec`, [`Set`] or map.
///
/// A model alone is a group: an object that is always there, with null attributes where the configuration leaves the block out.
pub trait Blocks: Field {
    /// Whether it is a group.
    const GROUP: bool = false;

    /// How often the block occurs.
    fn nesting() -> BlockNesting;

    /// What is inside.
    fn block() -> Block;
}

impl<M: Model> Blocks for M {
    const GROUP: bool = true;

    fn nesting() -> BlockNesting {
        BlockNesting::Group
    }

    fn block() -> Block {
        M::schema().block
    }
}
