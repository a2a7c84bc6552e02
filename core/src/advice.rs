//! Which mechanism a workload should use: IRSA, EKS Pod Identity, both or neither.
//!
//! What is known of these is a table of rules, each with what it argues for, how strongly, why, and who says so. [`advise`] applies it to what
//! is known of a workload; [`page`] writes it down for people. Rules weigh in tiers: what must be decides, else what should be, else what
//! may be.

mod advise;
mod claims;
mod page;
mod question;
mod rules;

pub use advise::{Advice, Change, Reason, Recommendation, advise};
pub use page::page;
pub use question::{Ask, Question};
pub use rules::{ArguesFor, RULES, Rule, Weight};
