//! What objects and object types hold: one thing for each name.

use std::fmt;
use std::slice;
use std::sync::Arc;
use std::{iter, vec};

use crate::order;

/// Names in order, each once. Objects of one type share them, so that an object is one piece of memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Names(Arc<Vec<String>>);

impl Names {
    /// From names that are in order already.
    pub(crate) fn in_order(names: impl IntoIterator<Item = String>) -> Self {
        let names: Vec<String> = names.into_iter().collect();
        debug_assert!(names.is_sorted_by(|a, b| a < b));
        Self(Arc::new(names))
    }

    pub(crate) fn position(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|candidate| candidate.as_str().cmp(name))
    }
}

/// The attributes of an object or of an object type, in the order of their names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Attributes<T> {
    // INVARIANT: as many names as values.
    names: Names,
    values: Box<[T]>,
}

impl<T> Attributes<T> {
    /// No attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// One value for each of the names, in their order.
    pub(crate) fn of(names: &Names, values: Vec<T>) -> Self {
        debug_assert_eq!(names.0.len(), values.len());
        Self {
            names: names.clone(),
            values: values.into_boxed_slice(),
        }
    }

    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    pub(crate) fn has_names_of<U>(&self, other: &Attributes<U>) -> bool {
        self.names == other.names
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Whether there is one of that name.
    pub fn contains_key(&self, name: &str) -> bool {
        self.names.position(name).is_ok()
    }

    /// The one of that name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.values.get(self.names.position(name).ok()?)
    }

    /// The same as [`get`](Self::get), if need be: the one at the position is asked for its name first. It is the right one wherever the
    /// members of a schema are gone through in order.
    pub(crate) fn get_near(&self, position: usize, name: &str) -> Option<&T> {
        if self.names.0.get(position).is_some_and(|near| near == name) {
            self.values.get(position)
        } else {
            self.get(name)
        }
    }

    /// [`get_near`](Self::get_near), to be changed.
    pub(crate) fn get_near_mut(&mut self, position: usize, name: &str) -> Option<&mut T> {
        if self.names.0.get(position).is_some_and(|near| near == name) {
            self.values.get_mut(position)
        } else {
            self.get_mut(name)
        }
    }

    /// The one of that name.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        self.values.get_mut(self.names.position(name).ok()?)
    }

    /// Sets the one of that name and returns what it was.
    pub fn insert(&mut self, name: impl Into<String>, value: T) -> Option<T> {
        let name = name.into();
        match self.names.position(&name) {
            Ok(position) => self
                .values
                .get_mut(position)
                .map(|place| std::mem::replace(place, value)),
            Err(position) => {
                Arc::make_mut(&mut self.names.0).insert(position, name);
                self.change(|values| values.insert(position, value));
                None
            }
        }
    }

    /// Removes the one of that name.
    pub fn remove(&mut self, name: &str) -> Option<T> {
        let position = self.names.position(name).ok()?;
        Arc::make_mut(&mut self.names.0).remove(position);
        Some(self.change(|values| values.remove(position)))
    }

    fn change<U>(&mut self, change: impl FnOnce(&mut Vec<T>) -> U) -> U {
        let mut values = std::mem::take(&mut self.values).into_vec();
        let changed = change(&mut values);
        self.values = values.into_boxed_slice();
        changed
    }

    /// The names, in order.
    pub fn keys(&self) -> slice::Iter<'_, String> {
        self.names.0.iter()
    }

    /// What stands under the names, in their order.
    pub fn values(&self) -> slice::Iter<'_, T> {
        self.values.iter()
    }

    /// What stands under the names, in their order.
    pub fn values_mut(&mut self) -> slice::IterMut<'_, T> {
        self.values.iter_mut()
    }

    /// Each name with what stands under it, in the order of the names.
    pub fn iter(&self) -> Iter<'_, T> {
        self.keys().zip(self.values())
    }

    /// The same names, each with what `change` makes of what stands under it.
    #[must_use]
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Attributes<U> {
        Attributes {
            names: self.names,
            values: self.values.into_iter().map(change).collect(),
        }
    }
}

impl<T> Default for Attributes<T> {
    fn default() -> Self {
        Self {
            names: Names::default(),
            values: Box::default(),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Attributes<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

/// Of several with the same name, the last one stays.
impl<N: Into<String>, T> FromIterator<(N, T)> for Attributes<T> {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(attributes: I) -> Self {
        let (mut names, mut values): (Vec<String>, Vec<T>) =
            attributes.into_iter().map(|(name, value)| (name.into(), value)).unzip();
        if !names.is_sorted_by(|a, b| a < b) {
            let mut all: Vec<(String, T)> = names.into_iter().zip(values).collect();
            order::sort_by(&mut all, |(a, _), (b, _)| a.cmp(b));
            (names, values) = (Vec::new(), Vec::new());
            for (name, value) in all {
                if names.last() == Some(&name) {
                    values.pop();
                } else {
                    names.push(name);
                }
                values.push(value);
            }
        }
        Self {
            names: Names(Arc::new(names)),
            values: values.into_boxed_slice(),
        }
    }
}

impl<N: Into<String>, T> Extend<(N, T)> for Attributes<T> {
    fn extend<I: IntoIterator<Item = (N, T)>>(&mut self, attributes: I) {
        for (name, value) in attributes {
            self.insert(name, value);
        }
    }
}

/// Each name with what stands under it.
pub type Iter<'a, T> = iter::Zip<slice::Iter<'a, String>, slice::Iter<'a, T>>;

/// Each name with what stood under it.
pub type IntoIter<T> = iter::Zip<vec::IntoIter<String>, vec::IntoIter<T>>;

impl<'a, T> IntoIterator for &'a Attributes<T> {
    type Item = (&'a String, &'a T);
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T> IntoIterator for Attributes<T> {
    type Item = (String, T);
    type IntoIter = IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        let names = Arc::unwrap_or_clone(self.names.0);
        names.into_iter().zip(self.values.into_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(names: &[&str]) -> Attributes<usize> {
        names
            .iter()
            .enumerate()
            .map(|(position, name)| (*name, position))
            .collect()
    }

    #[test]
    fn names_are_in_order_and_the_last_of_equals_stays() {
        let attributes = letters(&["c", "a", "b", "a"]);
        assert!(attributes.keys().eq(["a", "b", "c"]));
        assert!(attributes.values().eq(&[3, 2, 0]));
    }

    #[test]
    fn what_is_inserted_and_removed_keeps_the_order() {
        let mut attributes = letters(&["a", "c"]);
        let before = attributes.clone();
        assert_eq!((attributes.insert("b", 7), attributes.insert("c", 8)), (None, Some(1)));
        assert!(
            attributes
                .iter()
                .eq([(&"a".to_owned(), &0), (&"b".to_owned(), &7), (&"c".to_owned(), &8)])
        );
        assert_eq!((attributes.remove("a"), attributes.remove("a")), (Some(0), None));
        assert_eq!((attributes.get("a"), attributes.get("b")), (None, Some(&7)));
        assert!(before.keys().eq(["a", "c"]), "others that share the names keep theirs");
    }

    #[test]
    fn equality_is_by_name_and_value_whoever_made_the_names() {
        assert_eq!(letters(&["a", "b"]), letters(&["a", "b"]));
        assert_ne!(letters(&["a", "b"]), letters(&["a", "c"]));
    }
}
