//! A framework for Terraform and OpenTofu providers: everything between a host that starts a process and the code that knows what a
//! resource is.
//!
//! A provider implements a trait for each kind of thing over its models: [`Provider`] for its settings and what it offers, [`Resource`],
//! [`DataSource`] and [`EphemeralResource`] for what can be managed, looked up and held for one run, [`ListResource`] for finding what
//! could be managed, [`Action`] for what is done on request, [`Function`] for pure computations. A *model* is one struct that is schema and typed values at once; it derives
//! [`model::Model`]. [`serve`] does the rest.
//!
//! New to this? Read the [whole provider](#a-whole-provider) below, which is a program that works, then the [`guide`]: one concept a page,
//! what it is, what the host does and when, what to write, what goes wrong.
//!
//! # What happens when
//!
//! | host | here | author |
//! |---|---|---|
//! | validates | required values, validators, rules between siblings | [`Resource::validate`], if all of that passed |
//! | refreshes | state of older schemas through [`Upgrades`]; spellings that mean the same are kept | [`Resource::read`] |
//! | plans | defaults, unknowns, kept values; afterwards replacement and the host's rules | [`Resource::plan`] |
//! | applies | chooses the operation; afterwards the host's rules | [`Resource::create`], [`Resource::update`], [`Resource::delete`] |
//! | moves from another type | reads the part of the old state that a model names | [`Resource::moves`] |
//! | lists | holds the author back to the pace of the host, and ends with its limit | [`ListResource::list`] |
//! | invokes an action | checks again what was unknown when it was validated; afterwards says how it ended, exactly once | [`Action::invoke`] |
//! | generates configuration | leaves out defaults, and what only the provider sets | [`Resource::generate_config`] |
//! | imports | marks the object, so that its first read may complete it | [`Resource::import`], then [`Resource::read`] |
//! | opens, renews, closes | defaults; afterwards the host's rules; closes what failed to open | [`EphemeralResource::open`], [`EphemeralResource::renew`], [`EphemeralResource::close`] |
//!
//! Methods return `Result<_, Diagnostics>` and use `?`. Warnings go through [`Cx::warn`]. As soon as something exists remotely,
//! [`Cx::checkpoint`] records it: an error, a panic or an interrupt afterwards then leaves it in the state. An answer that the host would
//! refuse is reported before the host sees it, with the attribute and the remark that the provider is to blame.
//!
//! Every call runs in a task of its own, which goes on when a host gives up on it. When the user asks to stop, waits end through
//! [`Cx::unless_stopped`] or [`Cx::within`], and methods return what they have.
//!
//! # A whole provider
//!
//! ```no_run
#![doc = include_str!("../examples/textfile.rs")]
//! ```
//!
//! # Building a provider
//!
//! Set `AWS_LC_SYS_NO_JITTER_ENTROPY = "1"` in the `[env]` table of `.cargo/config.toml`: key generation otherwise measures CPU jitter for
//! 26 ms in every process, and hosts start several processes for each command. Do not set `panic = "abort"`: a panic in one call is
//! reported as a diagnostic, and the process lives on.

#![deny(missing_docs)]

mod action;
mod bug;
mod call;
mod data_source;
mod deferral;
pub mod docs;
mod ephemeral_resource;
mod function;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
pub mod guide;
mod list_resource;
mod logging;
pub mod model;
mod moves;
mod private;
mod provider;
mod resource;
mod serve;
mod server;
pub mod transport;
mod upgrade;
mod wire;

pub use action::{Action, Invoke, Progress};
pub use call::{Cx, Ephemeral, KeepsPrivate, Stopped};
pub use data_source::DataSource;
pub use deferral::Deferral;
pub use ephemeral_resource::{EphemeralResource, Opened};
pub use function::{Argument, Arguments, Function, FunctionError, Signature, Variadic};
pub use list_resource::{Enough, Found, List, ListResource, ListScope, Listing};
pub use moves::{Moved, Moves, Origin, Source};
pub use provider::{Configure, Provider, Registry};
pub use resource::{Create, Delete, ImportKey, Read, Resource, Update};
pub use serve::serve;
pub use upgrade::Upgrades;
pub use wire::Service;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
