//! What a resource stores beside its values: a JSON object that hosts carry along without looking inside.

use serde_json::{Map, Value};
use tfmodel::Diagnostics;

use crate::bug;

/// Marks an object that was imported and not read yet.
const IMPORTED: &str = ".imported";

/// What is stored beside an object that is to be replaced. Hosts have one place for both objects: what the plan of the new one stores is
/// what the deletion of the old one gets.
const REPLACED: &str = ".replaced";

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Private(Map<String, Value>);

impl Private {
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Diagnostics> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_slice(bytes)
            .map(Self)
            .map_err(|_| bug::private_unreadable())
    }

    /// Empty where there is nothing to store.
    pub(crate) fn encode(&self) -> Vec<u8> {
        if self.0.is_empty() {
            Vec::new()
        } else {
            Value::Object(self.0.clone()).to_string().into_bytes()
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn get(&self, key: &str) -> Option<String> {
        self.0.get(key)?.as_str().map(str::to_owned)
    }

    pub(crate) fn set(&mut self, key: &str, value: String) {
        self.0.insert(key.to_owned(), Value::String(value));
    }

    pub(crate) fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// What a new object starts with that takes the place of the one that has this.
    pub(crate) fn into_replaced(self) -> Self {
        if self.0.is_empty() {
            return self;
        }
        Self(Map::from_iter([(REPLACED.to_owned(), Value::Object(self.0))]))
    }

    /// What belongs to the object that goes.
    pub(crate) fn of_old(mut self) -> Self {
        match self.0.remove(REPLACED) {
            Some(Value::Object(replaced)) => Self(replaced),
            Some(_) | None => self,
        }
    }

    /// What belongs to the object that comes or stays.
    pub(crate) fn of_new(mut self) -> Self {
        self.0.remove(REPLACED);
        self
    }

    pub(crate) fn mark_imported(&mut self) {
        self.0.insert(IMPORTED.to_owned(), Value::Bool(true));
    }

    /// Whether the object was imported and this is the first read since.
    pub(crate) fn take_imported(&mut self) -> bool {
        self.0.remove(IMPORTED).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_comes_back() {
        let mut private = Private::default();
        private.set("nonce", "a\"b".to_owned());
        private.mark_imported();
        let mut back = Private::decode(&private.encode()).unwrap();
        assert_eq!(back.get("nonce").as_deref(), Some("a\"b"));
        assert!(back.take_imported() && !back.take_imported());
    }

    #[test]
    fn what_belongs_to_a_replaced_object_is_kept_apart() {
        let private = |key: &str| {
            let mut private = Private::default();
            private.set(key, "value".to_owned());
            private
        };
        let mut both = private("old").into_replaced();
        both.set("new", "value".to_owned());
        assert_eq!((both.clone().of_old(), both.of_new()), (private("old"), private("new")));
        assert_eq!(
            (private("only").of_old(), private("only").of_new()),
            (private("only"), private("only"))
        );
        assert!(Private::default().into_replaced().encode().is_empty());
    }

    #[test]
    fn nothing_stored_is_nothing_sent() {
        assert!(Private::default().encode().is_empty());
        assert_eq!(Private::decode(b"").unwrap(), Private::default());
    }

    #[test]
    fn what_is_not_ours_is_an_error_and_not_an_empty_store() {
        for bytes in [&b"[1]"[..], b"{", b"\xff"] {
            let problems = Private::decode(bytes).unwrap_err();
            assert!(problems.has_errors());
        }
    }
}
