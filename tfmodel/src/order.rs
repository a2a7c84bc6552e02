//! Order at little weight: the standard library's sort, and maps and sets that are collected with it, are compiled anew for every type,
//! which is most of what a small WebAssembly module would consist of. Here one sort, of positions, serves all.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Sorts by a comparison; what is equal stays in its order.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let by_position = |a: usize, b: usize| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        (None, _) | (_, None) => Ordering::Equal,
    };
    for (a, b) in swaps(items.len(), &by_position) {
        items.swap(a, b);
    }
}

/// Sorts; what is equal stays in its order.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Each element once, in order.
pub fn distinct<T: Ord>(elements: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut distinct: Vec<T> = elements.into_iter().collect();
    sort(&mut distinct);
    distinct.dedup();
    distinct
}

/// A map of entries; of several with the same key, the last one stays.
pub fn map<K: Ord, V>(entries: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    for (key, value) in entries {
        map.insert(key, value);
    }
    map
}

/// A set of elements.
pub fn set<T: Ord>(elements: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    for element in elements {
        set.insert(element);
    }
    set
}

/// What has to change places, one after the other, until all are in order.
fn swaps(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| compare(*a, *b));
    let mut swaps = Vec::new();
    for start in 0..count {
        let mut at = start;
        // Round a cycle: each place gets what belongs there, and what was there goes where the next comes from.
        while let Some(place) = order.get_mut(at) {
            let from = std::mem::replace(place, at);
            if from == start || from == at {
                break;
            }
            swaps.push((at, from));
            at = from;
        }
    }
    swaps
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(items in proptest::collection::vec((0_u8..20, any::<u8>()), 0..100)) {
            let (mut ours, mut theirs) = (items.clone(), items.clone());
            sort_by(&mut ours, |a, b| a.0.cmp(&b.0));
            theirs.sort_by_key(|item| item.0);
            prop_assert_eq!(&ours, &theirs);
            sort(&mut ours);
            theirs.sort();
            prop_assert_eq!(&ours, &theirs);
            theirs.dedup();
            prop_assert_eq!(distinct(items.clone()), theirs);
            prop_assert_eq!(map(items.clone()), items.iter().copied().collect());
            prop_assert_eq!(set(items.clone()), items.into_iter().collect());
        }
    }
}
