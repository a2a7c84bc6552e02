use tfmodel::json::{Kind, Node};
use tfmodel::{Datum, Value};

/// The key of an object that stands for what is not known yet: `{"$unknown": true}`. No attribute is called that.
const UNKNOWN: &str = "$unknown";

/// JSON as an argument of a function. `{"$unknown": true}` stands for a value that is not known yet.
pub fn from_json(node: &Node) -> Value {
    Value::Known(match &node.kind {
        Kind::Null => return Value::Null,
        Kind::Bool(value) => Datum::Bool(*value),
        // The reader has seen that it is one.
        Kind::Number(text) => text.parse().map_or_else(|_| Datum::String(text.clone()), Datum::Number),
        Kind::String(text) => Datum::String(text.clone()),
        Kind::Object(members) if matches!(members.as_slice(), [only] if only.key == UNKNOWN && only.value.as_bool() == Some(true)) =>
        {
            return Value::unknown();
        }
        Kind::Array(elements) => Datum::Tuple(elements.iter().map(from_json).collect()),
        Kind::Object(members) => Datum::Object(
            members
                .iter()
                .map(|member| (member.key.clone(), from_json(&member.value)))
                .collect(),
        ),
    })
}
