use std::collections::BTreeMap;
use std::sync::Arc;

use super::problem::{below, in_set, known, mismatch};
use super::{Blocks, Facts, Field, Model};
use crate::diagnostics::Diagnostics;
use crate::equality::ElementEquality;
use crate::order;
use crate::path::{Path, Step};
use crate::schema::{Block, BlockNesting, Nesting, SemanticEquality, Shape, Validator};
use crate::ty::Type;
use crate::validators::Each;
use crate::value::{Datum, Value};

/// A set: elements in the order in which they came, compared without it. Equal elements are not merged, as the host merges them only
/// when both are wholly known.
#[derive(Clone, Debug)]
pub struct Set<T>(Vec<T>);

impl<T> Set<T> {
    /// An empty set.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The elements.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds an element.
    pub fn push(&mut self, element: T) {
        self.0.push(element);
    }

    /// The elements as a list.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T: PartialEq> Set<T> {
    /// Whether `element` is in it.
    pub fn contains(&self, element: &T) -> bool {
        self.0.contains(element)
    }
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: PartialEq> PartialEq for Set<T> {
    fn eq(&self, other: &Self) -> bool {
        crate::value::same_elements(&self.0, &other.0, PartialEq::eq)
    }
}

impl<T: Eq> Eq for Set<T> {}

impl<T> From<Vec<T>> for Set<T> {
    fn from(elements: Vec<T>) -> Self {
        Self(elements)
    }
}

impl<T> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Self(elements.into_iter().collect())
    }
}

impl<T> IntoIterator for Set<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Set<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: Field> Field for Vec<T> {
    const FACTS: Facts = T::FACTS.collected();

    fn shape() -> Shape {
        collected(T::shape(), Nesting::List)
    }

    fn ty() -> Type {
        Type::list(T::ty())
    }

    fn from_value(value: &Value, at: &Path) -> Result<Self, Diagnostics> {
        match known(value, at)? {
            Datum::List(elements) => all(elements
                .iter()
                .enumerate()
                .map(|(index, element)| below(element, at, || Step::Index(index)))),
            other => Err(mismatch(at, "a list", other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::Known(Datum::List(self.iter().map(T::to_value).collect()))
    }

    fn validators() -> Vec<Arc<dyn Validator>> {
        for_each(T::validators())
    }

    fn equality() -> Option<Arc<dyn SemanticEquality>> {
        of_elements(T::equality())
    }
}

impl<T: Field> Field for Set<T> {
    const FACTS: Facts = T::FACTS.in_set();

    fn shape() -> Shape {
        collected(T::shape(), Nesting::Set)
    }

    fn ty() -> Type {
        Type::set(T::ty())
    }

    fn from_value(value: &Value, at: &Path) -> Result<Self, Diagnostics> {
        match known(value, at)? {
            Datum::Set(elements) => all(elements.iter().map(|element| T::from_value(element, at)))
                .map(Self)
                .map_err(|found| in_set(found, at).collect()),
            other => Err(mismatch(at, "a set", other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::Known(Datum::Set(self.iter().map(T::to_value).collect()))
    }

    fn validators() -> Vec<Arc<dyn Validator>> {
        for_each(T::validators())
    }

    fn equality() -> Option<Arc<dyn SemanticEquality>> {
        of_elements(T::equality())
    }
}

impl<T: Field> Field for BTreeMap<String, T> {
    const FACTS: Facts = T::FACTS.collected();

    fn shape() -> Shape {
        collected(T::shape(), Nesting::Map)
    }

    fn ty() -> Type {
        Type::map(T::ty())
    }

    fn from_value(value: &Value, at: &Path) -> Result<Self, Diagnostics> {
        match known(value, at)? {
            Datum::Map(entries) => all(entries
                .iter()
                .map(|(key, entry)| Ok((key.clone(), below(entry, at, || Step::Key(key.clone()))?))))
            .map(order::map),
            other => Err(mismatch(at, "a map", other)),
        }
    }

    fn to_value(&self) -> Value {
        let entries = self.iter().map(|(key, entry)| (key.clone(), entry.to_value()));
        Value::Known(Datum::Map(order::map(entries)))
    }
    fn validators() -> Vec<Arc<dyn Validator>> {
        for_each(T::validators())
    }

    fn equality() -> Option<Arc<dyn SemanticEquality>> {
        of_elements(T::equality())
    }
}

impl<M: Model> Blocks for Vec<M> {
    fn nesting() -> BlockNesting {
        BlockNesting::List { min: 0, max: 0 }
    }

    fn block() -> Block {
        M::schema().block
    }
}

impl<M: Model> Blocks for Set<M> {
    fn nesting() -> BlockNesting {
        BlockNesting::Set { min: 0, max: 0 }
    }

    fn block() -> Block {
        M::schema().block
    }
}

impl<M: Model> Blocks for BTreeMap<String, M> {
    fn nesting() -> BlockNesting {
        BlockNesting::Map
    }

    fn block() -> Block {
        M::schema().block
    }
}

fn collected(element: Shape, nesting: Nesting) -> Shape {
    match (element, nesting) {
        (Shape::Nested(Nesting::Single, attributes), nesting) => Shape::Nested(nesting, attributes),
        (element, Nesting::List) => Shape::Plain(Type::list(element.ty())),
        (element, Nesting::Set) => Shape::Plain(Type::set(element.ty())),
        (element, Nesting::Map) => Shape::Plain(Type::map(element.ty())),
        (element, Nesting::Single) => element,
    }
}

fn for_each(checks: Vec<Arc<dyn Validator>>) -> Vec<Arc<dyn Validator>> {
    checks
        .into_iter()
        .map(|check| Arc::new(Each::element(check)) as Arc<dyn Validator>)
        .collect()
}

fn of_elements(equality: Option<Arc<dyn SemanticEquality>>) -> Option<Arc<dyn SemanticEquality>> {
    equality.map(|equality| Arc::new(ElementEquality(equality)) as Arc<dyn SemanticEquality>)
}

/// The results together, or the diagnostics of all that failed.
fn all<T>(results: impl ExactSizeIterator<Item = Result<T, Diagnostics>>) -> Result<Vec<T>, Diagnostics> {
    let mut problems = Diagnostics::new();
    let mut collected = Vec::with_capacity(results.len());
    for result in results {
        match result {
            Ok(element) => collected.push(element),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        Ok(collected)
    } else {
        Err(problems)
    }
}
