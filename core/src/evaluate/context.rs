use std::collections::BTreeMap;

use serde::Serialize;

/// What a request carries, by condition key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Context {
    // INVARIANT: keys are in lower case, as their case means nothing.
    keys: BTreeMap<String, Presence>,
    /// What holds of a key that is not listed.
    rest: Presence,
}

/// Whether a request carries a key, and what is known of its values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// It does not.
    #[default]
    Absent,
    /// It does, with these values.
    Values(Vec<String>),
    /// It does; nobody can know offline with which values.
    Present,
    /// Nobody can know offline.
    Unknown,
}

impl Context {
    /// A request that carries nothing; keys that are not listed are absent.
    pub fn new() -> Self {
        Self::default()
    }

    /// A request of which only what is listed is known.
    pub fn unknown() -> Self {
        Self {
            keys: BTreeMap::new(),
            rest: Presence::Unknown,
        }
    }

    /// With one key more, or another value for it.
    #[must_use]
    pub fn with(mut self, key: &str, presence: Presence) -> Self {
        self.keys.insert(key.to_ascii_lowercase(), presence);
        self
    }

    /// With one key more, that has one value.
    #[must_use]
    pub fn with_value(self, key: &str, value: impl Into<String>) -> Self {
        self.with(key, Presence::Values(vec![value.into()]))
    }

    /// What is known of a key, whatever its case.
    pub fn get(&self, key: &str) -> &Presence {
        self.keys.get(&key.to_ascii_lowercase()).unwrap_or(&self.rest)
    }

    /// What is listed, by key in lower case.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Presence)> {
        self.keys.iter().map(|(key, presence)| (key.as_str(), presence))
    }
}
