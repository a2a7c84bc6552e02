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
mod object;
pub(crate) mod problem;
mod scalar;
mod wrapper;

#[cfg(feature = "derive")]
pub use tfmodel_derive::Model;

/// The macro for crates that depend on `tfplugin` only, which exports it as `Model`.
#[cfg(feature = "derive")]
#[doc(hidden)]
pub use tfmodel_derive::TfpluginModel;

pub use collection::Set;
pub use facts::Facts;
pub use object::Model;

use std::sync::Arc;

use crate::diagnostics::Diagnostics;
use crate::path::Path;
use crate::schema::{Attribute, Block, BlockNesting, NestedBlock, Nesting, SemanticEquality, Shape, Usage, Validator};
use crate::value::Value;

/// A value of one Terraform type as a Rust type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type of Terraform",
    label = "cannot be a field of a model",
    note = "derive `Model` for it, or use `bool`, `i64`, `f64`, `String`, `Vec<_>`, `Set<_>` or `BTreeMap<String, _>`"
)]
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

    // Derived code calls these as `<Type as Field>::…`: a type that is no field is then one compile error, at the type.

    #[doc(hidden)]
    fn attribute(name: &str, usage: Usage, description: &str) -> Attribute {
        derived::attribute::<Self>(name, usage, description)
    }

    #[doc(hidden)]
    fn read(reader: &mut derived::Reader<'_>, name: &str) -> Option<Self> {
        reader.field(name)
    }

    #[doc(hidden)]
    fn read_sensitive(reader: &mut derived::Reader<'_>, name: &str) -> Option<Self> {
        reader.sensitive(name)
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

/// An enum that stands for one of a fixed set of strings.
///
/// `#[derive(Model)]` implements it: `PodIdentity` is `pod_identity`, `#[tf(name = "…")]` says otherwise. The configuration can hold no
/// other string. A state can, when it was written by another version or the real object has a value of its own: where that may
/// happen, mark a variant that holds a `String` with `#[tf(other)]`, or reading such a state fails.
pub trait Keyword: Sized + 'static {
    /// What the configuration can hold.
    const NAMES: &'static [&'static str];

    /// The string it stands for.
    fn name(&self) -> &str;

    /// What stands for the string.
    fn from_name(name: &str) -> Option<Self>;
}

/// A field that can stand as nested blocks: a model, or models in an `Option`, [`Value`], `Vec`, [`Set`] or map.
///
/// A model alone is a group: an object that is always there, with null attributes where the configuration leaves the block out.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a block",
    label = "not a model",
    note = "a block is a model, alone or in `Option<_>`, `Value<_>`, `Vec<_>`, `Set<_>` or `BTreeMap<String, _>`"
)]
pub trait Blocks: Field {
    /// Whether it is a group.
    const GROUP: bool = false;

    /// How often the block occurs.
    fn nesting() -> BlockNesting;

    /// What is inside.
    fn block() -> Block;

    #[doc(hidden)]
    fn nested(name: &str, min: u64, max: u64, description: &str) -> NestedBlock {
        derived::block::<Self>(name, min, max, description)
    }
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
