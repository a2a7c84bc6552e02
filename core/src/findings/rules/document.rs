//! Any trust policy.

use crate::findings::rule::Rule;

pub(super) const RULES: &[&Rule] = &[];
