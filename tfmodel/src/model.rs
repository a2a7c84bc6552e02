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
//! `T` is `bool`, an integer, `f32`, `f64`, [`Number`](crate::Number), `String`, `Vec<T>`, [`Set<T>`], `BTreeMap<String, T>`,
//! [`Dynamic`](crate::value::Dynamic), an enum that derives [`Model`], another model, which becomes nested attributes, or [`Object`] of
//! a model, which is one value of an object type. Elements of collections have the same three kinds. A value that a field cannot hold is a diagnostic at the field's path.
//!
//! A field's type must accept whatever reading the real object can return, or a stricter parser in a later version would leave users with
//! a state that can neither be planned nor destroyed. So parsers belong into validators, which look at configuration only.
//!
//! ```
//! use tfmodel::timeouts::Timeouts;
//! use tfmodel::validators::length;
//! use tfmodel::{Model, Path, Value};
//!
//! /// Who may read a shelf.
//! #[derive(Clone, Copy, Debug, PartialEq, Model)]
//! enum Access {
//!     Everybody,
//!     MembersOnly,
//! }
//!
//! /// A shelf of books.
//! #[derive(Clone, Debug, Default, Model)]
//! struct Shelf {
//!     /// Name of the shelf, and what users have to know of it: the first paragraph of a comment goes into the schema.
//!     #[tf(required, replace, validate(length(1..=64)))]
//!     name: Value<String>,
//!     /// Who may read it.
//!     #[tf(default = Access::Everybody)]
//!     access: Value<Access>,
//!     /// Titles of the books.
//!     #[tf(optional)]
//!     titles: Value<Vec<String>>,
//!     /// Where it stands.
//!     #[tf(computed, keep_prior)]
//!     place: Value<String>,
//!     #[tf(block)]
//!     timeouts: Timeouts,
//! }
//!
//! let shelf = Shelf {
//!     name: Value::from("poems"),
//!     place: Value::unknown(),
//!     ..Shelf::default()
//! };
//! let again = Shelf::from_value(&shelf.to_value(), &Path::root()).expect("a shelf");
//! assert_eq!(again.name.known().map(String::as_str), Some("poems"));
//! assert_eq!(Shelf::schema().block.attributes.len(), 4);
//! ```
//!
//! # Options of a field
//!
//! | option | meaning |
//! |---|---|
//! | `required`, `optional`, `computed`, `optional, computed` | who sets the attribute |
//! | `default = value` | the value where the configuration is null, of any type; `optional, computed` is implied |
//! | `block`, with `required`, `min = 1`, `max = 3` | nested blocks instead of an attribute |
//! | `block, computed` | a block that the provider fills in where it is left out |
//! | `replace`, `replace_if_configured`, `replace_when = function` | when a change needs a new object, see [`Replace`](crate::schema::Replace); of blocks too |
//! | `keep_prior`, `keep_prior_non_null` | stays as it was instead of becoming unknown, see [`KeepPrior`](crate::schema::KeepPrior) |
//! | `sensitive` | hidden from output and from messages |
//! | `write_only` | in the configuration only, never in plan or state |
//! | `validate(check, …)` | checks of the configured value, see [`validators`](crate::validators); of blocks too |
//! | `meaning = Format` | text of a format: other text is refused, and another spelling is no change, see [`equality`](crate::equality) |
//! | `equality = rule` | when two values mean the same, if no format says so |
//! | `at_least_one_of(a, b)`, `exactly_one_of(a, b)`, `at_most_one_of(a, b)`, `required_together(a, b)` | rules about this field and its siblings, by the names of the fields |
//! | `conflicts_with(a, b)`, `requires(a, b)` | rules about siblings where this field is set |
//! | `prefer_write_only(a)` | a warning where this field is set and the host knows write-only attributes |
//! | `at_least_sum_of(a, b)`, `at_most_sum_of(a, b)`, `equal_to_sum_of(a, b)`, `equal_to_product_of(a, b)` | rules about numbers |
//! | `deprecated = "…"` | what to use instead; also a warning where it is set |
//! | `description = "…"` | instead of the first paragraph of the comment |
//! | `rename = "…"` | the name in HCL, if it is not the field's |
//!
//! A description is Markdown. Links to Rust items lose their target, other links stay.
//!
//! A struct has the options `version = 1` (of its state), `description`, `deprecated`, `validate` for checks of the object as a whole, and
//! the first four rules about its fields. They hold wherever the model stands: as a resource, a data source, a provider's configuration, a
//! block or an attribute. Rules name what stands side by side, and the compiler knows that it is there; a rule across levels is a check of
//! the outer model, in Rust. A variant of an enum has `name = "…"`. A struct of one unnamed field holds what that field holds, and has the
//! options `validate`, `equality` and `meaning` of its own:
//!
//! ```
//! use tfmodel::equality::Json;
//! use tfmodel::model::Object;
//! use tfmodel::validators::{advice, at_most, custom, each, length, matches};
//! use tfmodel::{Model, Value};
//!
//! #[derive(Clone, Debug, Model)]
//! #[tf(meaning = Json)]
//! struct Document(String);
//!
//! /// Ports that are open.
//! #[derive(Clone, Debug, Default, Model)]
//! #[tf(validate(custom(Ports::are_in_order)))]
//! struct Ports {
//!     #[tf(required)]
//!     from: Value<u16>,
//!     /// Above 1023, no rights are needed.
//!     #[tf(optional, validate(advice(at_most(1023))))]
//!     to: Value<u16>,
//! }
//!
//! impl Ports {
//!     fn are_in_order(self) -> Result<(), String> {
//!         match (self.from, self.to) {
//!             (Value::Known(from), Value::Known(to)) if from > to => Err("It ends before it starts.".to_owned()),
//!             _ => Ok(()),
//!         }
//!     }
//! }
//!
//! /// A service.
//! #[derive(Clone, Debug, Model)]
//! #[tf(version = 1, at_most_one_of(document, ports), required_together(user, token_wo))]
//! struct Service {
//!     #[tf(required, replace, validate(matches("It has to start with `svc-`.", |text| text.starts_with("svc-"))))]
//!     name: Value<String>,
//!     #[tf(default = vec!["a".to_owned()], validate(each(length(1..))))]
//!     zones: Value<Vec<String>>,
//!     #[tf(optional)]
//!     document: Value<Document>,
//!     #[tf(block, validate(custom(|all: Vec<Ports>| if all.len() < 9 { Ok(()) } else { Err("They are too many.".to_owned()) })))]
//!     ports: Vec<Ports>,
//!     #[tf(optional)]
//!     user: Value<String>,
//!     #[tf(optional, sensitive, prefer_write_only(token_wo))]
//!     token: Value<String>,
//!     #[tf(optional, sensitive, write_only)]
//!     token_wo: Value<String>,
//!     /// One value of the type `object({ from = number, to = number })`, without rows of its own in the schema.
//!     #[tf(computed)]
//!     found: Value<Object<Ports>>,
//! }
//!
//! // What the compiler cannot see is found by a test of one line for each model.
//! assert_eq!(Service::schema().check(), []);
//! ```
//!
//! # What does not compile
//!
//! Besides options that exclude each other: an attribute that may be null in a field that is never null; write-only attributes in a set, in
//! an object type or in what is computed; values of any type in a collection; blocks inside nested attributes; required attributes in a
//! block that is a model alone; rules that name no sibling, and sums of what is no number; names that a host refuses; and a model that
//! contains itself. What else a host would refuse, a check for values of another type, and a default that its own check refuses, are found
//! by [`Schema::check`](crate::Schema::check), so each model deserves the last line above as a test.

mod collection;
#[doc(hidden)]
pub mod derived;
mod facts;
mod object;
pub(crate) mod problem;
mod scalar;
#[cfg(all(test, feature = "derive"))]
mod tests;
mod wrapper;

#[cfg(feature = "derive")]
pub use tfmodel_derive::Model;

/// The macro for crates that depend on `tfplugin` only, which exports it as `Model`.
#[cfg(feature = "derive")]
#[doc(hidden)]
pub use tfmodel_derive::TfpluginModel;

pub use collection::Set;
pub use facts::Facts;
pub use object::{Model, Object};

use std::sync::Arc;

use crate::diagnostics::Diagnostics;
use crate::path::Path;
use crate::schema::{Attribute, Block, BlockNesting, NestedBlock, Nesting, SemanticEquality, Shape, Usage, Validator};
use crate::ty::Type;
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

    /// Its type alone: a program that asks only for this has nothing of the schema in it.
    fn ty() -> Type {
        Self::shape().ty()
    }

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
    fn read(reader: &mut derived::Reader<'_>, position: usize) -> Option<Self> {
        reader.field(position)
    }

    #[doc(hidden)]
    fn read_sensitive(reader: &mut derived::Reader<'_>, position: usize) -> Option<Self> {
        reader.sensitive(position)
    }
}

impl<M: Model> Field for M {
    const FACTS: Facts = <M as Model>::FACTS;

    fn shape() -> Shape {
        Shape::Nested(Nesting::Single, M::schema().block.attributes)
    }

    fn ty() -> Type {
        <M as Model>::ty()
    }

    fn from_value(value: &Value, at: &Path) -> Result<Self, Diagnostics> {
        <M as Model>::from_value(value, at)
    }

    fn to_value(&self) -> Value {
        <M as Model>::to_value(self)
    }

    fn validators() -> Vec<Arc<dyn Validator>> {
        <M as Model>::validators()
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
