//! A statement as a flat list of leaves: what a diff compares and shows.

use std::collections::BTreeSet;

use super::canonical::canonical_name;
use super::document::{Statement, Who};

/// One value of a statement and the elements that lead to it.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    /// `["Condition", "StringEquals", "aws:SourceAccount"]`
    pub(super) path: Vec<String>,
    /// As written.
    pub(super) value: String,
    /// Path and value, spelt canonically: leaves with equal keys mean the same.
    pub(super) key: (Vec<String>, String),
}

pub(super) fn leaves(statement: &Statement) -> Vec<Leaf> {
    let mut leaves = Leaves::default();
    if let Some(sid) = statement.sid.as_deref().filter(|sid| !sid.is_empty()) {
        leaves.add(&["Sid"], &["Sid"], sid, sid.to_owned());
    }
    let effect = statement.effect.to_string();
    leaves.add(&["Effect"], &["Effect"], &effect, effect.clone());
    if let Some(principals) = &statement.principals {
        let element = principals.element();
        match &principals.who {
            Who::Everybody => leaves.add(&[element], &[element, "AWS"], "*", "*".to_owned()),
            Who::Named(named) => {
                for principal in named {
                    let kind = &principal.kind;
                    for name in &principal.names {
                        let path = [element, kind.as_str()];
                        leaves.add(&path, &path, name, canonical_name(kind, name));
                    }
                }
            }
        }
    }
    if let Some(actions) = &statement.actions {
        let path = [actions.element()];
        for name in &actions.names {
            leaves.add(&path, &path, name, name.to_ascii_lowercase());
        }
    }
    if let Some(resources) = &statement.resources {
        let path = [resources.element()];
        for name in &resources.names {
            leaves.add(&path, &path, name, name.clone());
        }
    }
    for (operator, conditions) in statement.by_operator() {
        for condition in conditions {
            let key = condition.key.to_ascii_lowercase();
            for value in &condition.values {
                leaves.add(
                    &["Condition", operator, &condition.key],
                    &["Condition", &condition.canonical_operator(), &key],
                    value,
                    value.clone(),
                );
            }
        }
    }
    leaves.all
}

#[derive(Default)]
struct Leaves {
    all: Vec<Leaf>,
    seen: BTreeSet<(Vec<String>, String)>,
}

impl Leaves {
    /// Adds a leaf unless it is there: repetitions mean nothing to IAM.
    fn add(&mut self, path: &[&str], canonical_path: &[&str], value: &str, canonical_value: String) {
        let owned = |path: &[&str]| path.iter().map(|&element| element.to_owned()).collect::<Vec<_>>();
        let key = (owned(canonical_path), canonical_value);
        if self.seen.insert(key.clone()) {
            self.all.push(Leaf {
                path: owned(path),
                value: value.to_owned(),
                key,
            });
        }
    }
}
