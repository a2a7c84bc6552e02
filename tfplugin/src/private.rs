//! What a resource stores beside its values: a JSON object that hosts carry along without looking inside.

use std::collections::BTreeMap;

use tfmodel::Diagnostics;
use tfmodel::json::{self, Kind, write_string};

use crate::bug;

/// Marks an object that was imported and not read yet.
const IMPORTED: &str = ".imported";

/// What is stored beside an object that is to be replaced. Hosts have one place for both objects: what the plan of the new one stores is
/// what the deletion of the old one gets.
const REPLACED: &str = ".replaced";

/// The text of what holds nothing.
const NOTHING: &str = "{}";

/// Values in the text of their JSON: what others wrote goes back as it came.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Private(BTreeMap<String, String>);

impl Private {
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Diagnostics> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        let text = std::str::from_utf8(bytes).map_err(|_| bug::private_unreadable())?;
        match json::parse(text).map(|node| node.kind) {
            Ok(Kind::Object(members)) => Ok(Self(
                members
                    .into_iter()
                    .map(|member| (member.key, member.value.span.of(text).to_owned()))
                    .collect(),
            )),
            Ok(_) | Err(_) => Err(bug::private_unreadable()),
        }
    }

    /// Empty where there is nothing to store, beside nothing that is replaced.
    pub(crate) fn encode(&self) -> Vec<u8> {
        if self.0.iter().all(|(key, value)| key == REPLACED && value == NOTHING) {
            return Vec::new();
        }
        self.text().into_bytes()
    }

    fn text(&self) -> String {
        if self.0.is_empty() {
            return NOTHING.to_owned();
        }
        let mut out = String::new();
        for (key, value) in &self.0 {
            out.push(if out.is_empty() { '{' } else { ',' });
            write_string(&mut out, key);
            out.push(':');
            out.push_str(value);
        }
        out.push('}');
        out
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn get(&self, key: &str) -> Option<String> {
        match json::parse(self.0.get(key)?).ok()?.kind {
            Kind::String(text) => Some(text),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Array(_) | Kind::Object(_) => None,
        }
    }

    pub(crate) fn set(&mut self, key: &str, value: &str) {
        let mut text = String::new();
        write_string(&mut text, value);
        self.0.insert(key.to_owned(), text);
    }

    pub(crate) fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// What a new object starts with that takes the place of the one that has this. That the old one has nothing is told apart from
    /// there being no old one: what the new one stores would be taken for the old one's.
    pub(crate) fn into_replaced(self) -> Self {
        Self(BTreeMap::from([(REPLACED.to_owned(), self.text())]))
    }

    /// What the object stored that is replaced.
    pub(crate) fn get_replaced(&self, key: &str) -> Option<String> {
        Self::decode(self.0.get(REPLACED)?.as_bytes()).ok()?.get(key)
    }

    /// What belongs to the object that goes.
    pub(crate) fn of_old(mut self) -> Self {
        let replaced = self.0.remove(REPLACED);
        replaced
            .and_then(|replaced| Self::decode(replaced.as_bytes()).ok())
            .unwrap_or(self)
    }

    /// What belongs to the object that comes or stays.
    pub(crate) fn of_new(mut self) -> Self {
        self.0.remove(REPLACED);
        self
    }

    pub(crate) fn mark_imported(&mut self) {
        self.0.insert(IMPORTED.to_owned(), "true".to_owned());
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
        private.set("nonce", "a\"b");
        private.mark_imported();
        let mut back = Private::decode(&private.encode()).unwrap();
        assert_eq!(back.get("nonce").as_deref(), Some("a\"b"));
        assert!(back.take_imported() && !back.take_imported());
    }

    #[test]
    fn what_belongs_to_a_replaced_object_is_kept_apart() {
        let private = |key: &str| {
            let mut private = Private::default();
            private.set(key, "value");
            private
        };
        let mut both = private("old").into_replaced();
        assert_eq!(
            (both.get("old"), both.get_replaced("old").as_deref()),
            (None, Some("value"))
        );
        both.set("new", "value");
        assert_eq!((both.clone().of_old(), both.of_new()), (private("old"), private("new")));
        assert_eq!(
            (private("only").of_old(), private("only").of_new()),
            (private("only"), private("only"))
        );
        let mut anew = Private::default().into_replaced();
        assert!(anew.encode().is_empty());
        anew.set("new", "value");
        let anew = Private::decode(&anew.encode()).unwrap();
        assert_eq!(
            (anew.clone().of_old(), anew.of_new()),
            (Private::default(), private("new"))
        );
    }

    #[test]
    fn what_others_stored_goes_back_as_it_came() {
        let text = r#"{"schema_version":"1","timeouts":{"create":1.2e24, "delete":[0.10]}}"#;
        let mut private = Private::decode(text.as_bytes()).unwrap();
        assert_eq!(private.encode(), text.as_bytes());
        assert_eq!(private.get("schema_version").as_deref(), Some("1"));
        assert_eq!(private.get("timeouts"), None);
        private.remove("timeouts");
        assert_eq!(private.encode(), br#"{"schema_version":"1"}"#);
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
