//! The resource `pod_identity_binding`: from the engine's plans and steps to calls and back.

mod execute;
mod facts;
mod ownership;
