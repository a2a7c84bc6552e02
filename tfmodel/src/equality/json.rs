use std::collections::BTreeMap;
use std::str::FromStr;

use super::Meaning;
use crate::json::{self, Kind, Member, Node};
use crate::number::Number;
use crate::order;

/// JSON: white space, the order of members and the spelling of numbers and strings do not matter. An object in which a key occurs twice
/// means nothing else than itself.
#[derive(Clone, Debug)]
pub struct Json(Node);

impl FromStr for Json {
    type Err = json::Error;

    fn from_str(text: &str) -> Result<Self, json::Error> {
        json::parse(text).map(Self)
    }
}

impl Meaning for Json {
    fn same(&self, other: &Self) -> bool {
        same(&self.0, &other.0)
    }
}

fn same(a: &Node, b: &Node) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::Null, Kind::Null) => true,
        (Kind::Bool(a), Kind::Bool(b)) => a == b,
        (Kind::String(a), Kind::String(b)) => a == b,
        (Kind::Number(a), Kind::Number(b)) => match (a.parse::<Number>(), b.parse::<Number>()) {
            (Ok(a), Ok(b)) => a == b,
            (Ok(_) | Err(_), _) => a == b,
        },
        (Kind::Array(a), Kind::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Kind::Object(a), Kind::Object(b)) => match (by_key(a), by_key(b)) {
            (Some(a), Some(b)) => {
                a.len() == b.len()
                    && a.iter()
                        .zip(&b)
                        .all(|((key, a), (other, b))| key == other && same(a, b))
            }
            (Some(_) | None, _) => false,
        },
        (Kind::Null | Kind::Bool(_) | Kind::String(_) | Kind::Number(_) | Kind::Array(_) | Kind::Object(_), _) => false,
    }
}

fn by_key(members: &[Member]) -> Option<BTreeMap<&str, &Node>> {
    let map = order::map(members.iter().map(|member| (member.key.as_str(), &member.value)));
    (map.len() == members.len()).then_some(map)
}
