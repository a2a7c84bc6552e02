//! What a resource stores beside its state: a JSON object that hosts carry along without looking inside.

use serde_json::{Map, Value};
use tfmodel::Diagnostics;

use crate::bug;

/// Marks an object that was imported and not read yet.
const IMPORTED: &str = ".imported";

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

    pub(crate) fn get(&self, key: &str) -> Option<String> {
        self.0.get(key)?.as_str().map(str::to_owned)
    }

    pub(crate) fn set(&mut self, key: &str, value: String) {
        self.0.insert(key.to_owned(), Value::String(value));
    }

    pub(crate) fn remove(&mut self, key: &str) {
        self.0.remove(key);
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
