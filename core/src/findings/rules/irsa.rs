//! IRSA: statements about a federated principal that is an OIDC provider.

mod missing_subject;
mod view;

use crate::findings::rule::Rule;

pub(super) const RULES: &[&Rule] = &[&missing_subject::RULE];
