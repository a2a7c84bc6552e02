//! When two spellings of a value mean the same, for `#[tf(meaning = …)]` and `#[tf(equality = …)]`.
//!
//! Where a value means the same as the one before, the one before is kept, so that spelling is never a change. When planning, an attribute
//! keeps its prior value as a whole or not at all, also if it is a list, a set or a map: the host takes nothing else. Element by element
//! the spelling is kept in nested attributes and blocks, and in what was applied or read; see [`keep_spelling`](crate::plan::keep_spelling).
//!
//! | format | type | the same |
//! |---|---|---|
//! | JSON | [`Json`] | `{"a":1}` and `{ "a": 1.0 }` |
//! | lengths of time | [`TimeSpan`] | `90m` and `1h30m` |
//! | RFC 3339 | [`Timestamp`] | `2026-11-21T13:00:00Z` and `2026-11-21T14:00:00+01:00` |
//! | IP addresses | [`IpAddr`](core::net::IpAddr) | `2001:DB8::1` and `2001:db8:0::1` |
//! | address ranges | [`Cidr`] | `2001:DB8::/32` and `2001:db8::/32` |
//! | ARNs | [`Arn`] | `arn:aws:EKS:…` and `arn:aws:eks:…` |
//! | any other | a type of yours with [`Meaning`], or a function in [`TextEquality`] | |
//!
//! ```
//! use tfmodel::equality::{Cidr, Json};
//! use tfmodel::{Model, Value};
//!
//! /// A newtype has the meaning wherever it stands, also in collections.
//! #[derive(Clone, Debug, Model)]
//! #[tf(meaning = Json)]
//! struct Document(String);
//!
//! /// A network.
//! #[derive(Clone, Debug, Model)]
//! struct Network {
//!     /// Its addresses. Text of another format is refused, and another spelling is no change.
//!     #[tf(required, replace, meaning = Cidr)]
//!     addresses: Value<String>,
//!     /// What the owner says about it.
//!     #[tf(optional)]
//!     notes: Value<Vec<Document>>,
//! }
//! ```

mod arn;
mod elements;
mod json;
mod network;
#[cfg(test)]
mod tests;
mod time;

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

pub use arn::Arn;
pub(crate) use elements::ElementEquality;
pub use json::Json;
pub use network::Cidr;
pub use time::{TimeSpan, Timestamp};

use crate::schema::SemanticEquality;
use crate::value::Value;

/// A format of texts, by what they say: what is parsed once and compared without its spelling.
///
/// A text that does not parse means only itself.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no format of texts that can be compared by meaning",
    note = "implement `Meaning` for it, or use one of the formats in `equality`"
)]
pub trait Meaning: FromStr<Err: fmt::Display> + 'static {
    /// Whether both mean the same. It has to hold for one text with itself, and in both directions or in none.
    fn same(&self, other: &Self) -> bool;
}

/// Strings of a format that mean the same.
pub struct MeaningEquality<M>(PhantomData<fn() -> M>);

/// Strings that parse as `M` and mean the same; `#[tf(meaning = M)]` brings it along.
pub const fn by_meaning<M: Meaning>() -> MeaningEquality<M> {
    MeaningEquality(PhantomData)
}

impl<M> fmt::Debug for MeaningEquality<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MeaningEquality")
    }
}

impl<M: Meaning> SemanticEquality for MeaningEquality<M> {
    fn equal(&self, a: &Value, b: &Value) -> bool {
        same_text(a, b, |a, b| match (a.parse::<M>(), b.parse::<M>()) {
            (Ok(a), Ok(b)) => a.same(&b),
            (Ok(_) | Err(_), _) => false,
        })
    }
}

/// A text that is not of a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it has to be {0}")]
pub struct NotOfFormat(&'static str);

/// Strings of which a function says that they mean the same. It has to say so in both directions or in none.
#[derive(Clone, Copy, Debug)]
pub struct TextEquality(pub fn(&str, &str) -> bool);

impl SemanticEquality for TextEquality {
    fn equal(&self, a: &Value, b: &Value) -> bool {
        same_text(a, b, self.0)
    }
}

fn same_text(a: &Value, b: &Value, same: impl FnOnce(&str, &str) -> bool) -> bool {
    match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) => a == b || same(a, b),
        (Some(_) | None, _) => false,
    }
}
