//! Would this request be let in by this trust policy?
//!
//! A [`Request`] is made of [`Call`]s, one for each action that STS authorises, each with what it carries; [`evaluate()`] answers with a
//! [`Verdict`] and what decided it. What nobody can know offline stays unknown and is never guessed.
//!
//! Only the document is looked at: service and resource control policies, permissions boundaries, and the policies of the caller are not.

mod condition;
mod context;
mod explain;
mod pattern;
pub mod pod;
mod prepared;
mod principal;
mod range;
mod read;
mod reason;
mod request;
mod session;
mod statement;
mod verdict;
mod wanted;

pub use context::{Context, KeyFamily, Presence};
pub use explain::{NOT_CONSIDERED, evaluate};
pub use prepared::Prepared;
pub use request::{Call, Caller, Request};
pub use session::{Blocked, Blocking, blocked, permitted};
pub use verdict::{CallEvaluation, ConditionMatch, Evaluation, StatementMatch, Truth, Verdict};

pub(crate) use pattern::is_like;
pub(crate) use session::denies;
pub(crate) use wanted::can_be_read;
