use std::collections::BTreeMap;

use serde::Serialize;

use tfmodel::{json, order};

use super::document::{Document, Statement};
use super::explain::sentence;
use super::leaves::{Leaf, leaves};

/// What changed between two documents, statement by statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentDiff {
    /// The versions, where they mean different things.
    pub version: Option<LeafChange>,
    /// Every statement of either document, in the order of the later one.
    pub statements: Vec<StatementDiff>,
    /// Size of the earlier document as IAM counts it.
    pub size_before: usize,
    /// Size of the later document as IAM counts it.
    pub size_after: usize,
}

/// A statement before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatementDiff {
    /// What happened to it.
    pub change: StatementChange,
    /// Its name, in the later document if it is there.
    pub sid: Option<String>,
    /// Its position in the earlier document, from 0.
    pub index_before: Option<usize>,
    /// Its position in the later document, from 0.
    pub index_after: Option<usize>,
    /// What it says, or said if it was removed, in a sentence.
    pub sentence: String,
    /// The whole statement, with what came and went marked.
    pub rows: Vec<Row>,
    /// Only what came and went.
    pub changes: Vec<LeafChange>,
}

/// What happened to a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementChange {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It means something else.
    Changed,
    /// It means the same and stands elsewhere, which IAM ignores.
    Moved,
    /// It means the same.
    Unchanged,
}

/// The values of one element that came and went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeafChange {
    /// The element: `Condition.StringEquals.aws:SourceAccount`.
    pub path: String,
    /// Values that went.
    pub before: Vec<String>,
    /// Values that came.
    pub after: Vec<String>,
}

/// A line of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Whether it came, went or stayed.
    pub mark: Mark,
    /// How deep it is indented.
    pub depth: usize,
    /// JSON without the commas between rows.
    pub text: String,
}

/// Whether something came, went or stayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// In both documents.
    Same,
    /// Only in the later one.
    Added,
    /// Only in the earlier one.
    Removed,
}

impl DocumentDiff {
    /// Whether both documents mean the same.
    pub fn is_empty(&self) -> bool {
        self.version.is_none()
            && self
                .statements
                .iter()
                .all(|one| matches!(one.change, StatementChange::Unchanged | StatementChange::Moved))
    }

    /// Whether the documents differ in the order of their statements alone.
    pub fn is_reordered_only(&self) -> bool {
        self.is_empty() && self.count(StatementChange::Moved) > 0
    }

    /// How many statements there are to which this happened.
    pub fn count(&self, change: StatementChange) -> usize {
        self.statements.iter().filter(|one| one.change == change).count()
    }
}

/// Compares two documents by meaning; an absent one has no statements.
///
/// Statements are matched if they mean the same, else by Sid, else by how much they have in common.
pub fn diff(before: Option<&Document>, after: Option<&Document>) -> DocumentDiff {
    let old = before.map_or(&[][..], |document| &document.statements);
    let new = after.map_or(&[][..], |document| &document.statements);
    let old_leaves: Vec<Vec<Leaf>> = old.iter().map(leaves).collect();
    let new_leaves: Vec<Vec<Leaf>> = new.iter().map(leaves).collect();
    let partner = matches(old, &old_leaves, new, &new_leaves);

    let taken = order::distinct(partner.iter().flatten().copied());
    let mut removed = (0..old.len())
        .filter(|index| taken.binary_search(index).is_err())
        .peekable();
    let mut statements = Vec::with_capacity(old.len().max(new.len()));
    let side = |index: usize, all: &[Statement], all_leaves: &[Vec<Leaf>]| {
        Some((index, all.get(index)?.clone(), all_leaves.get(index)?.clone()))
    };
    let mut furthest = None;
    for (index, earlier) in partner.into_iter().enumerate() {
        while let Some(gone) = removed.next_if(|gone| earlier.is_some_and(|earlier| *gone < earlier)) {
            statements.extend(compare(side(gone, old, &old_leaves), None, false));
        }
        let moved = earlier.is_some() && earlier < furthest;
        furthest = furthest.max(earlier);
        let was = earlier.and_then(|earlier| side(earlier, old, &old_leaves));
        statements.extend(compare(was, side(index, new, &new_leaves), moved));
    }
    for gone in removed {
        statements.extend(compare(side(gone, old, &old_leaves), None, false));
    }
    DocumentDiff {
        version: version_change(before, after),
        statements,
        size_before: before.map_or(0, Document::size),
        size_after: after.map_or(0, Document::size),
    }
}

fn version_change(before: Option<&Document>, after: Option<&Document>) -> Option<LeafChange> {
    let (before, after) = (before?, after?);
    let effective = |document: &Document| {
        document
            .version
            .clone()
            .unwrap_or_else(|| Document::FIRST_VERSION.to_owned())
    };
    (effective(before) != effective(after)).then(|| LeafChange {
        path: "Version".to_owned(),
        before: before.version.iter().cloned().collect(),
        after: after.version.iter().cloned().collect(),
    })
}

/// For each statement of the later document, the position of its partner in the earlier one.
fn matches(
    old: &[Statement],
    old_leaves: &[Vec<Leaf>],
    new: &[Statement],
    new_leaves: &[Vec<Leaf>],
) -> Vec<Option<usize>> {
    let mut partner = vec![None; new.len()];
    let mut free = vec![true; old.len()];
    let pair_up = |partner: &mut [Option<usize>], free: &mut [bool], by: &dyn Fn(&Statement) -> Option<String>| {
        let mut candidates: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for index in positions(free).into_iter().rev() {
            if let Some(name) = old.get(index).and_then(by) {
                candidates.entry(name).or_default().push(index);
            }
        }
        for (partner, statement) in partner.iter_mut().zip(new).filter(|(partner, _)| partner.is_none()) {
            *partner = by(statement).and_then(|name| candidates.get_mut(&name)?.pop());
            if let Some(found) = partner {
                take(free, *found);
            }
        }
    };
    pair_up(&mut partner, &mut free, &|statement| {
        Some(statement.canonical().to_json())
    });
    pair_up(&mut partner, &mut free, &|statement| {
        statement.sid.clone().filter(|sid| !sid.is_empty())
    });

    // What is left is compared with each other; documents that IAM accepts are far below the bound.
    let is_open: Vec<bool> = partner.iter().map(Option::is_none).collect();
    let (open, left) = (positions(&is_open), positions(&free));
    if open.len().saturating_mul(left.len()) <= 10_000 {
        let mut scores: Vec<(usize, usize, usize)> = Vec::new();
        for index in open {
            for &candidate in &left {
                let pair = new_leaves.get(index).zip(old_leaves.get(candidate));
                if let Some(percent) = pair.map(|(a, b)| similarity(a, b)).filter(|percent| *percent >= 50) {
                    scores.push((percent, index, candidate));
                }
            }
        }
        order::sort_by(&mut scores, |a, b| b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for (_, index, candidate) in scores {
            if let Some(partner @ None) = partner.get_mut(index)
                && take(&mut free, candidate)
            {
                *partner = Some(candidate);
            }
        }
    }
    partner
}

/// Where it is true.
fn positions(flags: &[bool]) -> Vec<usize> {
    let set = flags.iter().enumerate().filter(|(_, flag)| **flag);
    set.map(|(position, _)| position).collect()
}

/// Whether it was free; it is no longer.
fn take(free: &mut [bool], position: usize) -> bool {
    free.get_mut(position).is_some_and(std::mem::take)
}

/// Shared leaves in percent of all, the Sid aside.
fn similarity(a: &[Leaf], b: &[Leaf]) -> usize {
    let keys = |leaves: &[Leaf]| {
        let keys = leaves.iter().map(|leaf| leaf.key.clone());
        order::distinct(keys.filter(|(path, _)| path.first().is_none_or(|element| element != "Sid")))
    };
    let (a, b) = (keys(a), keys(b));
    let shared = a.iter().filter(|key| b.binary_search(key).is_ok()).count();
    let all = a.len() + b.len() - shared;
    (shared * 100).checked_div(all).unwrap_or(100)
}

type Side = Option<(usize, Statement, Vec<Leaf>)>;

fn compare(before: Side, after: Side, moved: bool) -> Option<StatementDiff> {
    let (_, shown, _) = after.as_ref().or(before.as_ref())?;
    let merged = merge(
        before.as_ref().map_or(&[], |(_, _, leaves)| leaves),
        after.as_ref().map_or(&[], |(_, _, leaves)| leaves),
    );
    let changes = changes(&merged);
    let change = match (&before, &after) {
        (None, _) => StatementChange::Added,
        (Some(_), None) => StatementChange::Removed,
        (Some((_, a, _)), Some((_, b, _))) if !a.same_meaning(b) => StatementChange::Changed,
        (Some(_), Some(_)) if moved => StatementChange::Moved,
        (Some(_), Some(_)) => StatementChange::Unchanged,
    };
    Some(StatementDiff {
        change,
        sid: shown.sid.clone(),
        index_before: before.as_ref().map(|(index, ..)| *index),
        index_after: after.as_ref().map(|(index, ..)| *index),
        sentence: sentence(shown),
        rows: rows(&merged),
        changes,
    })
}

type Marked = (Mark, Leaf);

/// The leaves of both, those of one element side by side.
fn merge(before: &[Leaf], after: &[Leaf]) -> Vec<Marked> {
    let keys = |leaves: &[Leaf]| order::distinct(leaves.iter().map(|leaf| leaf.key.clone()));
    let (old, new) = (keys(before), keys(after));
    let mut merged: Vec<Marked> = before
        .iter()
        .map(|leaf| {
            let mark = if new.binary_search(&leaf.key).is_ok() {
                Mark::Same
            } else {
                Mark::Removed
            };
            (mark, leaf.clone())
        })
        .collect();
    let added = after.iter().filter(|leaf| old.binary_search(&leaf.key).is_err());
    // Finding the place of each leaf takes a walk through all; no document that IAM accepts comes near the bound.
    if before.len().saturating_mul(after.len()) > 1_000_000 {
        merged.extend(added.map(|leaf| (Mark::Added, leaf.clone())));
        return merged;
    }
    for leaf in added {
        let position = merged
            .iter()
            .enumerate()
            .map(|(position, (_, other))| (nearness(other, leaf), position + 1))
            .max()
            .map_or(0, |((shared, _), position)| {
                if shared == 0 {
                    element_position(&merged, leaf)
                } else {
                    position
                }
            });
        merged.insert(position, (Mark::Added, leaf.clone()));
    }
    merged
}

/// How many elements of the path are shared, and whether that is the whole path.
fn nearness(a: &Leaf, b: &Leaf) -> (usize, bool) {
    let shared = a.path.iter().zip(&b.path).take_while(|(a, b)| a == b).count();
    (shared, shared == a.path.len() && shared == b.path.len())
}

/// Where an element belongs of which nothing is there yet.
fn element_position(merged: &[Marked], leaf: &Leaf) -> usize {
    const ORDER: &[&str] = &[
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    ];
    let rank = |leaf: &Leaf| {
        ORDER
            .iter()
            .position(|element| leaf.path.first().is_some_and(|first| first == element))
    };
    merged
        .iter()
        .position(|(_, other)| rank(other) > rank(leaf))
        .unwrap_or(merged.len())
}

fn changes(merged: &[Marked]) -> Vec<LeafChange> {
    let mut changes: Vec<LeafChange> = Vec::new();
    for (mark, leaf) in merged {
        if *mark == Mark::Same {
            continue;
        }
        let path = leaf.path.join(".");
        if changes.last().is_none_or(|last| last.path != path) {
            changes.push(LeafChange {
                path,
                before: Vec::new(),
                after: Vec::new(),
            });
        }
        if let Some(last) = changes.last_mut() {
            let values = if *mark == Mark::Added {
                &mut last.after
            } else {
                &mut last.before
            };
            values.push(leaf.value.clone());
        }
    }
    changes
}

fn rows(merged: &[Marked]) -> Vec<Row> {
    let mut rows = Vec::new();
    let all: Vec<&Marked> = merged.iter().collect();
    bracketed(&mut rows, &all, 0, None, ("{", "}"), |rows| members(rows, &all, 1));
    rows
}

/// The members of an object: leaves grouped by the element at `depth - 1` of their path.
fn members(rows: &mut Vec<Row>, leaves: &[&Marked], depth: usize) {
    for group in leaves.chunk_by(|a, b| a.1.path.get(depth - 1) == b.1.path.get(depth - 1)) {
        let Some(name) = group.first().and_then(|(_, leaf)| leaf.path.get(depth - 1)) else {
            continue;
        };
        let (here, below): (Vec<&Marked>, Vec<&Marked>) =
            group.iter().copied().partition(|(_, leaf)| leaf.path.len() == depth);
        if !here.is_empty() {
            values(rows, &here, depth, name);
        }
        if !below.is_empty() {
            bracketed(rows, &below, depth, Some(name), ("{", "}"), |rows| {
                members(rows, &below, depth + 1)
            });
        }
    }
}

fn values(rows: &mut Vec<Row>, leaves: &[&Marked], depth: usize, name: &str) {
    let in_document = |gone: Mark| leaves.iter().filter(|(mark, _)| *mark != gone).count();
    if in_document(Mark::Added) <= 1 && in_document(Mark::Removed) <= 1 {
        for (mark, leaf) in leaves {
            push(rows, *mark, depth, format!("{}: {}", quoted(name), quoted(&leaf.value)));
        }
        return;
    }
    bracketed(rows, leaves, depth, Some(name), ("[", "]"), |rows| {
        for (mark, leaf) in leaves {
            push(rows, *mark, depth + 1, quoted(&leaf.value));
        }
    });
}

/// A bracket pair, marked as what it holds if all of that is marked alike.
fn bracketed(
    rows: &mut Vec<Row>,
    leaves: &[&Marked],
    depth: usize,
    name: Option<&str>,
    (open, close): (&str, &str),
    inside: impl FnOnce(&mut Vec<Row>),
) {
    let first = leaves.first().map_or(Mark::Same, |(mark, _)| *mark);
    let mark = if leaves.iter().all(|(mark, _)| *mark == first) {
        first
    } else {
        Mark::Same
    };
    let text = name.map_or_else(|| open.to_owned(), |name| format!("{}: {open}", quoted(name)));
    push(rows, mark, depth, text);
    inside(rows);
    push(rows, mark, depth, close.to_owned());
}

fn push(rows: &mut Vec<Row>, mark: Mark, depth: usize, text: String) {
    rows.push(Row { mark, depth, text });
}

fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    json::write_string(&mut quoted, text);
    quoted
}
