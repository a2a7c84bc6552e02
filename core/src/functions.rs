//! Provider functions as pure functions of values: they take a binding as a user writes it, or a whole resource.

mod conform;
mod trust_policy;

pub use conform::{Problem, conform};
pub use trust_policy::trust_policy;
