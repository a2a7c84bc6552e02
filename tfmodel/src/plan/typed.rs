use super::Draft;
use crate::diagnostics::Diagnostics;
use crate::model::Model;
use crate::path::Path;

/// A [`Draft`] of an object that will exist, with its three objects as Rust structs.
#[derive(Clone, Debug, PartialEq)]
pub struct TypedDraft<M: Model> {
    /// The object as it is; `None` before it is created.
    pub prior: Option<M>,
    /// What the configuration says.
    pub config: M,
    /// The object as it will be.
    pub planned: M,
    /// Places whose change needs a new object, beside those that the schema names.
    pub replace: Vec<Path>,
    /// What the user should know.
    pub warnings: Diagnostics,
}

impl Draft {
    /// The draft with structs instead of values.
    ///
    /// # Errors
    /// The model cannot hold one of the values, for instance an unknown one, or the object is to be destroyed.
    pub fn typed<M: Model>(&self) -> Result<TypedDraft<M>, Diagnostics> {
        let root = Path::root();
        let prior = (!self.prior.is_null()).then_some(&self.prior);
        Ok(TypedDraft {
            prior: prior.map(|prior| M::from_value(prior, &root)).transpose()?,
            config: M::from_value(&self.config, &root)?,
            planned: M::from_value(&self.planned, &root)?,
            replace: self.replace.clone(),
            warnings: self.warnings.clone(),
        })
    }

    /// This draft with what the author planned; prior state and configuration stay as they are.
    #[must_use]
    pub fn with<M: Model>(self, typed: TypedDraft<M>) -> Self {
        Self {
            planned: typed.planned.to_value(),
            replace: typed.replace,
            warnings: typed.warnings,
            ..self
        }
    }
}
