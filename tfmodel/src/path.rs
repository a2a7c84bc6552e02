//! Exact places in a value: attribute, map key, list index.
//!
//! An element of a set has no key that could travel to the host, so a path that leads into a set stops at the set.

use std::fmt;

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// An attribute or nested block of an object.
    Attribute(String),
    /// An element of a map.
    Key(String),
    /// An element of a list or tuple, counted from zero.
    Index(usize),
}

/// A place in a value, from its root.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<Step>);

impl Path {
    /// The value itself.
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// A path of one attribute.
    pub fn attribute(name: impl Into<String>) -> Self {
        Self::root().with_attribute(name)
    }

    /// This path and one attribute more.
    #[must_use]
    pub fn with_attribute(&self, name: impl Into<String>) -> Self {
        self.with(Step::Attribute(name.into()))
    }

    /// This path and one map key more.
    #[must_use]
    pub fn with_key(&self, key: impl Into<String>) -> Self {
        self.with(Step::Key(key.into()))
    }

    /// This path and one list index more.
    #[must_use]
    pub fn with_index(&self, index: usize) -> Self {
        self.with(Step::Index(index))
    }

    /// This path and one step more.
    #[must_use]
    pub fn with(&self, step: Step) -> Self {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step);
        Self(steps)
    }

    /// This path below one step more at its start, for errors that are located while they travel outwards.
    pub(crate) fn below(mut self, step: Step) -> Self {
        self.0.insert(0, step);
        self
    }

    /// The path without its last step, `None` at the root.
    pub fn parent(&self) -> Option<Self> {
        self.0.split_last().map(|(_, rest)| Self(rest.to_vec()))
    }

    /// The steps from the root.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether this is the value itself.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `self` is `other` or lies below it.
    pub fn starts_with(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }
}

impl From<Vec<Step>> for Path {
    fn from(steps: Vec<Step>) -> Self {
        Self(steps)
    }
}

/// As it is written in HCL: `role.tags["team"]`, `conditions[0].values`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Attribute(name) if position == 0 => f.write_str(name)?,
                Step::Attribute(name) => write!(f, ".{name}")?,
                Step::Key(key) => write!(f, "[\"{}\"]", key.escape_debug())?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_as_it_is_written_in_hcl() {
        let path = Path::attribute("trust")
            .with_attribute("conditions")
            .with_index(2)
            .with_attribute("tags")
            .with_key("a\"b");
        assert_eq!(path.to_string(), r#"trust.conditions[2].tags["a\"b"]"#);
    }

    #[test]
    fn a_path_starts_with_its_parents_only() {
        let role = Path::attribute("role");
        assert!(role.with_attribute("name").starts_with(&role));
        assert!(!Path::attribute("role_arn").starts_with(&role));
    }
}
