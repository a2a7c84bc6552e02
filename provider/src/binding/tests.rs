//! The resource as a host uses it, on an account in memory that can be told to fail, and on a strict AWS.

mod account;
mod adoption;
mod again;
mod asking;
mod association;
mod drift;
mod failure;
mod frozen;
mod import;
mod leaving;
mod life;
mod list;
mod lives;
mod ownership;
mod removal;
mod stale;
mod strict;
