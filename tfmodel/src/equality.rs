//! When two spellings of a value mean the same, for `#[tf(equality = …)]`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::json::{self, Kind, Member, Node};
use crate::number::Number;
use crate::schema::SemanticEquality;
use crate::value::{Datum, Value, same_elements};

/// Strings that hold the same JSON: white space, the order of members and the spelling of numbers and strings do not matter. A text that
/// is no JSON, or in which a key occurs twice, is the same as itself only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonEquality;

impl SemanticEquality for JsonEquality {
    fn equal(&self, a: &Value, b: &Value) -> bool {
        same_text(a, b, |a, b| match (json::parse(a), json::parse(b)) {
            (Ok(a), Ok(b)) => same_json(&a, &b),
            (Ok(_) | Err(_), _) => false,
        })
    }
}

/// Strings of which a function says that they mean the same.
#[derive(Clone, Copy, Debug)]
pub struct TextEquality(pub fn(&str, &str) -> bool);

impl SemanticEquality for TextEquality {
    fn equal(&self, a: &Value, b: &Value) -> bool {
        same_text(a, b, self.0)
    }
}

/// Lists, sets or maps whose elements mean the same.
#[derive(Clone, Debug)]
pub(crate) struct ElementEquality(pub(crate) Arc<dyn SemanticEquality>);

impl ElementEquality {
    fn same(&self, a: &Value, b: &Value) -> bool {
        a == b || a.is_known() && b.is_known() && self.0.equal(a, b)
    }
}

impl SemanticEquality for ElementEquality {
    fn equal(&self, a: &Value, b: &Value) -> bool {
        match (a, b) {
            (Value::Known(Datum::List(a)), Value::Known(Datum::List(b))) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.same(a, b))
            }
            (Value::Known(Datum::Set(a)), Value::Known(Datum::Set(b))) => same_elements(a, b, |a, b| self.same(a, b)),
            (Value::Known(Datum::Map(a)), Value::Known(Datum::Map(b))) => {
                a.len() == b.len()
                    && a.iter()
                        .zip(b)
                        .all(|((key, a), (other, b))| key == other && self.same(a, b))
            }
            (a, b) => a == b,
        }
    }

    fn respell(&self, prior: &Value, new: &Value) -> Value {
        match (prior, new) {
            (Value::Known(Datum::List(prior)), Value::Known(Datum::List(new))) => {
                let mut prior = prior.iter();
                let respelled = new.iter().map(|new| match prior.next() {
                    Some(prior) => self.0.respell(prior, new),
                    None => new.clone(),
                });
                Value::Known(Datum::List(respelled.collect()))
            }
            (Value::Known(Datum::Map(prior)), Value::Known(Datum::Map(new))) => {
                let respelled = new.iter().map(|(key, new)| {
                    let new = prior
                        .get(key)
                        .map_or_else(|| new.clone(), |prior| self.0.respell(prior, new));
                    (key.clone(), new)
                });
                Value::Known(Datum::Map(respelled.collect()))
            }
            (Value::Known(Datum::Set(prior)), Value::Known(Datum::Set(new))) => {
                let mut left: Vec<&Value> = prior.iter().collect();
                let respelled = new.iter().map(|new| {
                    let position = left.iter().position(|prior| self.0.respell(prior, new) == **prior);
                    position.map_or_else(|| new.clone(), |position| left.swap_remove(position).clone())
                });
                Value::Known(Datum::Set(respelled.collect()))
            }
            (_, new) => new.clone(),
        }
    }
}

fn same_text(a: &Value, b: &Value, same: impl FnOnce(&str, &str) -> bool) -> bool {
    match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) => a == b || same(a, b),
        (Some(_) | None, _) => false,
    }
}

fn same_json(a: &Node, b: &Node) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::Null, Kind::Null) => true,
        (Kind::Bool(a), Kind::Bool(b)) => a == b,
        (Kind::String(a), Kind::String(b)) => a == b,
        (Kind::Number(a), Kind::Number(b)) => match (a.parse::<Number>(), b.parse::<Number>()) {
            (Ok(a), Ok(b)) => a == b,
            (Ok(_) | Err(_), _) => a == b,
        },
        (Kind::Array(a), Kind::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_json(a, b)),
        (Kind::Object(a), Kind::Object(b)) => match (by_key(a), by_key(b)) {
            (Some(a), Some(b)) => {
                a.len() == b.len()
                    && a.iter()
                        .zip(&b)
                        .all(|((key, a), (other, b))| key == other && same_json(a, b))
            }
            (Some(_) | None, _) => false,
        },
        (Kind::Null | Kind::Bool(_) | Kind::String(_) | Kind::Number(_) | Kind::Array(_) | Kind::Object(_), _) => false,
    }
}

fn by_key(members: &[Member]) -> Option<BTreeMap<&str, &Node>> {
    let map: BTreeMap<&str, &Node> = members
        .iter()
        .map(|member| (member.key.as_str(), &member.value))
        .collect();
    (map.len() == members.len()).then_some(map)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        JsonEquality.equal(&Value::string(a), &Value::string(b))
    }

    #[test]
    fn json_is_compared_by_meaning() {
        assert!(same(r#"{"a": 1.0, "b": ["x"]}"#, r#"{"b":["\u0078"],"a":1}"#));
        assert!(!same(r#"["x", "y"]"#, r#"["y", "x"]"#));
        assert!(!same(r#"{"a": null}"#, "{}"));
    }

    #[test]
    fn what_is_ambiguous_is_the_same_as_itself_only() {
        for text in [r#"{"a": 1, "a": 2}"#, "not json"] {
            assert!(same(text, text));
            assert!(!same(text, &format!("{text} ")));
        }
    }

    #[test]
    fn elements_of_collections_are_compared_by_meaning() {
        let set = |texts: &[&str]| Value::Known(Datum::Set(texts.iter().map(|text| Value::string(*text)).collect()));
        let equality = ElementEquality(Arc::new(JsonEquality));
        assert!(equality.equal(&set(&["[1]", "{}"]), &set(&["{ }", "[1.0]"])));
        assert!(!equality.equal(&set(&["[1]", "{}"]), &set(&["{ }", "{ }"])));
    }
}
