//! How to write a provider, one concept a page.
//!
//! Start with the [whole provider](crate#a-whole-provider) on the crate's first page: it fits on a screen and is a program that works. These
//! pages say what stands behind it. Each has the same four parts: what it is, what the host does and when, what to write, what goes wrong.
//!
//! A *host* is Terraform or OpenTofu. A *provider* is a program that the host starts, asks, and ends; it never acts on its own.
//!
//! | to learn | read |
//! |---|---|
//! | how to get from nothing to a plan | [first_provider] |
//! | how attributes and blocks are described | [schema] |
//! | what null and unknown mean | [values] |
//! | who decides what a plan says | [planning] |
//! | what is kept between two runs | [state_and_private] |
//! | how to take over what exists already | [identity_and_import] |
//! | how a released resource can change its shape | [moves_and_upgrades] |
//! | how to hand out values that nobody stores | [ephemeral] |
//! | how to compute without touching anything | [functions] |
//! | how to find what exists, and to do something on request | [lists_and_actions] |
//! | what to do when something fails half-way | [errors_and_checkpoints] |
//! | what an interrupt does | [stopping] |
//! | how to know that all of this holds | [testing] |
//! | how to see what happens | [logs] |
//! | how others get it | [publishing] |

#[doc = include_str!("guide/ephemeral.md")]
pub mod ephemeral {}

#[doc = include_str!("guide/errors_and_checkpoints.md")]
pub mod errors_and_checkpoints {}

#[doc = include_str!("guide/first_provider.md")]
pub mod first_provider {}

#[doc = include_str!("guide/functions.md")]
pub mod functions {}

#[doc = include_str!("guide/identity_and_import.md")]
pub mod identity_and_import {}

#[doc = include_str!("guide/lists_and_actions.md")]
pub mod lists_and_actions {}

#[doc = include_str!("guide/logs.md")]
pub mod logs {}

#[doc = include_str!("guide/moves_and_upgrades.md")]
pub mod moves_and_upgrades {}

#[doc = include_str!("guide/planning.md")]
pub mod planning {}

#[doc = include_str!("guide/publishing.md")]
pub mod publishing {}

#[doc = include_str!("guide/schema.md")]
pub mod schema {}

#[doc = include_str!("guide/state_and_private.md")]
pub mod state_and_private {}

#[doc = include_str!("guide/stopping.md")]
pub mod stopping {}

#[doc = include_str!("guide/testing.md")]
pub mod testing {}

#[doc = include_str!("guide/values.md")]
pub mod values {}
