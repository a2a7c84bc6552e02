//! Who gets what in a cluster, whoever made it: from what an account holds to rows.
//!
//! A [`Survey`] is what was read; [`Inventory::of`] makes rows of it. What may not be read is a [`Fact`](crate::binding::Fact) too, and leaves
//! out what rests on it.

mod admitted;
mod imports;
mod rows;
mod survey;

pub use admitted::{Admitted, Reach, admitted};
pub use rows::{Bound, Inventory, Maker, StaleRole, Used};
pub use survey::{FoundAssociation, FoundRole, Survey};

/// How many associations a cluster may have; it cannot be raised: Amazon EKS User Guide, "View and manage Amazon EKS and Fargate service quotas".
pub const MOST_ASSOCIATIONS: usize = 5000;
