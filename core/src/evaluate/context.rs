use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

/// What a request carries, by condition key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Context {
    // INVARIANT: keys are in lower case, as their case means nothing.
    keys: BTreeMap<Cow<'static, str>, Presence>,
    /// What holds of a key that is not listed; the first family that it is of decides.
    families: Vec<(KeyFamily, Presence)>,
    /// What holds of all others.
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

/// Condition keys that nobody can list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyFamily {
    /// All that start so; in lower case.
    Prefix(Cow<'static, str>),
    /// The claims of identity providers, which are named by the host of the provider: `accounts.google.com:sub`.
    Claims,
}

impl KeyFamily {
    /// Whether a key, in lower case, is one of them.
    fn has(&self, key: &str) -> bool {
        match self {
            Self::Prefix(start) => key.starts_with(&**start),
            Self::Claims => key
                .rsplit_once(':')
                .is_some_and(|(provider, _)| !provider.starts_with("aws:") && provider.contains(['.', '/', ':'])),
        }
    }
}

impl Context {
    /// A request that carries nothing; keys that are not listed are absent.
    pub fn new() -> Self {
        Self::default()
    }

    /// A request of which only what is listed is known.
    pub fn unknown() -> Self {
        Self {
            rest: Presence::Unknown,
            ..Self::default()
        }
    }

    /// With one key more, or another value for it.
    #[must_use]
    pub fn with(mut self, key: &str, presence: Presence) -> Self {
        self.keys.insert(Cow::Owned(lower(key).into_owned()), presence);
        self
    }

    /// With the same for every key of a family that is not listed. Of several families, the first one decides.
    #[must_use]
    pub fn with_family(mut self, family: KeyFamily, presence: Presence) -> Self {
        self.families.push((family, presence));
        self
    }

    /// With many keys at once.
    #[must_use]
    pub fn with_all(mut self, keys: impl IntoIterator<Item = (Cow<'static, str>, Presence)>) -> Self {
        self.keys
            .extend(keys.into_iter().map(|(key, presence)| match lower(&key) {
                Cow::Borrowed(_) => (key, presence),
                Cow::Owned(key) => (Cow::Owned(key), presence),
            }));
        self
    }

    /// With one key more, that has one value.
    #[must_use]
    pub fn with_value(self, key: &str, value: impl Into<String>) -> Self {
        self.with(key, Presence::Values(vec![value.into()]))
    }

    /// What is known of a key, whatever its case.
    pub fn get(&self, key: &str) -> &Presence {
        let key = lower(key);
        self.keys.get(&*key).unwrap_or_else(|| {
            let family = self.families.iter().find(|(family, _)| family.has(&key));
            family.map_or(&self.rest, |(_, presence)| presence)
        })
    }

    /// What is listed, by key in lower case.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Presence)> {
        self.keys.iter().map(|(key, presence)| (&**key, presence))
    }
}

/// Keys mean the same in every case.
fn lower(key: &str) -> Cow<'_, str> {
    if key.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(key.to_ascii_lowercase())
    } else {
        Cow::Borrowed(key)
    }
}
