use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Spelling, came_from};
use crate::schema::{Attribute, Members};
use crate::ty::Type;
use crate::value::{self, Value};

/// The elements of a prior set, found by what they have to share with a configured one. Which attributes that are depends on what the
/// configuration leaves to the provider, and is the same for most elements.
pub(super) struct Index<'p, 's> {
    members: Members<'s>,
    spelling: Spelling,
    prior: &'p [Value],
    used: Vec<bool>,
    /// For each choice of attributes, the positions of the elements that hold the same there, in order.
    shared: BTreeMap<Vec<bool>, BTreeMap<u64, Vec<usize>>>,
}

impl<'p, 's> Index<'p, 's> {
    pub(super) fn new(members: Members<'s>, prior: &'p [Value], spelling: Spelling) -> Self {
        Self {
            members,
            spelling,
            prior,
            used: vec![false; prior.len()],
            shared: BTreeMap::new(),
        }
    }

    /// The first element that is left and that `config` can have come from.
    pub(super) fn take(&mut self, config: &Value) -> Option<&'p Value> {
        let Self {
            members, prior, used, ..
        } = self;
        let choice = shared_attributes(*members, config, self.spelling);
        let wanted = content(*members, config, &choice);
        let by_content = self.shared.entry(choice).or_insert_with_key(|choice| {
            let mut by_content: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
            for (position, element) in prior.iter().enumerate() {
                let held = content(*members, element, choice);
                by_content.entry(held).or_default().push(position);
            }
            by_content
        });
        let candidates = by_content.get_mut(&wanted)?;
        candidates.retain(|position| used.get(*position) == Some(&false));
        let (found, element) = candidates.iter().find_map(|position| {
            let element = prior.get(*position)?;
            came_from(*members, element, config, self.spelling).then_some((*position, element))
        })?;
        if let Some(used) = used.get_mut(found) {
            *used = true;
        }
        Some(element)
    }
}

/// Which attributes an element must hold exactly as `config` does.
fn shared_attributes(members: Members<'_>, config: &Value, spelling: Spelling) -> Vec<bool> {
    let shared = |attribute: &Attribute| {
        let respelled = spelling == Spelling::Free && attribute.behaviour.equality.is_some();
        let left_to_provider = attribute.usage.is_computed()
            && config.member(&attribute.name).holds_null()
            && (spelling == Spelling::Free || !matches!(attribute.ty(), Type::Set(_)));
        attribute.inside().is_none() && !respelled && !left_to_provider
    };
    members.attributes.iter().map(shared).collect()
}

fn content(members: Members<'_>, element: &Value, choice: &[bool]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for (attribute, _) in members.attributes.iter().zip(choice).filter(|(_, shared)| **shared) {
        value::fingerprint(element.member(&attribute.name)).hash(&mut hasher);
    }
    hasher.finish()
}
