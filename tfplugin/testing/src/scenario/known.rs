//! What a value is expected to be.
//!
//! A plain value stands for itself: `"one"`, `5`, `json!(["a", "b"])`.

use std::fmt;

use serde_json::Value;

/// An expectation of a value.
pub struct Known(Kind);

enum Kind {
    Exactly(Value),
    Including(Value),
    Unordered(Vec<Value>),
    Present,
    Satisfying(String, Box<dyn Fn(&Value) -> bool>),
}

/// An object or map with these members and maybe more, at every level; a list or set with these elements, in this order, and maybe more.
pub fn including(members: impl Into<Value>) -> Known {
    Known(Kind::Including(members.into()))
}

/// A set: these elements and no others, in any order.
pub fn unordered<V: Into<Value>>(elements: impl IntoIterator<Item = V>) -> Known {
    Known(Kind::Unordered(elements.into_iter().map(Into::into).collect()))
}

/// Any value but null.
#[must_use]
pub fn present() -> Known {
    Known(Kind::Present)
}

/// A value that a function accepts; `what` completes "is not …".
pub fn satisfying(what: &str, accepts: impl Fn(&Value) -> bool + 'static) -> Known {
    Known(Kind::Satisfying(what.to_owned(), Box::new(accepts)))
}

impl Known {
    /// What is wrong with a value, if anything.
    pub(super) fn refuse(&self, found: &Value) -> Result<(), String> {
        let fits = match &self.0 {
            Kind::Exactly(expected) => same(found, expected),
            Kind::Including(expected) => includes(found, expected),
            Kind::Unordered(expected) => found.as_array().is_some_and(|found| is_permutation(found, expected)),
            Kind::Present => !found.is_null(),
            Kind::Satisfying(_, accepts) => accepts(found),
        };
        if fits {
            return Ok(());
        }
        Err(format!("is `{found}` and not {self}"))
    }
}

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Exactly(expected) => write!(f, "`{expected}`"),
            Kind::Including(expected) => write!(f, "something with `{expected}` in it"),
            Kind::Unordered(expected) => write!(f, "`{}` in any order", Value::from(expected.clone())),
            Kind::Present => f.write_str("anything but null"),
            Kind::Satisfying(what, _) => f.write_str(what),
        }
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

macro_rules! stand_for_themselves {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Known {
            fn from(value: $kind) -> Self {
                Self(Kind::Exactly(value.into()))
            }
        }
    )*};
}

stand_for_themselves!(Value, &str, String, bool, i32, i64, u64, f64);

/// Equality, except that a number may be spelt `5` or `5.0`.
pub(super) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64() && !(a.is_i64() && b.is_i64()),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => left == right,
    }
}

fn includes(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => expected
            .iter()
            .all(|(key, expected)| found.get(key).is_some_and(|found| includes(found, expected))),
        (Value::Array(found), Value::Array(expected)) => {
            let mut found = found.iter();
            expected
                .iter()
                .all(|expected| found.any(|found| includes(found, expected)))
        }
        _ => same(found, expected),
    }
}

fn is_permutation(found: &[Value], expected: &[Value]) -> bool {
    let mut left: Vec<&Value> = expected.iter().collect();
    found
        .iter()
        .all(|one| match left.iter().position(|expected| same(one, expected)) {
            Some(at) => {
                left.swap_remove(at);
                true
            }
            None => false,
        })
        && left.is_empty()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn fits(known: impl Into<Known>, found: &Value) -> bool {
        known.into().refuse(found).is_ok()
    }

    #[test]
    fn plain_values_stand_for_themselves() {
        assert!(fits("one", &json!("one")) && fits(5, &json!(5.0)) && fits(true, &json!(true)));
        assert!(!fits("5", &json!(5)) && !fits(json!([1, 2]), &json!([2, 1])) && !fits(json!({}), &json!({"a": 1})));
        assert_eq!(
            Known::from("two").refuse(&json!("one")),
            Err("is `\"one\"` and not `\"two\"`".to_owned())
        );
    }

    #[test]
    fn parts_are_looked_for_at_every_level() {
        let found = json!({ "a": { "b": 1, "c": [1, 2, 3] }, "d": null });
        assert!(fits(including(json!({ "a": { "c": [1, 3] } })), &found));
        assert!(!fits(including(json!({ "a": { "c": [3, 1] } })), &found));
        assert!(!fits(including(json!({ "e": null })), &found));
    }

    #[test]
    fn sets_have_no_order_but_a_size() {
        assert!(fits(unordered(["a", "b"]), &json!(["b", "a"])));
        assert!(!fits(unordered(["a", "b"]), &json!(["a", "b", "b"])));
        assert!(!fits(unordered(["a", "b", "b"]), &json!(["a", "b"])));
    }

    #[test]
    fn presence_and_conditions_refuse_what_they_say() {
        assert!(fits(present(), &json!("")) && !fits(present(), &Value::Null));
        let refused = satisfying("an even number", |v| v.as_i64().is_some_and(|n| n % 2 == 0)).refuse(&json!(3));
        assert_eq!(refused, Err("is `3` and not an even number".to_owned()));
    }
}
