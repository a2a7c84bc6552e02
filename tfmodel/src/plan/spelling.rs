use super::matching::means_the_same;
use crate::schema::{Attribute, Members, NestedBlock, Nesting, Schema};
use crate::value::{Datum, Value};

/// `new` with the spelling of `prior` wherever both mean the same: what reading or applying returned is then no change.
///
/// Attributes are compared one by one, also inside nested attributes and blocks. Elements of lists are paired by index, of maps by key,
/// and of sets with one that means the same as a whole.
#[must_use]
pub fn keep_spelling(schema: &Schema, prior: &Value, new: Value) -> Value {
    object(schema.block.members(), prior, new)
}

fn object(members: Members<'_>, prior: &Value, new: Value) -> Value {
    let Value::Known(Datum::Object(mut attributes)) = new else {
        return new;
    };
    if prior.is_known() {
        for (near, attribute) in members.attributes.iter().enumerate() {
            if let Some(value) = attributes.get_near_mut(near, &attribute.name) {
                let prior = prior.member_near(near, &attribute.name);
                if let Some(equality) = attribute.behaviour.equality.as_ref().filter(|_| value != prior) {
                    *value = equality.respell(prior, value);
                }
                if let Some(inside) = attribute.inside().filter(|_| value != prior) {
                    nested(inside, prior, value);
                }
            }
        }
        for block in members.blocks {
            if let Some(value) = attributes.get_mut(&block.name) {
                nested(block.inside(), prior.member(&block.name), value);
            }
        }
    }
    Value::Known(Datum::Object(attributes))
}

fn nested((nesting, members): (Nesting, Members<'_>), prior: &Value, new: &mut Value) {
    let respell = |prior: &Value, new: &mut Value| *new = object(members, prior, std::mem::take(new));
    match (nesting, new) {
        (Nesting::Single, new) => respell(prior, new),
        (Nesting::List, Value::Known(Datum::List(elements))) => {
            for (index, element) in elements.iter_mut().enumerate() {
                respell(prior.element(index), element);
            }
        }
        (Nesting::Map, Value::Known(Datum::Map(entries))) => {
            for (key, entry) in entries {
                respell(prior.entry(key), entry);
            }
        }
        (Nesting::Set, Value::Known(Datum::Set(elements))) => {
            let mut left: Vec<&Value> = prior.elements().iter().collect();
            for element in elements {
                if let Some(position) = left
                    .iter()
                    .position(|prior| object_means_the_same(members, prior, element))
                {
                    *element = left.swap_remove(position).clone();
                }
            }
        }
        (Nesting::List | Nesting::Map | Nesting::Set, _) => {}
    }
}

fn object_means_the_same(members: Members<'_>, a: &Value, b: &Value) -> bool {
    let attribute = |attribute: &Attribute| {
        let (a, b) = (a.member(&attribute.name), b.member(&attribute.name));
        a == b
            || means_the_same(attribute, a, b)
            || attribute
                .inside()
                .is_some_and(|inside| nested_means_the_same(inside, a, b))
    };
    let block = |block: &NestedBlock| {
        let (a, b) = (a.member(&block.name), b.member(&block.name));
        a == b || nested_means_the_same(block.inside(), a, b)
    };
    a == b
        || (a.is_known()
            && b.is_known()
            && members.attributes.iter().all(attribute)
            && members.blocks.iter().all(block))
}

fn nested_means_the_same((nesting, members): (Nesting, Members<'_>), a: &Value, b: &Value) -> bool {
    let same = |a: &Value, b: &Value| object_means_the_same(members, a, b);
    match (nesting, a, b) {
        (Nesting::Single, a, b) => same(a, b),
        (Nesting::List, Value::Known(Datum::List(a)), Value::Known(Datum::List(b))) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Nesting::Map, Value::Known(Datum::Map(a)), Value::Known(Datum::Map(b))) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        (Nesting::Set, Value::Known(Datum::Set(a)), Value::Known(Datum::Set(b))) => {
            crate::value::same_elements(a, b, same)
        }
        (Nesting::List | Nesting::Map | Nesting::Set, _, _) => false,
    }
}
