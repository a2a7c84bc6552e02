//! The way to a value inside an object, as its reader writes it.

use serde_json::Value;

/// `role.tags["a.b"]` or `rules[0].port`.
#[derive(Clone, Debug)]
pub(super) struct Path {
    text: String,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

impl Path {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no path; one looks like `rules[0].tags[\"name\"]`");
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix("[\"") {
                let (key, after) = inner.split_once("\"]").ok_or_else(wrong)?;
                steps.push(Step::Key(key.to_owned()));
                rest = after;
            } else if let Some(inner) = rest.strip_prefix('[') {
                let (index, after) = inner.split_once(']').ok_or_else(wrong)?;
                steps.push(Step::Index(index.parse().map_err(|_| wrong())?));
                rest = after;
            } else {
                let name = match rest.strip_prefix('.') {
                    Some(name) if !steps.is_empty() => name,
                    None if steps.is_empty() => rest,
                    _ => return Err(wrong()),
                };
                let end = name.find(['.', '[']).unwrap_or(name.len());
                let (name, after) = name.split_at_checked(end).ok_or_else(wrong)?;
                if name.is_empty() {
                    return Err(wrong());
                }
                steps.push(Step::Key(name.to_owned()));
                rest = after;
            }
        }
        if !matches!(steps.first(), Some(Step::Key(_))) {
            return Err(wrong());
        }
        Ok(Self {
            text: text.to_owned(),
            steps,
        })
    }

    /// The value there; `None` if there is no such place.
    pub(super) fn find<'v>(&self, object: &'v Value) -> Option<&'v Value> {
        self.steps.iter().try_fold(object, step)
    }

    /// Whether `true` marks the value, or something around it, in an object of marks.
    pub(super) fn is_marked(&self, marks: &Value) -> bool {
        let mut at = marks;
        for one in &self.steps {
            if at == &Value::Bool(true) {
                return true;
            }
            match step(at, one) {
                Some(next) => at = next,
                None => return false,
            }
        }
        at == &Value::Bool(true)
    }

    /// Takes the value out of an object.
    pub(super) fn remove(&self, object: &mut Value) {
        let Some((last, before)) = self.steps.split_last() else {
            return;
        };
        let parent = before.iter().try_fold(object, |at, one| match one {
            Step::Key(key) => at.get_mut(key),
            Step::Index(index) => at.get_mut(index),
        });
        match (parent, last) {
            (Some(Value::Object(members)), Step::Key(key)) => drop(members.remove(key)),
            (Some(Value::Array(elements)), Step::Index(index)) if *index < elements.len() => {
                drop(elements.remove(*index));
            }
            _ => {}
        }
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

fn step<'v>(at: &'v Value, one: &Step) -> Option<&'v Value> {
    match one {
        Step::Key(key) => at.get(key),
        Step::Index(index) => at.get(index),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_found_in_objects_lists_and_maps() {
        let object = json!({ "rules": [{ "tags": { "a.b": 1 } }] });
        let find = |text: &str| Path::parse(text).unwrap().find(&object).cloned();
        assert_eq!(find("rules[0].tags[\"a.b\"]"), Some(json!(1)));
        assert_eq!(find("rules[1]"), None);
        assert_eq!(find("rules.tags"), None);
    }

    #[test]
    fn a_mark_covers_what_is_inside() {
        let marks = json!({ "role": true, "list": [false, { "a": true }] });
        let is_marked = |text: &str| Path::parse(text).unwrap().is_marked(&marks);
        assert!(is_marked("role.name") && is_marked("list[1].a"));
        assert!(!is_marked("list[0]") && !is_marked("list[1].b") && !is_marked("list"));
    }

    #[test]
    fn what_is_no_path_is_said() {
        for text in ["", "a.", ".a", "a[", "a[x]", "[0]", "a[0]b", "a[\"b]"] {
            assert!(Path::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_value_is_taken_out() {
        let mut object = json!({ "a": { "b": 1, "c": 2 }, "d": [1, 2] });
        for text in ["a.b", "d[0]", "nothing.there"] {
            Path::parse(text).unwrap().remove(&mut object);
        }
        assert_eq!(object, json!({ "a": { "c": 2 }, "d": [2] }));
    }
}
