//! What surrounds a trust policy: binding, session policy, association, cluster, other roles.

use crate::findings::rule::Rule;

pub(super) const RULES: &[&Rule] = &[];
