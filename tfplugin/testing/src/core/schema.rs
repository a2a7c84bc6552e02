//! Schemas as a host reads them, and configurations for them.

use tfmodel::schema::{
    Attribute, Behaviour, Block, BlockNesting, KeepPrior, NestedBlock, Nesting, Replace, Shape, Usage,
};
use tfmodel::{Datum, Schema, Type, Value, encoding};
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_proto::tfplugin6::schema::nested_block::NestingMode as BlockMode;
use tfplugin_proto::tfplugin6::schema::object::NestingMode;

use crate::failure::{During, Failure};

/// A schema, unless a host would refuse it.
pub(super) fn schema(name: &str, sent: &proto::Schema) -> Result<Schema, Failure> {
    let schema = Schema {
        version: sent.version,
        block: sent.block.as_ref().map(block).transpose()?.unwrap_or_default(),
    };
    let problems: Vec<String> = schema.check().iter().map(ToString::to_string).collect();
    if problems.is_empty() {
        Ok(schema)
    } else {
        Err(Failure::new(format!("schema of `{name}`: {}", problems.join("; "))))
    }
}

/// A type from its JSON; a host does not survive one that is malformed.
pub(super) fn ty(json: &[u8]) -> Result<Type, Failure> {
    let text = std::str::from_utf8(json).during("type")?;
    Type::from_json(text).during("type")
}

fn block(sent: &proto::schema::Block) -> Result<Block, Failure> {
    Ok(Block {
        attributes: attributes(&sent.attributes)?,
        blocks: sent.block_types.iter().map(nested_block).collect::<Result<_, _>>()?,
        description: sent.description.clone(),
        deprecation: sent.deprecated.then(|| sent.deprecation_message.clone()),
        ..Block::default()
    })
}

fn attributes(sent: &[proto::schema::Attribute]) -> Result<Vec<Attribute>, Failure> {
    sent.iter().map(attribute).collect()
}

fn attribute(sent: &proto::schema::Attribute) -> Result<Attribute, Failure> {
    let refused = |why: &str| Failure::new(format!("attribute `{}`: {why}", sent.name));
    let shape = match &sent.nested_type {
        Some(_) if !sent.r#type.is_empty() => return Err(refused("a type and nested attributes")),
        Some(object) => {
            let nesting = match object.nesting() {
                NestingMode::Single => Nesting::Single,
                NestingMode::List => Nesting::List,
                NestingMode::Set => Nesting::Set,
                NestingMode::Map => Nesting::Map,
                NestingMode::Invalid => return Err(refused("no nesting")),
            };
            Shape::Nested(nesting, attributes(&object.attributes)?)
        }
        None => Shape::Plain(ty(&sent.r#type)?),
    };
    let usage = match (sent.required, sent.optional, sent.computed) {
        (true, false, false) => Usage::Required,
        (false, true, false) => Usage::Optional,
        (false, false, true) => Usage::Computed,
        (false, true, true) => Usage::OptionalComputed,
        _ => return Err(refused("neither required, optional nor computed, or too many of them")),
    };
    Ok(Attribute {
        name: sent.name.clone(),
        shape,
        usage,
        sensitive: sent.sensitive,
        write_only: sent.write_only,
        description: sent.description.clone(),
        deprecation: sent.deprecated.then(|| sent.deprecation_message.clone()),
        behaviour: Behaviour::default(),
    })
}

fn nested_block(sent: &proto::schema::NestedBlock) -> Result<NestedBlock, Failure> {
    let (min, max) = (sent.min_items.unsigned_abs(), sent.max_items.unsigned_abs());
    let nesting = match sent.nesting() {
        BlockMode::Single => BlockNesting::Single { required: min > 0 },
        BlockMode::Group => BlockNesting::Group,
        BlockMode::List => BlockNesting::List { min, max },
        BlockMode::Set => BlockNesting::Set { min, max },
        BlockMode::Map => BlockNesting::Map,
        BlockMode::Invalid => return Err(Failure::new(format!("block `{}` has no nesting", sent.type_name))),
    };
    Ok(NestedBlock {
        name: sent.type_name.clone(),
        nesting,
        block: sent.block.as_ref().map(block).transpose()?.unwrap_or_default(),
        computed: sent
            .block
            .as_ref()
            .and_then(|block| block.computed.then_some(KeepPrior::No)),
        validators: Vec::new(),
        rules: Vec::new(),
        replace: Replace::Never,
    })
}

pub(super) fn identity(sent: &proto::ResourceIdentitySchema) -> Result<Schema, Failure> {
    let attributes = sent.identity_attributes.iter().map(|one| {
        Ok(Attribute {
            name: one.name.clone(),
            shape: Shape::Plain(ty(&one.r#type)?),
            usage: if one.required_for_import {
                Usage::Required
            } else {
                Usage::Optional
            },
            sensitive: false,
            write_only: false,
            description: one.description.clone(),
            deprecation: None,
            behaviour: Behaviour::default(),
        })
    });
    Ok(Schema {
        version: sent.version,
        block: Block {
            attributes: attributes.collect::<Result<_, Failure>>()?,
            ..Block::default()
        },
    })
}

/// A configuration from JSON: attributes that are not given are null, and blocks are as the host makes them when there are none.
pub(super) fn config(schema: &Schema, json: &str) -> Result<Value, Failure> {
    let value = encoding::json::decode_bytes(json.as_bytes(), &schema.ty()).during("configuration")?;
    Ok(with_blocks(&schema.block, value))
}

fn with_blocks(block: &Block, value: Value) -> Value {
    let Value::Known(Datum::Object(mut entries)) = value else {
        return value;
    };
    for nested in &block.blocks {
        if let Some(slot) = entries.get_mut(&nested.name) {
            *slot = block_value(nested, std::mem::take(slot));
        }
    }
    Value::Known(Datum::Object(entries))
}

fn block_value(nested: &NestedBlock, value: Value) -> Value {
    let inside = |value| with_blocks(&nested.block, value);
    match (nested.nesting, value) {
        (BlockNesting::List { .. }, Value::Null) => Value::Known(Datum::List(Vec::new())),
        (BlockNesting::Set { .. }, Value::Null) => Value::Known(Datum::Set(Vec::new())),
        (BlockNesting::Map, Value::Null) => Value::Known(Datum::Map(std::collections::BTreeMap::new())),
        (BlockNesting::Group, Value::Null) => {
            let attributes = nested.block.attributes.iter().map(|one| &one.name);
            let blocks = nested.block.blocks.iter().map(|one| &one.name);
            inside(Value::object(
                attributes.chain(blocks).map(|name| (name.clone(), Value::Null)),
            ))
        }
        (_, Value::Known(Datum::List(all))) => Value::Known(Datum::List(all.into_iter().map(inside).collect())),
        (_, Value::Known(Datum::Set(all))) => Value::Known(Datum::Set(all.into_iter().map(inside).collect())),
        (_, Value::Known(Datum::Map(all))) => Value::Known(Datum::Map(
            all.into_iter().map(|(key, value)| (key, inside(value))).collect(),
        )),
        (_, value) => inside(value),
    }
}
