use std::collections::{BTreeMap, BTreeSet};

use crate::path::{Path, Step};
use crate::schema::{Attribute, BlockNesting, Members, NestedBlock, Nesting, Schema, Usage};
use crate::validate;
use crate::value::{Datum, Value};

/// A configuration whose plan leaves `state` as it is: what a user would write for an object that exists.
///
/// It leaves out what only the provider sets, what has its default, and what is deprecated, if it need not be set. What the provider would
/// choose by itself stays, so that the user sees it, unless the schema's checks refuse it: of two arguments that exclude each other, a
/// state can hold both.
pub fn generate_config(schema: &Schema, state: &Value) -> Value {
    let mut refused = BTreeSet::new();
    loop {
        let config = Generator { refused: &refused }.object(schema.block.members(), state, Some(&Path::root()));
        let problems = validate::config(schema, &config);
        let next = problems
            .iter()
            .filter_map(|problem| problem.path.as_ref())
            .find(|path| !refused.contains(*path) && config.at(path).is_some_and(|value| !value.is_null()));
        match next {
            Some(path) => drop(refused.insert(path.clone())),
            None => return config,
        }
    }
}

struct Generator<'a> {
    /// Left out where the provider chooses by itself.
    refused: &'a BTreeSet<Path>,
}

impl Generator<'_> {
    /// `at` is `None` inside a set, where no path leads.
    fn object(&self, members: Members<'_>, state: &Value, at: Option<&Path>) -> Value {
        if !state.is_known() {
            return Value::Null;
        }
        let inside = |name: &str| at.map(|at| at.with_attribute(name));
        let attributes = members.attributes.iter().map(|attribute| {
            let value = state.member(&attribute.name);
            let value = self.attribute(attribute, value, inside(&attribute.name).as_ref());
            (attribute.name.clone(), value)
        });
        let blocks = members.blocks.iter().map(|block| {
            let value = state.member(&block.name);
            let value = if is_left_out(block) {
                absent(block.nesting)
            } else {
                self.elements(block.inside(), value, inside(&block.name).as_ref())
            };
            (block.name.clone(), value)
        });
        Value::object(attributes.chain(blocks))
    }

    fn attribute(&self, attribute: &Attribute, state: &Value, at: Option<&Path>) -> Value {
        let is_refused = at.is_some_and(|at| self.refused.contains(at));
        let left_out = match attribute.usage {
            Usage::Computed => true,
            Usage::Required => false,
            Usage::Optional => attribute.deprecation.is_some(),
            Usage::OptionalComputed => {
                attribute.deprecation.is_some() || is_refused || attribute.behaviour.default.as_ref() == Some(state)
            }
        };
        if left_out || attribute.write_only {
            return Value::Null;
        }
        match attribute.inside() {
            Some(inside) => self.elements(inside, state, at),
            None => state.clone(),
        }
    }

    fn elements(&self, (nesting, members): (Nesting, Members<'_>), state: &Value, at: Option<&Path>) -> Value {
        let object = |state: &Value, step: Step| self.object(members, state, at.map(|at| at.with(step)).as_ref());
        match (nesting, state) {
            (Nesting::Single, state) => self.object(members, state, at),
            (Nesting::List, Value::Known(Datum::List(elements))) => {
                let all = elements.iter().enumerate();
                Value::Known(Datum::List(
                    all.map(|(index, state)| object(state, Step::Index(index))).collect(),
                ))
            }
            (Nesting::Map, Value::Known(Datum::Map(entries))) => {
                let all = entries.iter();
                Value::Known(Datum::Map(
                    all.map(|(key, state)| (key.clone(), object(state, Step::Key(key.clone()))))
                        .collect(),
                ))
            }
            (Nesting::Set, Value::Known(Datum::Set(elements))) => {
                let all = elements.iter();
                Value::Known(Datum::Set(all.map(|state| self.object(members, state, None)).collect()))
            }
            // Tuples and objects, where elements differ in type.
            (Nesting::List | Nesting::Map | Nesting::Set, other) => other.clone(),
        }
    }
}

fn is_left_out(block: &NestedBlock) -> bool {
    let needed = match block.nesting {
        BlockNesting::Single { required } => required,
        BlockNesting::List { min, .. } | BlockNesting::Set { min, .. } => min > 0,
        BlockNesting::Group | BlockNesting::Map => false,
    };
    block.block.deprecation.is_some() && !needed && block.nesting != BlockNesting::Group
}

fn absent(nesting: BlockNesting) -> Value {
    match nesting {
        BlockNesting::Single { .. } | BlockNesting::Group => Value::Null,
        BlockNesting::List { .. } => Value::Known(Datum::List(Vec::new())),
        BlockNesting::Set { .. } => Value::Known(Datum::Set(Vec::new())),
        BlockNesting::Map => Value::Known(Datum::Map(BTreeMap::new())),
    }
}
