//! When values are equal. Sets are multisets: their order says nothing.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Datum, Value};

impl PartialEq for Datum {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::String(a), Self::String(b)) => a == b,
            (Self::List(a), Self::List(b)) | (Self::Tuple(a), Self::Tuple(b)) => a == b,
            (Self::Set(a), Self::Set(b)) => same_values(a, b, PartialEq::eq),
            (Self::Map(a), Self::Map(b)) => a == b,
            (Self::Object(a), Self::Object(b)) => a == b,
            (Self::Dynamic(a), Self::Dynamic(b)) => a == b,
            (
                Self::Bool(_)
                | Self::Number(_)
                | Self::String(_)
                | Self::List(_)
                | Self::Set(_)
                | Self::Tuple(_)
                | Self::Map(_)
                | Self::Object(_)
                | Self::Dynamic(_),
                _,
            ) => false,
        }
    }
}

impl Eq for Datum {}

/// Whether two multisets are the same by `same`, which must be an equivalence.
pub(crate) fn same_elements<T>(a: &[T], b: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let pairs = a.iter().zip(b).skip_while(|(a, b)| same(a, b));
    let (a, mut left): (Vec<&T>, Vec<&T>) = pairs.unzip();
    a.into_iter().all(
        |element| match left.iter().position(|candidate| same(candidate, element)) {
            Some(position) => {
                left.swap_remove(position);
                true
            }
            None => false,
        },
    )
}

/// [`same_elements`] for sets of any size: values are compared only where their fingerprints agree.
fn same_values(a: &[Value], b: &[Value], same: impl Fn(&Value, &Value) -> bool) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let pairs = a.iter().zip(b).skip_while(|(a, b)| same(a, b));
    let (a, b): (Vec<&Value>, Vec<&Value>) = pairs.unzip();
    let (a, b) = (by_fingerprint(a), by_fingerprint(b));
    a.len() == b.len()
        && a.iter()
            .zip(&b)
            .all(|((x, a), (y, b))| x == y && same_elements(a, b, |a, b| same(a, b)))
}

fn by_fingerprint(values: Vec<&Value>) -> BTreeMap<u64, Vec<&Value>> {
    let mut groups: BTreeMap<u64, Vec<&Value>> = BTreeMap::new();
    for value in values {
        groups.entry(fingerprint(value)).or_default().push(value);
    }
    groups
}

/// The same for values that are equal but for refinements, and in every run of the program.
pub(crate) fn fingerprint(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    match value {
        Value::Null => 0_u8.hash(&mut hasher),
        Value::Unknown(_) => 1_u8.hash(&mut hasher),
        Value::Known(Datum::Bool(value)) => value.hash(&mut hasher),
        Value::Known(Datum::Number(number)) => number.hash(&mut hasher),
        Value::Known(Datum::String(text)) => text.hash(&mut hasher),
        Value::Known(Datum::List(elements) | Datum::Tuple(elements)) => {
            elements
                .iter()
                .for_each(|element| fingerprint(element).hash(&mut hasher));
        }
        // In no order.
        Value::Known(Datum::Set(elements)) => elements
            .iter()
            .map(fingerprint)
            .fold(0, u64::wrapping_add)
            .hash(&mut hasher),
        Value::Known(Datum::Map(entries)) => {
            for (key, entry) in entries {
                (key, fingerprint(entry)).hash(&mut hasher);
            }
        }
        Value::Known(Datum::Object(attributes)) => attributes
            .values()
            .for_each(|attribute| fingerprint(attribute).hash(&mut hasher)),
        Value::Known(Datum::Dynamic(dynamic)) => fingerprint(&dynamic.value).hash(&mut hasher),
    }
    hasher.finish()
}

/// Whether two values are equal if nothing is known about the unknown ones.
pub(crate) fn same_but_for_refinements(a: &Value, b: &Value) -> bool {
    let all =
        |a: &[Value], b: &[Value]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_but_for_refinements(a, b));
    let (a, b) = match (a, b) {
        (Value::Known(a), Value::Known(b)) => (a, b),
        (Value::Unknown(_), Value::Unknown(_)) => return true,
        (Value::Null | Value::Unknown(_) | Value::Known(_), _) => return a == b,
    };
    match (a, b) {
        (Datum::List(a), Datum::List(b)) | (Datum::Tuple(a), Datum::Tuple(b)) => all(a, b),
        (Datum::Set(a), Datum::Set(b)) => same_values(a, b, same_but_for_refinements),
        (Datum::Map(a), Datum::Map(b)) => {
            let same =
                |((x, a), (y, b)): ((&String, &Value), (&String, &Value))| x == y && same_but_for_refinements(a, b);
            a.len() == b.len() && a.iter().zip(b).all(same)
        }
        (Datum::Object(a), Datum::Object(b)) => {
            a.has_names_of(b) && a.values().zip(b.values()).all(|(a, b)| same_but_for_refinements(a, b))
        }
        (Datum::Dynamic(a), Datum::Dynamic(b)) => a.ty == b.ty && same_but_for_refinements(&a.value, &b.value),
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Bounds, Refinement};

    fn set(elements: &[&str]) -> Value {
        Value::Known(Datum::Set(elements.iter().map(|text| Value::string(*text)).collect()))
    }

    #[test]
    fn sets_are_equal_as_multisets() {
        assert_eq!(set(&["a", "b", "a"]), set(&["a", "a", "b"]));
        assert_ne!(set(&["a", "b", "a"]), set(&["a", "b", "b"]));
    }

    #[test]
    fn large_sets_compare_in_any_order() {
        let numbers = |order: &mut dyn Iterator<Item = i64>| {
            Value::Known(Datum::Set(
                order.map(|n| set(&[&format!("element {n}"), "x"])).collect(),
            ))
        };
        let count = 5_000;
        let forward = numbers(&mut (0..count));
        assert_eq!(forward, numbers(&mut (0..count).rev()));
        assert_ne!(forward, numbers(&mut (1..=count).rev()));
        assert!(same_but_for_refinements(&forward, &numbers(&mut (0..count).rev())));
    }

    #[test]
    fn unknown_elements_of_a_set_compare_with_their_refinements() {
        let text = |prefix: &str| {
            Value::Unknown(Refinement::from(Bounds {
                prefix: Some(prefix.to_owned()),
                ..Bounds::default()
            }))
        };
        let set = |a: &str, b: &str| Value::Known(Datum::Set(vec![text(a), text(b)]));
        assert_eq!(set("a", "b"), set("b", "a"));
        assert_ne!(set("a", "b"), set("a", "c"));
        assert!(same_but_for_refinements(&set("a", "b"), &set("c", "d")));
    }
}
