use std::sync::Arc;

use super::{Facts, Field};
use crate::diagnostics::Diagnostics;
use crate::path::Path;
use crate::schema::{Schema, Shape, Validator};
use crate::ty::Type;
use crate::value::Value;

/// An object of a schema as a Rust struct.
pub trait Model: Clone + Send + Sync + 'static {
    /// What the compiler checks about it.
    const FACTS: Facts = Facts::NONE;

    /// Its schema.
    fn schema() -> Schema;

    /// The type of its objects: a program that asks only for this has nothing of the schema in it.
    fn ty() -> Type {
        Self::schema().ty()
    }

    /// Reads a known object.
    ///
    /// # Errors
    /// One diagnostic for each field that cannot hold its value.
    fn from_value(value: &Value, at: &Path) -> Result<Self, Diagnostics>;

    /// The object, known.
    fn to_value(&self) -> Value;

    /// Checks that every configured object has to pass as a whole.
    fn validators() -> Vec<Arc<dyn Validator>> {
        Vec::new()
    }
}

/// No attributes at all: for what may have a model and has none.
impl Model for () {
    fn schema() -> Schema {
        Schema::default()
    }

    fn from_value(_: &Value, _: &Path) -> Result<Self, Diagnostics> {
        Ok(())
    }

    fn to_value(&self) -> Value {
        Value::object::<String>([])
    }
}

/// A model as one value of an object type: its attributes have no rows of their own in the schema, as in `list(object({ … }))`.
///
/// Whoever sets it gives all of its attributes, and options of its fields mean nothing, so nested attributes are nearly always better.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object<M>(pub M);

impl<M: Model> Field for Object<M> {
    const FACTS: Facts = <M as Model>::FACTS.in_one_value();

    fn shape() -> Shape {
        Shape::Plain(M::ty())
    }

    fn ty() -> Type {
        M::ty()
    }

    fn from_value(value: &Value, at: &Path) -> Result<Self, Diagnostics> {
        <M as Model>::from_value(value, at).map(Self)
    }

    fn to_value(&self) -> Value {
        <M as Model>::to_value(&self.0)
    }

    fn validators() -> Vec<Arc<dyn Validator>> {
        <M as Model>::validators()
    }
}
