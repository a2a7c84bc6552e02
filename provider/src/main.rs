//! Entry point.

#[allow(dead_code, unused_imports, reason = "the resource that calls it follows")]
mod cloud;

fn main() {}
