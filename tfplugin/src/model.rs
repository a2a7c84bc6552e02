//! Values, schemas, models and diagnostics: the crate `tfmodel`, with a derive macro for crates that depend on this one alone.

pub use tfmodel::model::TfpluginModel as Model;
pub use tfmodel::*;
