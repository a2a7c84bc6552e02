//! Schemas.

use tfmodel::schema::{Attribute, Block, BlockNesting, NestedBlock, Nesting, Shape, Usage};
use tfmodel::{Schema, Type};
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_proto::tfplugin6::schema::nested_block::NestingMode as BlockMode;
use tfplugin_proto::tfplugin6::schema::object::NestingMode;

pub(super) fn schema(schema: &Schema) -> proto::Schema {
    proto::Schema {
        version: schema.version,
        block: Some(block(&schema.block)),
    }
}

/// A type in JSON, as schemas carry it. The host does not survive a malformed one.
pub(super) fn ty(ty: &Type) -> Vec<u8> {
    ty.to_json().into_bytes()
}

fn block(block: &Block) -> proto::schema::Block {
    proto::schema::Block {
        version: 0,
        attributes: block.attributes.iter().map(attribute).collect(),
        block_types: block.blocks.iter().map(nested_block).collect(),
        description: block.description.clone(),
        description_kind: proto::StringKind::Markdown.into(),
        deprecated: block.deprecation.is_some(),
        deprecation_message: block.deprecation.clone().unwrap_or_default(),
        computed: false,
    }
}

fn attribute(attribute: &Attribute) -> proto::schema::Attribute {
    // One of the two: hosts refuse both.
    let (ty, nested_type) = match &attribute.shape {
        Shape::Plain(plain) => (ty(plain), None),
        Shape::Nested(nesting, attributes) => (Vec::new(), Some(object(*nesting, attributes))),
    };
    proto::schema::Attribute {
        name: attribute.name.clone(),
        r#type: ty,
        nested_type,
        description: attribute.description.clone(),
        description_kind: proto::StringKind::Markdown.into(),
        required: attribute.usage == Usage::Required,
        optional: matches!(attribute.usage, Usage::Optional | Usage::OptionalComputed),
        computed: attribute.usage.is_computed(),
        sensitive: attribute.sensitive,
        write_only: attribute.write_only,
        deprecated: attribute.deprecation.is_some(),
        deprecation_message: attribute.deprecation.clone().unwrap_or_default(),
    }
}

#[expect(deprecated, reason = "the fields exist, and are left empty")]
fn object(nesting: Nesting, attributes: &[Attribute]) -> proto::schema::Object {
    let nesting = match nesting {
        Nesting::Single => NestingMode::Single,
        Nesting::List => NestingMode::List,
        Nesting::Set => NestingMode::Set,
        Nesting::Map => NestingMode::Map,
    };
    proto::schema::Object {
        attributes: attributes.iter().map(attribute).collect(),
        nesting: nesting.into(),
        min_items: 0,
        max_items: 0,
    }
}

fn nested_block(nested: &NestedBlock) -> proto::schema::NestedBlock {
    let (nesting, min, max) = match nested.nesting {
        BlockNesting::Single { required } => (BlockMode::Single, u64::from(required), u64::from(required)),
        BlockNesting::Group => (BlockMode::Group, 0, 0),
        BlockNesting::List { min, max } => (BlockMode::List, min, max),
        BlockNesting::Set { min, max } => (BlockMode::Set, min, max),
        BlockNesting::Map => (BlockMode::Map, 0, 0),
    };
    proto::schema::NestedBlock {
        type_name: nested.name.clone(),
        block: Some(proto::schema::Block {
            computed: nested.computed.is_some(),
            ..block(&nested.block)
        }),
        nesting: nesting.into(),
        min_items: count(min),
        max_items: count(max),
    }
}

fn count(items: u64) -> i64 {
    i64::try_from(items).unwrap_or(i64::MAX)
}

/// The schema of an identity: what it requires is required to import.
pub(super) fn identity(schema: &Schema) -> proto::ResourceIdentitySchema {
    proto::ResourceIdentitySchema {
        version: schema.version,
        identity_attributes: schema
            .block
            .attributes
            .iter()
            .map(|attribute| proto::resource_identity_schema::IdentityAttribute {
                name: attribute.name.clone(),
                r#type: ty(&attribute.ty()),
                required_for_import: attribute.usage == Usage::Required,
                optional_for_import: attribute.usage != Usage::Required,
                description: attribute.description.clone(),
            })
            .collect(),
    }
}
