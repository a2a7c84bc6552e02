//! Documents as IAM gives them back: compact, in its own order of keys.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::world::World;

/// RFC 3986, as the IAM API says.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A document in an answer of IAM.
pub(crate) fn encoded(document: &str) -> String {
    utf8_percent_encode(document, ENCODED).to_string()
}

/// A stored trust policy: names for the ids of those who are still there, one string for a list of one, condition keys reordered (`:sub`
/// comes before `:aud`).
pub(crate) fn text(trust: &Value, world: &World) -> String {
    let mut text = String::new();
    write(trust, "", world, &mut text);
    text
}

const ORDER: [&str; 12] = [
    "Version",
    "Id",
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
    "Statement",
];

fn write(value: &Value, within: &str, world: &World, text: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            let rank = |key: &str| ORDER.iter().position(|known| *known == key).unwrap_or(ORDER.len());
            members.sort_by(|(a, _), (b, _)| rank(a).cmp(&rank(b)).then_with(|| b.cmp(a)));
            text.push('{');
            for (position, (key, value)) in members.into_iter().enumerate() {
                if position > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                write(value, key, world, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            // A list of one statement stays a list.
            if let ([only], true) = (items.as_slice(), within != "Statement") {
                return write(only, within, world, text);
            }
            text.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    text.push(',');
                }
                write(item, within, world, text);
            }
            text.push(']');
        }
        Value::String(name) if within == "AWS" => {
            let name = world.arn_of_id(name).unwrap_or(name);
            text.push_str(&Value::from(name).to_string());
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}
