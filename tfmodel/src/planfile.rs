//! What `terraform show -json` writes about a plan, for people to look at: recognition of files, the plan, its marks, a redactor and a diff.
//!
//! Nothing here takes part in planning, and nothing here knows a provider. Values of a plan can be seen from outside only as [`Shown`],
//! which the redactor makes: what is marked sensitive has no way out.

mod difference;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod input;
mod plan;
mod read;
mod reading;
mod redact;
mod references;
mod refusal;

pub use difference::{Content, Difference, Element, Status, difference};
pub use input::{Encoding, Kind};
pub use plan::{Action, Deferred, Import, OutputChange, Plan, ResourceChange, Version};
pub use reading::{Progress, Reading};
pub use redact::{Secret, Shown};
pub use refusal::{Place, Refusal};

#[cfg(test)]
mod tests;
