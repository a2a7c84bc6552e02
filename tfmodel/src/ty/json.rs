//! Types as the host writes them: `"string"`, `["list", T]`, `["object", {…}, ["names of optional attributes"]]`.

use std::collections::BTreeMap;

use super::{ObjectType, Type};
use crate::json::{self, Node, write_string};

/// A text does not describe a type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no type: {problem}")]
pub struct TypeError {
    problem: String,
}

impl TypeError {
    fn new(problem: impl Into<String>) -> Self {
        Self {
            problem: problem.into(),
        }
    }
}

impl Type {
    /// Reads a type as schemas and dynamic values carry it.
    ///
    /// # Errors
    /// The text is not JSON, or is JSON that does not describe a type.
    pub fn from_json(text: &str) -> Result<Self, TypeError> {
        Self::from_node(&json::parse(text).map_err(|error| TypeError::new(error.to_string()))?)
    }

    /// Reads a type that is part of a larger JSON text.
    ///
    /// # Errors
    /// The JSON does not describe a type.
    pub fn from_node(node: &Node) -> Result<Self, TypeError> {
        if let Some(name) = node.as_str() {
            return match name {
                "bool" => Ok(Self::Bool),
                "number" => Ok(Self::Number),
                "string" => Ok(Self::String),
                "dynamic" => Ok(Self::Dynamic),
                _ => Err(TypeError::new(format!("`{name}` is not the name of a type"))),
            };
        }
        let kind = node.elements().first().and_then(Node::as_str);
        match (kind, node.elements()) {
            (Some("list"), [_, element]) => Ok(Self::list(Self::from_node(element)?)),
            (Some("set"), [_, element]) => Ok(Self::set(Self::from_node(element)?)),
            (Some("map"), [_, element]) => Ok(Self::map(Self::from_node(element)?)),
            (Some("tuple"), [_, elements]) if matches!(elements.kind, json::Kind::Array(_)) => {
                let elements = elements.elements().iter().map(Self::from_node);
                Ok(Self::Tuple(elements.collect::<Result<_, _>>()?))
            }
            (Some("object"), [_, attributes]) => object(attributes, &[]),
            (Some("object"), [_, attributes, optional]) => object(attributes, optional.elements()),
            (Some(kind @ ("list" | "set" | "map" | "tuple" | "object")), _) => {
                Err(TypeError::new(format!("`{kind}` is not followed by what it holds")))
            }
            _ => Err(TypeError::new(format!(
                "expected the name of a type or an array that starts with `list`, `set`, `map`, `tuple` or `object`, found {}",
                node.describe()
            ))),
        }
    }

    /// Writes the type as the host reads it, without spaces and with attributes in order of their names.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        write(&mut out, self);
        out
    }
}

fn object(attributes: &Node, optional: &[Node]) -> Result<Type, TypeError> {
    if !matches!(attributes.kind, json::Kind::Object(_)) {
        return Err(TypeError::new(format!(
            "the attributes of an object are {}",
            attributes.describe()
        )));
    }
    let mut types = BTreeMap::new();
    for member in attributes.members() {
        if types
            .insert(member.key.clone(), Type::from_node(&member.value)?)
            .is_some()
        {
            return Err(TypeError::new(format!("attribute `{}` occurs twice", member.key)));
        }
    }
    let optional = optional
        .iter()
        .map(|name| match name.as_str() {
            Some(name) if types.contains_key(name) => Ok(name.to_owned()),
            Some(name) => Err(TypeError::new(format!("optional attribute `{name}` does not exist"))),
            None => Err(TypeError::new("the name of an optional attribute is no string")),
        })
        .collect::<Result<_, _>>()?;
    Ok(Type::Object(ObjectType {
        attributes: types.into_iter().collect(),
        optional,
    }))
}

fn write(out: &mut String, ty: &Type) {
    let collection = |out: &mut String, name: &str, element: &Type| {
        out.push_str("[\"");
        out.push_str(name);
        out.push_str("\",");
        write(out, element);
        out.push(']');
    };
    match ty {
        Type::Bool => out.push_str("\"bool\""),
        Type::Number => out.push_str("\"number\""),
        Type::String => out.push_str("\"string\""),
        Type::Dynamic => out.push_str("\"dynamic\""),
        Type::List(element) => collection(out, "list", element),
        Type::Set(element) => collection(out, "set", element),
        Type::Map(element) => collection(out, "map", element),
        Type::Tuple(elements) => {
            out.push_str("[\"tuple\",[");
            separated(out, elements, write);
            out.push_str("]]");
        }
        Type::Object(object) => {
            out.push_str("[\"object\",{");
            separated(out, &object.attributes, |out, (name, ty)| {
                write_string(out, name);
                out.push(':');
                write(out, ty);
            });
            out.push('}');
            if !object.optional.is_empty() {
                out.push_str(",[");
                separated(out, &object.optional, |out, name| write_string(out, name));
                out.push(']');
            }
            out.push(']');
        }
    }
}

fn separated<T>(out: &mut String, items: impl IntoIterator<Item = T>, write: impl Fn(&mut String, T)) {
    for (position, item) in items.into_iter().enumerate() {
        if position > 0 {
            out.push(',');
        }
        write(out, item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_written_as_the_host_writes_them() {
        for text in [
            r#""string""#,
            r#""number""#,
            r#""bool""#,
            r#""dynamic""#,
            r#"["list","string"]"#,
            r#"["set",["map","dynamic"]]"#,
            r#"["tuple",[]]"#,
            r#"["tuple",["string",["list","bool"]]]"#,
            r#"["object",{}]"#,
            r#"["object",{"a":"string","b":["object",{"c":"number"}]}]"#,
            r#"["object",{"a":"string","b":"bool"},["b"]]"#,
        ] {
            assert_eq!(Type::from_json(text).unwrap().to_json(), text);
        }
    }

    #[test]
    fn an_object_type_knows_its_optional_attributes() {
        let ty = Type::from_json(r#"["object",{"a":"string","b":"bool"},["b"]]"#).unwrap();
        assert_eq!(ty.to_string(), "object({a = string, b = optional(bool)})");
    }

    #[test]
    fn what_is_no_type_is_refused() {
        for text in [
            "",
            "{}",
            "null",
            "1",
            r#""text""#,
            r#"["list"]"#,
            r#"["list","string","string"]"#,
            r#"["tuple","string"]"#,
            r#"["tuple",{}]"#,
            r#"["object",["a"]]"#,
            r#"["object",{"a":"string"},["b"]]"#,
            r#"["object",{"a":"string"},[1]]"#,
            r#"["object",{"a":"string","a":"bool"}]"#,
            r#"["capsule","x"]"#,
            r#"[["list"],"string"]"#,
        ] {
            assert!(Type::from_json(text).is_err(), "{text}");
        }
    }

    #[test]
    fn deeply_nested_types_are_refused_without_overflowing_the_stack() {
        let text = format!("{}\"string\"{}", r#"["list","#.repeat(100_000), "]".repeat(100_000));
        assert!(Type::from_json(&text).is_err());
    }
}
