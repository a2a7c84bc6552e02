use std::sync::Arc;

use super::Facts;
use crate::diagnostics::Diagnostics;
use crate::path::Path;
use crate::schema::{Schema, Validator};
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
