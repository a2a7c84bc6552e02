use std::collections::BTreeSet;
use std::fmt;

use crate::conformance;
use crate::path::Path;
use crate::schema::{Attribute, BlockNesting, Members, NestedBlock, Nesting, Schema, Shape, SiblingRule, Usage};
use crate::ty::Type;

/// Something in a schema that the host would refuse, or that could not be planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaProblem {
    /// The attribute or block, without list indices and map keys.
    pub path: Path,
    /// What is wrong with it.
    pub problem: String,
}

impl fmt::Display for SchemaProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_root() {
            write!(f, "the schema {}", self.problem)
        } else {
            write!(f, "`{}` {}", self.path, self.problem)
        }
    }
}

impl Schema {
    /// What is wrong with the schema. A provider whose schema has problems cannot be loaded, so this belongs into its tests.
    pub fn check(&self) -> Vec<SchemaProblem> {
        let mut problems = Problems(Vec::new());
        if self.version < 0 {
            problems.push(
                &Path::root(),
                format!("has version {}, and versions start at 0", self.version),
            );
        }
        problems.members(self.block.members(), &Path::root());
        problems.0
    }
}

pub(super) struct Problems(pub(super) Vec<SchemaProblem>);

impl Problems {
    pub(super) fn push(&mut self, path: &Path, problem: impl Into<String>) {
        self.0.push(SchemaProblem {
            path: path.clone(),
            problem: problem.into(),
        });
    }

    fn members(&mut self, members: Members<'_>, at: &Path) {
        let mut names = BTreeSet::new();
        let attributes = members.attributes.iter().map(|a| &a.name);
        for name in attributes.chain(members.blocks.iter().map(|b| &b.name)) {
            let path = at.with_attribute(name);
            if !names.insert(name) {
                self.push(&path, "is defined twice");
            }
            let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || !name.chars().all(word) {
                self.push(
                    &path,
                    "must consist of lowercase letters, digits and underscores, and not start with a digit",
                );
            }
        }
        for attribute in members.attributes {
            let path = at.with_attribute(&attribute.name);
            self.attribute(attribute, &path);
            self.rules(&attribute.behaviour.rules, &names, &path);
        }
        for block in members.blocks {
            let path = at.with_attribute(&block.name);
            self.block(block, &path);
            if block.computed.is_some() {
                self.computed_block(block, &path);
            }
            self.rules(&block.rules, &names, &path);
        }
    }

    fn attribute(&mut self, attribute: &Attribute, path: &Path) {
        self.write_only(attribute, path);
        if let Shape::Plain(ty) = &attribute.shape
            && holds_collection_of_any(ty)
        {
            self.push(path, format!("is a collection, {}", NO_ANY));
        }
        if let Some(default) = &attribute.behaviour.default {
            if attribute.usage != Usage::OptionalComputed {
                self.push(path, "has a default, so it must be optional and computed");
            }
            if default.holds_null() || !default.is_wholly_known() {
                self.push(path, "has a default that is null or unknown");
            }
            if let Err(mismatch) = conformance::check(default, &attribute.ty()) {
                self.push(path, format!("has a default of another type: {mismatch}"));
            }
        }
        for validator in &attribute.behaviour.validators {
            if !validator.accepts(&attribute.ty()) {
                self.push(
                    path,
                    format!("has a check for values of another type: {}", validator.description()),
                );
            }
            let default = attribute
                .behaviour
                .default
                .as_ref()
                .filter(|default| default.is_known());
            if default.is_some_and(|default| validator.validate(default, path).has_errors()) {
                self.push(
                    path,
                    format!("has a default that its own check refuses: {}", validator.description()),
                );
            }
        }
        if let Some((nesting, members)) = attribute.inside() {
            let dynamic = attribute.ty().has_dynamic();
            match nesting {
                Nesting::Set => self.set(members, dynamic, path),
                Nesting::List | Nesting::Map if dynamic => self.push(path, format!("is a collection, {}", NO_ANY)),
                Nesting::Single | Nesting::List | Nesting::Map => {}
            }
            self.members(members, path);
        }
    }

    fn write_only(&mut self, attribute: &Attribute, path: &Path) {
        if attribute.write_only && attribute.usage.is_computed() {
            self.push(path, "is write-only, so it cannot be computed");
        }
        let Some((_, inside)) = attribute.inside() else {
            return;
        };
        if attribute.write_only && !inside.attributes.iter().all(|a| a.write_only) {
            self.push(
                path,
                "is write-only as a whole, so everything inside it must be: the host asks the innermost attribute",
            );
        }
        if attribute.usage.is_computed() && has_write_only(inside) {
            self.push(path, "is computed, so nothing inside it can be write-only");
        }
    }

    fn rules(&mut self, rules: &[SiblingRule], names: &BTreeSet<&String>, path: &Path) {
        for sibling in rules.iter().flat_map(SiblingRule::names) {
            if !names.iter().any(|name| name == sibling) {
                self.push(
                    path,
                    format!("has a rule about `{sibling}`, which does not stand beside it"),
                );
            }
        }
    }

    fn block(&mut self, block: &NestedBlock, path: &Path) {
        let dynamic = block.block.ty().has_dynamic();
        match block.nesting {
            BlockNesting::List { min, max } | BlockNesting::Set { min, max } if max != 0 && min > max => {
                self.push(path, format!("must occur at least {min} times and at most {max} times"));
            }
            BlockNesting::Single { .. }
            | BlockNesting::Group
            | BlockNesting::List { .. }
            | BlockNesting::Set { .. }
            | BlockNesting::Map => {}
        }
        match block.nesting {
            BlockNesting::Set { .. } => self.set(block.block.members(), dynamic, path),
            BlockNesting::List { .. } | BlockNesting::Map if dynamic => {
                self.push(path, format!("is a collection, {}", NO_ANY));
            }
            BlockNesting::Single { .. } | BlockNesting::Group | BlockNesting::List { .. } | BlockNesting::Map => {}
        }
        self.members(block.block.members(), path);
    }

    fn computed_block(&mut self, block: &NestedBlock, path: &Path) {
        match block.nesting {
            BlockNesting::Group => self.push(path, "is always there, so it cannot be computed"),
            BlockNesting::Single { required: true }
            | BlockNesting::List { min: 1.., .. }
            | BlockNesting::Set { min: 1.., .. } => self.push(path, "is required, so it cannot be computed"),
            BlockNesting::Single { required: false }
            | BlockNesting::List { min: 0, .. }
            | BlockNesting::Set { min: 0, .. }
            | BlockNesting::Map => {}
        }
        let members = block.block.members();
        let attributes = members.attributes.iter().filter(|a| !a.usage.is_computed());
        let blocks = members.blocks.iter().filter(|b| b.computed.is_none());
        for name in attributes.map(|a| &a.name).chain(blocks.map(|b| &b.name)) {
            self.push(
                &path.with_attribute(name),
                "stands in a computed block, so the provider must be able to set it: make it computed",
            );
        }
    }

    fn set(&mut self, members: Members<'_>, dynamic: bool, path: &Path) {
        if dynamic {
            self.push(path, "is a set, so nothing inside it can be of type `any`");
        }
        if has_write_only(members) {
            self.push(path, "is a set, so nothing inside it can be write-only");
        }
    }
}

/// Hosts want all elements of a collection to be of one type.
const NO_ANY: &str = "so nothing inside it can be of type `any`: all of its elements must be of one type";

fn holds_collection_of_any(ty: &Type) -> bool {
    match ty {
        Type::Bool | Type::Number | Type::String | Type::Dynamic => false,
        Type::List(element) | Type::Set(element) | Type::Map(element) => element.has_dynamic(),
        Type::Tuple(elements) => elements.iter().any(holds_collection_of_any),
        Type::Object(object) => object.attributes.values().any(holds_collection_of_any),
    }
}

fn has_write_only(members: Members<'_>) -> bool {
    let in_attribute = |a: &Attribute| a.write_only || a.inside().is_some_and(|(_, members)| has_write_only(members));
    members.attributes.iter().any(in_attribute) || members.blocks.iter().any(|block| has_write_only(block.inside().1))
}
