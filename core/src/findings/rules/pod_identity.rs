//! EKS Pod Identity: statements about its service principal.

use crate::findings::rule::Rule;

pub(super) const RULES: &[&Rule] = &[];
