//! Why a test cannot go on.

use std::fmt;

/// A text for the reader of a failed test; unwrapping it shows it as it is.
pub struct Failure(String);

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Says what was attempted.
    pub(crate) fn of(what: &str) -> impl FnOnce(&dyn fmt::Display) -> Self {
        move |error| Self(format!("{what}: {error}"))
    }

    #[cfg(feature = "client")]
    pub(crate) fn with_log(self, log: &str) -> Self {
        Self(format!("{self}\n--- standard error of the provider ---\n{log}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Failure {}

/// Adds what was attempted to an error.
pub(crate) trait During<T> {
    fn during(self, what: &str) -> Result<T, Failure>;
}

impl<T, E: fmt::Display> During<T> for Result<T, E> {
    fn during(self, what: &str) -> Result<T, Failure> {
        self.map_err(|error| Failure::of(what)(&error))
    }
}
