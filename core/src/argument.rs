//! Arguments as users give them: JSON in the browser, HCL of any shape elsewhere, both read leniently.

mod conform;
mod json;

pub use conform::{Problem, conform};
pub use json::from_json;
