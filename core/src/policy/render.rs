use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::ser::{PrettyFormatter, Serializer as JsonSerializer};

use super::document::{Condition, Document, Principals, Statement, Strings, Who};

impl Document {
    /// The document on one line, as it is sent to IAM and stored.
    pub fn to_json(&self) -> String {
        compact(self)
    }

    /// The document for people, indented as the AWS console does.
    pub fn render(&self) -> String {
        pretty(self)
    }

    /// Characters that count against the quota: all but white space.
    pub fn size(&self) -> usize {
        size(&self.to_json())
    }
}

impl Statement {
    /// The statement on one line.
    pub fn to_json(&self) -> String {
        compact(self)
    }

    /// The statement for people.
    pub fn render(&self) -> String {
        pretty(self)
    }

    /// Characters that count against the quota: all but white space.
    pub fn size(&self) -> usize {
        size(&self.to_json())
    }
}

/// Characters of a document that count against IAM's size quotas: all but white space.
pub fn size(text: &str) -> usize {
    text.chars().filter(|character| !character.is_whitespace()).count()
}

fn compact<T: Serialize>(value: &T) -> String {
    // Strings and maps with string keys always serialise.
    serde_json::to_string(value).unwrap_or_default()
}

fn pretty<T: Serialize>(value: &T) -> String {
    let mut bytes = Vec::new();
    let mut serializer = JsonSerializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(b"    "));
    match value.serialize(&mut serializer) {
        Ok(()) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(_) => String::new(),
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(version) = &self.version {
            map.serialize_entry("Version", version)?;
        }
        if let Some(id) = &self.id {
            map.serialize_entry("Id", id)?;
        }
        map.serialize_entry("Statement", &self.statements)?;
        map.end()
    }
}

impl Serialize for Statement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(sid) = &self.sid {
            map.serialize_entry("Sid", sid)?;
        }
        map.serialize_entry("Effect", &self.effect.to_string())?;
        if let Some(principals) = &self.principals {
            map.serialize_entry(principals.element(), principals)?;
        }
        if let Some(actions) = &self.actions {
            map.serialize_entry(actions.element(), &actions.names)?;
        }
        if let Some(resources) = &self.resources {
            map.serialize_entry(resources.element(), &resources.names)?;
        }
        if !self.conditions.is_empty() {
            map.serialize_entry("Condition", &ByOperator(self.by_operator()))?;
        }
        map.end()
    }
}

impl Serialize for Principals {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.who {
            Who::Everybody => serializer.serialize_str("*"),
            Who::Named(named) => {
                let mut map = serializer.serialize_map(None)?;
                for principal in named {
                    map.serialize_entry(principal.kind.as_str(), &principal.names)?;
                }
                map.end()
            }
        }
    }
}

impl Serialize for Strings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(text) => serializer.serialize_str(text),
            Self::Many(texts) => serializer.collect_seq(texts),
        }
    }
}

/// Conditions by operator, then by key.
struct ByOperator<'a>(Vec<(&'a str, Vec<&'a Condition>)>);

struct ByKey<'a>(&'a [&'a Condition]);

impl Serialize for ByOperator<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            self.0
                .iter()
                .map(|(operator, conditions)| (operator, ByKey(conditions))),
        )
    }
}

impl Serialize for ByKey<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|condition| (&condition.key, &condition.values)))
    }
}
