//! Patterns with `*` and `?`.

use crate::evaluate::Pattern;

/// Whether a text is like a pattern.
pub(super) fn is_like(text: &str, pattern: &str) -> bool {
    Pattern::new(pattern).matches(text)
}

/// Whether a text has a wildcard.
pub(super) fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}
