//! Between the wire's messages and the model, in the host's direction.

use serde_json::Value as Json;
use tfmodel::schema::{Attribute, Behaviour, Block, BlockNesting, NestedBlock, Nesting, Shape, Usage};
use tfmodel::value::Datum;
use tfmodel::{Diagnostic, Path, Schema, Severity, Step, Type, Value, encoding};
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_proto::tfplugin6::attribute_path::step::Selector;
use tfplugin_proto::tfplugin6::schema::nested_block::NestingMode as BlockMode;
use tfplugin_proto::tfplugin6::schema::object::NestingMode;

use crate::failure::{During, Failure};

pub(super) fn encode(value: &Value, ty: &Type) -> Result<proto::DynamicValue, Failure> {
    let msgpack =
        encoding::msgpack::encode(value, ty).map_err(|mismatch| Failure::new(format!("{mismatch} in {value:?}")))?;
    Ok(proto::DynamicValue {
        msgpack,
        json: Vec::new(),
    })
}

pub(super) fn decode(value: Option<proto::DynamicValue>, ty: &Type) -> Result<Value, Failure> {
    let proto::DynamicValue { msgpack, json } = value.unwrap_or_default();
    encoding::decode_either(&msgpack, &json, ty)
        .map_err(|error| Failure::new(format!("the host cannot read a value: {error}")))
}

pub(super) fn decode_identity(
    identity: Option<proto::ResourceIdentityData>,
    ty: Option<&Type>,
) -> Result<Option<Value>, Failure> {
    match (identity.and_then(|identity| identity.identity_data), ty) {
        (None, _) => Ok(None),
        (Some(data), Some(ty)) => Ok(Some(decode(Some(data), ty)?)),
        (Some(_), None) => Err(Failure::new("an identity without an identity schema")),
    }
}

pub(super) fn encode_identity(
    identity: Option<&Value>,
    ty: Option<&Type>,
) -> Result<Option<proto::ResourceIdentityData>, Failure> {
    identity
        .zip(ty)
        .map(|(identity, ty)| {
            let identity_data = Some(encode(identity, ty)?);
            Ok(proto::ResourceIdentityData { identity_data })
        })
        .transpose()
}

/// A configuration as HCL evaluates it: attributes that are not there are null, blocks are empty.
pub(super) fn configuration(schema: &Schema, config: &Json) -> Result<Value, Failure> {
    let text = config.to_string();
    let value = encoding::json::decode_bytes(text.as_bytes(), &schema.ty())
        .map_err(|error| Failure::new(format!("the configuration {text} does not fit: {error}")))?;
    Ok(with_blocks(&schema.block, value))
}

fn with_blocks(block: &Block, value: Value) -> Value {
    let Value::Known(Datum::Object(mut members)) = value else {
        return value;
    };
    for nested in &block.blocks {
        let Some(value) = members.get_mut(&nested.name) else {
            continue;
        };
        *value = match (std::mem::replace(value, Value::Null), nested.nesting) {
            (Value::Null, BlockNesting::Single { .. }) => Value::Null,
            (Value::Null, BlockNesting::List { .. }) => Value::Known(Datum::List(Vec::new())),
            (Value::Null, BlockNesting::Set { .. }) => Value::Known(Datum::Set(Vec::new())),
            (Value::Null, BlockNesting::Map) => Value::Known(Datum::Map([].into())),
            (Value::Null, BlockNesting::Group) => with_blocks(&nested.block, nulls(&nested.block)),
            (Value::Known(Datum::List(elements)), _) => {
                let filled = elements.into_iter().map(|value| with_blocks(&nested.block, value));
                Value::Known(Datum::List(filled.collect()))
            }
            (Value::Known(Datum::Set(elements)), _) => {
                let filled = elements.into_iter().map(|value| with_blocks(&nested.block, value));
                Value::Known(Datum::Set(filled.collect()))
            }
            (Value::Known(Datum::Map(entries)), _) => {
                let filled = entries
                    .into_iter()
                    .map(|(key, value)| (key, with_blocks(&nested.block, value)));
                Value::Known(Datum::Map(filled.collect()))
            }
            (value, _) => with_blocks(&nested.block, value),
        };
    }
    Value::Known(Datum::Object(members))
}

fn nulls(block: &Block) -> Value {
    let attributes = block.attributes.iter().map(|attribute| &attribute.name);
    let blocks = block.blocks.iter().map(|nested| &nested.name);
    Value::object(attributes.chain(blocks).map(|name| (name.clone(), Value::Null)))
}

pub(super) fn diagnostic(diagnostic: proto::Diagnostic) -> Diagnostic {
    let severity = match diagnostic.severity() {
        proto::diagnostic::Severity::Warning => Severity::Warning,
        // Hosts take what they do not know for an error.
        proto::diagnostic::Severity::Error | proto::diagnostic::Severity::Invalid => Severity::Error,
    };
    Diagnostic {
        severity,
        summary: diagnostic.summary,
        detail: diagnostic.detail,
        path: diagnostic.attribute.map(path),
    }
}

pub(super) fn path(path: proto::AttributePath) -> Path {
    let step = |step: proto::attribute_path::Step| match step.selector {
        Some(Selector::AttributeName(name)) => Some(Step::Attribute(name)),
        Some(Selector::ElementKeyString(key)) => Some(Step::Key(key)),
        Some(Selector::ElementKeyInt(index)) => usize::try_from(index).ok().map(Step::Index),
        None => None,
    };
    path.steps.into_iter().filter_map(step).collect::<Vec<_>>().into()
}

/// The part of a schema that a host sees: no defaults, no validators, no rules of replacement.
pub(super) fn schema(schema: proto::Schema) -> Result<Schema, Failure> {
    Ok(Schema {
        version: schema.version,
        block: block(schema.block.unwrap_or_default())?,
    })
}

fn block(wire: proto::schema::Block) -> Result<Block, Failure> {
    Ok(Block {
        attributes: attributes(wire.attributes)?,
        blocks: wire
            .block_types
            .into_iter()
            .map(nested_block)
            .collect::<Result<_, _>>()?,
        description: wire.description,
        deprecation: wire.deprecated.then_some(wire.deprecation_message),
    })
}

fn attributes(wire: Vec<proto::schema::Attribute>) -> Result<Vec<Attribute>, Failure> {
    wire.into_iter().map(attribute).collect()
}

fn attribute(wire: proto::schema::Attribute) -> Result<Attribute, Failure> {
    let name = wire.name;
    let usage = match (wire.required, wire.optional, wire.computed) {
        (true, false, false) => Usage::Required,
        (false, true, false) => Usage::Optional,
        (false, false, true) => Usage::Computed,
        (false, true, true) => Usage::OptionalComputed,
        flags => {
            return Err(Failure::new(format!(
                "required, optional, computed of `{name}`: {flags:?}"
            )));
        }
    };
    let shape = match wire.nested_type {
        None => Shape::Plain(ty(&wire.r#type)?),
        Some(_) if !wire.r#type.is_empty() => {
            return Err(Failure::new(format!("`{name}` has a type and nested attributes")));
        }
        Some(object) => {
            let nesting = match object.nesting() {
                NestingMode::Single => Nesting::Single,
                NestingMode::List => Nesting::List,
                NestingMode::Set => Nesting::Set,
                NestingMode::Map => Nesting::Map,
                NestingMode::Invalid => {
                    return Err(Failure::new(format!("`{name}` has no nesting mode")));
                }
            };
            Shape::Nested(nesting, attributes(object.attributes)?)
        }
    };
    Ok(Attribute {
        name,
        shape,
        usage,
        sensitive: wire.sensitive,
        write_only: wire.write_only,
        description: wire.description,
        deprecation: wire.deprecated.then_some(wire.deprecation_message),
        behaviour: Behaviour::default(),
    })
}

fn nested_block(wire: proto::schema::NestedBlock) -> Result<NestedBlock, Failure> {
    let (min, max) = (wire.min_items.unsigned_abs(), wire.max_items.unsigned_abs());
    let nesting = match (wire.nesting(), min, max) {
        (BlockMode::Single, 0, 0) => BlockNesting::Single { required: false },
        (BlockMode::Single, 1, 1) => BlockNesting::Single { required: true },
        (BlockMode::Group, 0, 0) => BlockNesting::Group,
        (BlockMode::Map, 0, 0) => BlockNesting::Map,
        (BlockMode::List, min, max) => BlockNesting::List { min, max },
        (BlockMode::Set, min, max) => BlockNesting::Set { min, max },
        (mode, min, max) => {
            let name = wire.type_name;
            return Err(Failure::new(format!("block `{name}`: {mode:?} of {min} to {max}")));
        }
    };
    Ok(NestedBlock {
        name: wire.type_name,
        nesting,
        block: block(wire.block.unwrap_or_default())?,
        rules: Vec::new(),
    })
}

pub(super) fn ty(json: &[u8]) -> Result<Type, Failure> {
    let text = std::str::from_utf8(json).during("a type")?;
    Type::from_json(text).map_err(|error| Failure::new(format!("the type `{text}`: {error}")))
}

pub(super) fn identity_type(schema: proto::ResourceIdentitySchema) -> Result<Type, Failure> {
    let attributes = schema
        .identity_attributes
        .into_iter()
        .map(|attribute| Ok((attribute.name, ty(&attribute.r#type)?)))
        .collect::<Result<Vec<_>, Failure>>()?;
    Ok(Type::object(attributes))
}
