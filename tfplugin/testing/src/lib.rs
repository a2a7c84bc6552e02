//! Tests of providers, by the hosts that will run them and by a client that is as strict as they are.
//!
//! | to hold | use | takes |
//! |---|---|---|
//! | what users see: plans, states, messages, imports | a [`Scenario`](scenario::Scenario) on the real terraform and tofu | seconds |
//! | every rule of the protocol, and every failure in between | [`Core`], which asks as a host does | milliseconds |
//! | the process: its start, its log, its end | [`Launch`] | milliseconds |
//!
//! # Scenarios
//!
//! A scenario is a list of steps that one host plays, from an empty state to an empty state, with the provider in the test's own process or
//! with a binary that was built before.
//!
//! ```no_run
//! # use tfplugin::model::Diagnostics;
//! # use tfplugin::{Configure, Cx, Provider, Registry};
//! # struct Example;
//! # impl Provider for Example {
//! #     const ADDRESS: &'static str = "registry.terraform.io/example/example";
//! #     const VERSION: &'static str = "0.1.0";
//! #     type Config = ();
//! #     type Data = ();
//! #     fn registry(&self) -> Registry<()> { Registry::new() }
//! #     async fn configure(&self, _: &Cx<()>, _: Configure<()>) -> Result<(), Diagnostics> { Ok(()) }
//! # }
//! use tfplugin_testing::cli::{Action, Cli};
//! use tfplugin_testing::scenario::{Apply, Config, Fails, Import, Message, Outside, Scenario, plan, state};
//!
//! const FILE: &str = "example_text_file.it";
//!
//! fn file(text: &str) -> Config {
//!     let hcl = r#"
//!         variable "text" { type = string }
//!         resource "example_text_file" "it" {
//!           name = "a.txt"
//!           text = var.text
//!         }
//!     "#;
//!     Config::text(hcl).variable("text", text)
//! }
//!
//! // With `#[test]` before it.
//! fn a_file_is_made_changed_repaired_and_imported() -> Result<(), tfplugin_testing::Failure> {
//!     let name = state::follow(FILE, "name");
//!     Scenario::new(Cli::Tofu)
//!         .provider(|| Example)
//!         .file("provider.tf", r#"provider "example" { folder = "/tmp/files" }"#)
//!         .step(
//!             Apply::config(file("one"))
//!                 .plan_check(plan::action(FILE, Action::Create))
//!                 .plan_check(plan::value(FILE, "bytes", 3))
//!                 .state_check(name.seen()),
//!         )
//!         .step(Apply::config(file("two")).state_check(name.same()))
//!         .step(Outside::new("somebody changes the file", || std::fs::write("/tmp/files/a.txt", "drift")))
//!         .step(Apply::again().plan_check(plan::drift(FILE, "text", "drift")))
//!         .step(Import::command(FILE, "a.txt"))
//!         .step(
//!             Fails::plan(r#"resource "example_text_file" "it" { name = "../a.txt" }"#)
//!                 .error(Message::summary("The name leads out of the folder").at("name")),
//!         )
//!         .check_destroyed(|| assert!(!std::path::Path::new("/tmp/files/a.txt").exists()))
//!         .run()
//! }
//! # a_file_is_made_changed_repaired_and_imported().unwrap();
//! ```
//!
//! What need not be written:
//!
//! - After each apply and import, a second plan must be empty, and must not find that anything has changed: then the state is what reading
//!   finds. A resource for which that cannot be says [`unsettled`](scenario::Apply::unsettled), with the reason, and must then be so.
//! - An import must find what was there before; [`except`](scenario::Import::except) names what it cannot, with the reason.
//! - A failure names each of its errors, and where they appear: one that nobody expected fails the test.
//! - Whatever happens, what was made is destroyed, and the state must then be empty.
//! - A host that lacks what a scenario [`needs`](scenario::Scenario::needs) fails it. Nothing is skipped without a word.
//!
//! A step that fails is shown with its number, what the host said, and the last plan. Hosts are found by `TFPLUGIN_TEST_TERRAFORM` and
//! `TFPLUGIN_TEST_TOFU`, or on `PATH`. Commands see none of the test's environment but `PATH`: no credentials and no home.
//!
//! [`scenario::plan`] and [`scenario::state`] list the checks; [`scenario::known`] says more about values than that they are equal;
//! `holds` takes any function. [`scenario::Run`] takes any command, and [`cli::Workspace`] is for tests that need no steps.
//!
//! Nothing here knows what a provider is for. Only ever a dev-dependency; without its default feature `client` it is the driver alone.
#![deny(missing_docs)]

#[cfg(feature = "client")]
mod certificate;
pub mod child;
pub mod cli;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod connect;
#[cfg(feature = "client")]
pub mod core;
mod failure;
#[cfg(feature = "client")]
mod handshake;
#[cfg(feature = "client")]
mod host;
#[cfg(feature = "client")]
mod in_process;
#[cfg(feature = "client")]
mod process;
pub mod scenario;

#[cfg(feature = "client")]
pub use self::certificate::HostIdentity;
#[cfg(feature = "client")]
pub use self::client::Client;
#[cfg(feature = "client")]
pub use self::connect::{Trust, connect};
#[cfg(feature = "client")]
pub use self::core::Core;
pub use self::failure::Failure;
#[cfg(feature = "client")]
pub use self::handshake::Handshake;
#[cfg(feature = "client")]
pub use self::host::{COOKIE, Host, Launch};
#[cfg(feature = "client")]
pub use self::process::{Ended, Process};

#[cfg(all(doctest, feature = "client"))]
#[doc = include_str!("../README.md")]
struct Readme;
