//! Looking for secrets in what was left behind.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Something that nobody is to see.
#[derive(Debug, Clone)]
pub(super) struct Secret {
    what: String,
    pub(super) text: String,
}

impl Secret {
    pub(super) fn new(what: &str, text: &str) -> Self {
        assert!(text.len() >= 8, "too short to be told from anything else: {text}");
        Self {
            what: what.to_owned(),
            text: text.to_owned(),
        }
    }

    /// As a header says it, after the name of the user.
    pub(super) fn in_base64_after(&self, user: &Self) -> String {
        STANDARD.encode(format!("{}:{}", user.text, self.text))
    }

    fn forms(&self) -> [String; 3] {
        [
            self.text.clone(),
            utf8_percent_encode(&self.text, NON_ALPHANUMERIC).to_string(),
            STANDARD.encode(&self.text),
        ]
    }

    fn is_in(&self, text: &str) -> bool {
        self.forms().iter().any(|form| text.contains(form))
    }
}

/// Everything that commands printed and wrote, by place. What is no text in it does not matter: secrets are.
#[derive(Debug)]
pub(super) struct Told(Vec<(String, String)>);

impl Told {
    pub(super) fn new(places: Vec<(String, Vec<u8>)>) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Self(places.into_iter().map(|(place, bytes)| (place, text(bytes))).collect())
    }

    /// None of these is anywhere.
    #[track_caller]
    pub(super) fn hold_none(&self, secrets: &[Secret]) {
        assert!(!secrets.is_empty());
        let found: Vec<String> = secrets.iter().flat_map(|secret| self.places(secret)).collect();
        assert!(found.is_empty(), "{found:#?}");
    }

    /// All of these are in places with such names, and nowhere else.
    #[track_caller]
    pub(super) fn hold_only_in(&self, secrets: &[Secret], names: &[&str]) {
        for secret in secrets {
            let found = self.places(secret);
            let is_elsewhere = |place: &&String| !names.iter().any(|name| place.ends_with(name));
            let elsewhere: Vec<&String> = found.iter().filter(is_elsewhere).collect();
            assert!(elsewhere.is_empty(), "{elsewhere:#?}");
            assert!(!found.is_empty(), "{} is nowhere", secret.what);
        }
    }

    /// Where a secret is; of logs, with the beginning of the line.
    pub(super) fn places(&self, secret: &Secret) -> Vec<String> {
        let has = self.0.iter().filter(|(_, text)| secret.is_in(text));
        let place = has.map(|(place, text)| {
            let line = text
                .lines()
                .filter(|_| place.ends_with(".log"))
                .find(|line| secret.is_in(line));
            let begin: String = line.unwrap_or_default().chars().take(400).collect();
            format!("{} in {begin}{place}", secret.what)
        });
        place.collect()
    }

    /// The text of the place whose name ends so.
    pub(super) fn text(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(place, _)| place.ends_with(name));
        found.map_or_else(|| panic!("no {name} was written"), |(_, text)| text)
    }
}
