use super::redact::Shown;
use crate::order;
use crate::path::{Path, Step};

/// How a value differs from what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// In a word.
    pub status: Status,
    /// In detail.
    pub content: Content,
    /// Whether the resource is replaced because of it.
    pub forces_replacement: bool,
}

/// How a value differs, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Not at all.
    Unchanged,
    /// It was absent.
    Added,
    /// It will be absent.
    Removed,
    /// It is another one, or something in it differs.
    Changed,
    /// A list with the same elements in another order.
    Reordered,
    /// A JSON text that says the same in other words: white space, order of keys.
    Rewritten,
}

/// How a value differs, in detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The one value there is: the same on both sides, added, or removed. Of a reordered list, the new order.
    Value(Shown),
    /// Two values that have nothing in common.
    Pair(Shown, Shown),
    /// Two objects, by key.
    Members(Vec<(String, Difference)>),
    /// Two lists.
    Elements(Vec<Element>),
    /// Two strings that hold JSON.
    Document(Box<Difference>),
}

/// An element of one or both of two lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its index in the list before.
    pub before: Option<usize>,
    /// Its index in the list after.
    pub after: Option<usize>,
    /// How it differs.
    pub difference: Difference,
}

/// Compares two sides of a change. `replace_paths` are the places that force a replacement.
///
/// Absent and null are the same thing, as they are in Terraform; what is null on both sides is left out.
pub fn difference(before: &Shown, after: &Shown, replace_paths: &[Path]) -> Difference {
    let mut comparison = Comparison {
        replace_paths,
        at: Vec::new(),
    };
    comparison.values(before, after)
}

/// Longer lists are compared place by place.
const LARGEST_TABLE: usize = 1 << 20;

struct Comparison<'a> {
    replace_paths: &'a [Path],
    at: Vec<Step>,
}

impl Comparison<'_> {
    fn values(&mut self, before: &Shown, after: &Shown) -> Difference {
        let (status, content) = match (before, after) {
            (a, b) if a == b => (Status::Unchanged, Content::Value(b.clone())),
            (Shown::Null, Shown::Object(_)) => (Status::Added, self.members(before, after)),
            (Shown::Object(_), Shown::Null) => (Status::Removed, self.members(before, after)),
            (Shown::Null, added) => (Status::Added, Content::Value(added.clone())),
            (removed, Shown::Null) => (Status::Removed, Content::Value(removed.clone())),
            (Shown::Object(_), Shown::Object(_)) => (Status::Changed, self.members(before, after)),
            (Shown::List(a), Shown::List(b)) if same_elements(a, b) => {
                (Status::Reordered, Content::Value(after.clone()))
            }
            (Shown::List(a), Shown::List(b)) => (Status::Changed, Content::Elements(self.elements(a, b))),
            (Shown::String(a), Shown::String(b)) => match (Shown::embedded(a), Shown::embedded(b)) {
                (Some(a), Some(b)) => {
                    // Replacement paths end at the string.
                    let inner = difference(&a, &b, &[]);
                    let status = match inner.status {
                        Status::Unchanged => Status::Rewritten,
                        Status::Added | Status::Removed | Status::Changed | Status::Reordered | Status::Rewritten => {
                            Status::Changed
                        }
                    };
                    (status, Content::Document(Box::new(inner)))
                }
                _ => (Status::Changed, Content::Pair(before.clone(), after.clone())),
            },
            _ => (Status::Changed, Content::Pair(before.clone(), after.clone())),
        };
        let forces_replacement = status != Status::Unchanged && self.forces_replacement(&content);
        Difference {
            status,
            content,
            forces_replacement,
        }
    }

    /// At the place itself, or at the last place above it that is told apart.
    fn forces_replacement(&self, content: &Content) -> bool {
        let goes_on = matches!(content, Content::Members(_));
        self.replace_paths.iter().any(|path| {
            let steps = path.steps();
            steps == self.at || (!goes_on && !self.at.is_empty() && steps.starts_with(&self.at))
        })
    }

    fn members(&mut self, before: &Shown, after: &Shown) -> Content {
        let keys = |side: &Shown| match side {
            Shown::Object(members) => members.keys().cloned().collect::<Vec<_>>(),
            _ => Vec::new(),
        };
        let mut all = keys(before);
        all.extend(keys(after));
        let compared = order::distinct(all).into_iter().filter_map(|key| {
            let of = |side: &Shown| side.get(&key).cloned().unwrap_or(Shown::Null);
            let (a, b) = (of(before), of(after));
            if a == Shown::Null && b == Shown::Null {
                return None;
            }
            self.at.push(Step::Attribute(key.clone()));
            let difference = self.values(&a, &b);
            self.at.pop();
            Some((key, difference))
        });
        Content::Members(compared.collect())
    }

    fn elements(&mut self, before: &[Shown], after: &[Shown]) -> Vec<Element> {
        let mut found = Vec::new();
        let (mut i, mut j) = (0, 0);
        for (a, b) in common(before, after).into_iter().chain([(before.len(), after.len())]) {
            self.gap(before, after, (i, a), (j, b), &mut found);
            if let Some(same) = after.get(b) {
                found.push(Element {
                    before: Some(a),
                    after: Some(b),
                    difference: Difference {
                        status: Status::Unchanged,
                        content: Content::Value(same.clone()),
                        forces_replacement: false,
                    },
                });
            }
            (i, j) = (a + 1, b + 1);
        }
        found
    }

    /// Elements between two common ones: containers are paired in order, the rest comes and goes.
    fn gap(
        &mut self,
        before: &[Shown],
        after: &[Shown],
        (mut i, to_i): (usize, usize),
        (mut j, to_j): (usize, usize),
        found: &mut Vec<Element>,
    ) {
        let nothing = Shown::Null;
        while i < to_i || j < to_j {
            let a = before.get(i).filter(|_| i < to_i);
            let b = after.get(j).filter(|_| j < to_j);
            let pair = match (a, b) {
                (Some(Shown::Object(_)), Some(Shown::Object(_))) | (Some(Shown::List(_)), Some(Shown::List(_))) => {
                    (a, b)
                }
                (Some(_), _) => (a, None),
                (None, _) => (None, b),
            };
            self.at.push(Step::Index(if pair.1.is_some() { j } else { i }));
            let mut difference = self.values(pair.0.unwrap_or(&nothing), pair.1.unwrap_or(&nothing));
            self.at.pop();
            // An element that is itself null still comes or goes.
            if difference.status == Status::Unchanged {
                difference.status = if pair.1.is_some() {
                    Status::Added
                } else {
                    Status::Removed
                };
            }
            found.push(Element {
                before: pair.0.map(|_| i),
                after: pair.1.map(|_| j),
                difference,
            });
            i += usize::from(pair.0.is_some());
            j += usize::from(pair.1.is_some());
        }
    }
}

fn same_elements(a: &[Shown], b: &[Shown]) -> bool {
    let sorted = |list: &[Shown]| {
        let mut list: Vec<_> = list.to_vec();
        order::sort(&mut list);
        list
    };
    a.len() == b.len() && sorted(a) == sorted(b)
}

/// Indexes of a longest common subsequence.
fn common(a: &[Shown], b: &[Shown]) -> Vec<(usize, usize)> {
    let prefix = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let rest = (a.len() - prefix).min(b.len() - prefix);
    let suffix = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take(rest)
        .take_while(|(x, y)| x == y)
        .count();
    let inner_a = a.get(prefix..a.len() - suffix).unwrap_or_default();
    let inner_b = b.get(prefix..b.len() - suffix).unwrap_or_default();
    let mut pairs: Vec<_> = (0..prefix).map(|index| (index, index)).collect();
    let inner = if inner_a.len().saturating_mul(inner_b.len()) > LARGEST_TABLE {
        place_by_place(inner_a, inner_b)
    } else {
        longest(inner_a, inner_b)
    };
    pairs.extend(inner.into_iter().map(|(i, j)| (i + prefix, j + prefix)));
    pairs.extend((0..suffix).rev().map(|back| (a.len() - 1 - back, b.len() - 1 - back)));
    pairs
}

fn place_by_place(a: &[Shown], b: &[Shown]) -> Vec<(usize, usize)> {
    let same = a.iter().zip(b).enumerate().filter(|(_, (x, y))| x == y);
    same.map(|(index, _)| (index, index)).collect()
}

fn longest(a: &[Shown], b: &[Shown]) -> Vec<(usize, usize)> {
    let (a, b) = numbered(a, b);
    let width = b.len() + 1;
    let mut lengths = vec![0_u32; (a.len() + 1) * width];
    let at = |lengths: &[u32], i: usize, j: usize| lengths.get(i * width + j).copied().unwrap_or_default();
    for (i, x) in a.iter().enumerate().rev() {
        for (j, y) in b.iter().enumerate().rev() {
            let best = if x == y {
                at(&lengths, i + 1, j + 1) + 1
            } else {
                at(&lengths, i + 1, j).max(at(&lengths, i, j + 1))
            };
            if let Some(slot) = lengths.get_mut(i * width + j) {
                *slot = best;
            }
        }
    }
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        if x == y {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if at(&lengths, i + 1, j) >= at(&lengths, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// The elements by numbers that are equal where they are: a table compares each pair, and elements may be large.
fn numbered(a: &[Shown], b: &[Shown]) -> (Vec<usize>, Vec<usize>) {
    let all = order::distinct(a.iter().chain(b));
    let number = |element| all.binary_search(&element).unwrap_or_default();
    (a.iter().map(number).collect(), b.iter().map(number).collect())
}
