//! Which element of a set was which before: elements have no key, so they are paired by what the configuration says of them.

mod index;

use crate::schema::{Attribute, Members, NestedBlock, Nesting};
use crate::ty::Type;
use crate::value::{Datum, Value, same_but_for_refinements};

/// When a configured value counts as the prior one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As the host decides: only if they are equal.
    Exact,
    /// Also if they mean the same.
    Free,
}

/// For each configured element the prior element it came from, each used once.
pub(super) fn pair<'p>(
    members: Members<'_>,
    prior: &'p Value,
    config: &[Value],
    spelling: Spelling,
) -> Vec<Option<&'p Value>> {
    let mut left = index::Index::new(members, prior.elements(), spelling);
    config.iter().map(|element| left.take(element)).collect()
}

/// Whether `prior` can be what became of `config`: they differ only in computed values that the configuration leaves null.
pub(super) fn came_from(members: Members<'_>, prior: &Value, config: &Value, spelling: Spelling) -> bool {
    if same_but_for_refinements(prior, config) {
        return true;
    }
    if config.is_null() {
        return false;
    }
    let attribute = |a: &Attribute| attribute_came_from(a, prior.member(&a.name), config.member(&a.name), spelling);
    let block = |b: &NestedBlock| {
        let (nesting, inside) = b.inside();
        let (prior, config) = (prior.member(&b.name), config.member(&b.name));
        // Nor does the host look for what became of a computed block.
        let computed = spelling == Spelling::Free && b.computed.is_some() && config.is_null();
        computed || nested_came_from(nesting, inside, prior, config, spelling)
    };
    members.attributes.iter().all(attribute) && members.blocks.iter().all(block)
}

fn attribute_came_from(attribute: &Attribute, prior: &Value, config: &Value, spelling: Spelling) -> bool {
    if same_but_for_refinements(prior, config)
        || (spelling == Spelling::Free && means_the_same(attribute, prior, config))
    {
        return true;
    }
    if let Some((nesting, inside)) = attribute.inside() {
        // A whole nested attribute may be computed as well, which the host does not consider here.
        let computed = spelling == Spelling::Free && attribute.usage.is_computed() && config.is_null();
        return computed || nested_came_from(nesting, inside, prior, config, spelling);
    }
    let comparable = spelling == Spelling::Free || !matches!(attribute.ty(), Type::Set(_));
    comparable && attribute.usage.is_computed() && config.holds_null()
}

fn nested_came_from(nesting: Nesting, members: Members<'_>, prior: &Value, config: &Value, spelling: Spelling) -> bool {
    if same_but_for_refinements(prior, config) {
        return true;
    }
    match (nesting, prior, config) {
        (Nesting::Set, Value::Known(Datum::Set(elements)), Value::Known(Datum::Set(config))) => {
            // The host does not look for pairs in a set inside a set.
            spelling == Spelling::Free
                && elements.len() == config.len()
                && pair(members, prior, config, spelling).iter().all(Option::is_some)
        }
        (Nesting::Set, _, _) => false,
        (_, Value::Null, _) => true,
        (Nesting::Single, _, _) => came_from(members, prior, config, spelling),
        (Nesting::List, Value::Known(Datum::List(prior)), Value::Known(Datum::List(config))) => {
            prior.len() <= config.len()
                && prior
                    .iter()
                    .zip(config)
                    .all(|(prior, config)| came_from(members, prior, config, spelling))
        }
        (Nesting::Map, Value::Known(Datum::Map(prior)), Value::Known(Datum::Map(config))) => {
            prior.iter().all(|(key, prior)| {
                config
                    .get(key)
                    .is_some_and(|config| came_from(members, prior, config, spelling))
            })
        }
        (Nesting::List | Nesting::Map, _, _) => false,
    }
}

/// Whether both values are wholly known, not null, and mean the same to the attribute.
pub(super) fn means_the_same(attribute: &Attribute, a: &Value, b: &Value) -> bool {
    let Some(equality) = &attribute.behaviour.equality else {
        return false;
    };
    let comparable = |value: &Value| !value.holds_null() && value.is_wholly_known();
    comparable(a) && comparable(b) && equality.equal(a, b)
}
