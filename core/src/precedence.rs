//! Which credentials of AWS the containers of a pod will use, and why, step by step.
//!
//! Two things decide. When a pod is admitted, EKS writes into its containers where credentials are: of an association if there is one, else of
//! the role that its service account names. Later, the SDK in the container looks through its chain of places and takes the first that has
//! something. [`resolve`] follows both and says at each link what is there, what is not, and what nobody can know from the outside.
//!
//! Not looked at: what a role trusts and permits, what an image and its command line bring along, and credentials that a program asks for
//! by itself.

mod admission;
mod chain;
mod needs;
mod notices;
mod places;
mod resolve;
mod sdk;
mod situation;
mod tell;
mod verdict;

pub use admission::{Admission, Injection};
pub use chain::{Found, Link, Outcome};
pub use notices::Notice;
pub use resolve::{Answer, Case, ContainerResolution, Resolution, resolve};
pub use sdk::{LinkKind, Sdk, SdkFacts};
pub use situation::{Association, Situation, UsedSdk};
pub use verdict::{Candidate, Credentials, Met, Need, Verdict};
