//! What a host is expected to say to its user.

use std::fmt;

use crate::cli::{Diagnostic, Severity};

/// An expected error or warning. A text alone is its summary.
#[derive(Clone, Debug)]
pub struct Message {
    summary: String,
    details: Vec<String>,
    at: Vec<Place>,
}

#[derive(Clone, Debug)]
enum Place {
    Attribute(String),
    Resource(String),
    Code(String),
}

impl Message {
    /// With exactly this summary.
    pub fn summary(text: impl Into<String>) -> Self {
        Self {
            summary: text.into(),
            details: Vec::new(),
            at: Vec::new(),
        }
    }

    /// Whose detail contains this; how lines are broken is left to the host.
    #[must_use]
    pub fn detail(mut self, part: impl Into<String>) -> Self {
        self.details.push(part.into());
        self
    }

    /// That the host shows at an attribute or nested block, by its name. What is wrong inside of an attribute, hosts show at the resource.
    #[must_use]
    pub fn at(mut self, attribute: impl Into<String>) -> Self {
        self.at.push(Place::Attribute(attribute.into()));
        self
    }

    /// That is about one resource.
    #[must_use]
    pub fn of(mut self, address: impl Into<String>) -> Self {
        self.at.push(Place::Resource(address.into()));
        self
    }

    /// That underlines this in the configuration.
    #[must_use]
    pub fn underlining(mut self, code: impl Into<String>) -> Self {
        self.at.push(Place::Code(code.into()));
        self
    }

    fn fits(&self, found: &Diagnostic) -> bool {
        let detail = unwrapped(&found.detail);
        unwrapped(&found.summary) == unwrapped(&self.summary)
            && self.details.iter().all(|part| detail.contains(&unwrapped(part)))
            && self.at.iter().all(|place| match place {
                Place::Attribute(name) => found.attribute.as_ref() == Some(name),
                Place::Resource(address) => found.address.as_ref() == Some(address),
                Place::Code(code) => found.underlined.trim() == code.trim(),
            })
    }
}

impl From<&str> for Message {
    fn from(summary: &str) -> Self {
        Self::summary(summary)
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.summary)?;
        for detail in &self.details {
            write!(f, " with `{detail}` in its detail")?;
        }
        for place in &self.at {
            match place {
                Place::Attribute(name) => write!(f, " at `{name}`")?,
                Place::Resource(address) => write!(f, " of `{address}`")?,
                Place::Code(code) => write!(f, " underlining `{code}`")?,
            }
        }
        Ok(())
    }
}

/// What is missing of a severity, and, if `is_all`, what was said besides.
pub(super) fn compare(severity: Severity, expected: &[Message], found: &[Diagnostic], is_all: bool) -> Vec<String> {
    let mut left: Vec<&Diagnostic> = found.iter().filter(|one| one.severity == severity).collect();
    let mut wrong = Vec::new();
    for message in expected {
        match left.iter().position(|found| message.fits(found)) {
            Some(at) => drop(left.remove(at)),
            None => wrong.push(format!("missing: {severity} {message}")),
        }
    }
    if is_all || !wrong.is_empty() {
        wrong.extend(left.iter().map(|found| format!("said instead: {found}")));
    }
    wrong
}

fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
