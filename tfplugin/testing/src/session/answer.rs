//! What a provider answers: a value, and what it has to say about it.

use std::fmt::Write;

use tfmodel::{Diagnostics, Severity};
use tfplugin_proto::tfplugin6 as proto;

use super::wire;
use crate::failure::Failure;

/// A value with diagnostics; both count, for a failed apply leaves something behind.
#[derive(Clone, Debug)]
#[must_use]
pub struct Answer<T> {
    /// What was answered.
    pub value: T,
    /// In the provider's order.
    pub diagnostics: Diagnostics,
}

impl<T> Answer<T> {
    pub(super) fn new(value: T, diagnostics: Vec<proto::Diagnostic>) -> Self {
        let diagnostics = diagnostics.into_iter().map(wire::diagnostic).collect();
        Self { value, diagnostics }
    }

    pub(super) fn prepend(&mut self, mut earlier: Diagnostics) {
        earlier.extend(std::mem::take(&mut self.diagnostics));
        self.diagnostics = earlier;
    }

    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Answer<U> {
        Answer {
            value: change(self.value),
            diagnostics: self.diagnostics,
        }
    }

    /// The value, of an answer that should have no errors.
    ///
    /// # Errors
    ///
    /// When it has, with all of them.
    pub fn ok(self) -> Result<T, Failure> {
        if self.diagnostics.has_errors() {
            Err(Failure::new(listed(&self.diagnostics)))
        } else {
            Ok(self.value)
        }
    }

    /// The diagnostics, of an answer that should have errors.
    ///
    /// # Errors
    ///
    /// When it has none.
    pub fn errors(self) -> Result<Diagnostics, Failure> {
        if self.diagnostics.has_errors() {
            Ok(self.diagnostics)
        } else {
            Err(Failure::new(format!(
                "no error was reported\n{}",
                listed(&self.diagnostics)
            )))
        }
    }

    /// The summaries of the warnings.
    pub fn warnings(&self) -> Vec<&str> {
        self.diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Warning)
            .map(|diagnostic| diagnostic.summary.as_str())
            .collect()
    }
}

/// Diagnostics as a text for the reader of a failed test.
pub(super) fn listed(diagnostics: &Diagnostics) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let _ = write!(text, "{severity}: {}", diagnostic.summary);
        if let Some(path) = &diagnostic.path {
            let _ = write!(text, " (at {path})");
        }
        let _ = writeln!(text, "\n{}", diagnostic.detail);
    }
    text
}

/// What the host says of an answer against its rules.
pub(super) fn accepted(by: &str, found: &Diagnostics) -> Result<(), Failure> {
    if found.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "the host refuses the answer to {by}\n{}",
            listed(found)
        )))
    }
}
