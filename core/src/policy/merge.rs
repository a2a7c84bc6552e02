//! One document out of several, and fewer statements where that changes nothing.
//!
//! Statements fold only where the folded one matches exactly the requests that any of them matched: all else is equal, and what differs is a
//! list of which one has to match.

use std::collections::{BTreeMap, BTreeSet};

use tfmodel::order;

use super::canonical::canonical_name;
use super::document::{Condition, Document, Principal, PrincipalKind, Principals, Statement, Strings, Who};
use super::keys::KnownKey;
use super::operator::{Operator, Quantifier, TestKind};

/// Documents cannot be one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// Under the first version of the language `${…}` is text; in one document with the others it would be a variable.
    #[error(
        "document {position} has version `2008-10-17`, where `${{…}}` is plain text; together with documents of version `2012-10-17` it would \
         become a variable. Give it that version if a variable is meant, or write `${{$}}` for the dollar sign"
    )]
    Version {
        /// The document, counted from 1.
        position: usize,
    },
}

impl Document {
    /// One document that lets in whom any of them lets in, and denies whom any of them denies.
    ///
    /// Statements that say the same stand once, and are folded as [`Document::folded`] does. Of statements with equal Sids the later ones
    /// get another, as IAM takes a Sid once.
    ///
    /// # Errors
    /// The documents are of versions in which the same text means different things.
    pub fn merge(documents: &[Self]) -> Result<Self, MergeError> {
        let is_current = |document: &&Self| document.version.as_deref() == Some(Self::CURRENT_VERSION);
        let current = documents.is_empty() || documents.iter().any(|document| is_current(&document));
        let old_text = documents
            .iter()
            .position(|document| !is_current(&document) && document.uses_variables());
        if let Some(position) = old_text.filter(|_| current) {
            return Err(MergeError::Version { position: position + 1 });
        }
        let first = documents.first();
        let all = documents
            .iter()
            .flat_map(|document| document.statements.iter().cloned());
        let merged = Self {
            // Without variables both versions mean the same.
            version: if current || old_text.is_none() {
                Some(Self::CURRENT_VERSION.to_owned())
            } else {
                first.and_then(|document| document.version.clone())
            },
            id: first
                .and_then(|document| document.id.clone())
                .filter(|id| documents.iter().all(|document| document.id.as_ref() == Some(id))),
            statements: all.collect(),
        };
        Ok(merged.folded())
    }

    /// The same document in fewer statements: it lets in and denies exactly the same requests.
    #[must_use]
    pub fn folded(&self) -> Self {
        let mut kept = fold(&self.statements);
        unique_sids(&mut kept);
        Self {
            statements: kept,
            ..self.clone()
        }
    }

    /// Whether `${` stands where version `2012-10-17` has variables.
    fn uses_variables(&self) -> bool {
        self.statements.iter().any(|statement| {
            let values = statement.conditions.iter().flat_map(|condition| &condition.values);
            let resources = statement.resources.iter().flat_map(|resources| &resources.names);
            values.chain(resources).any(|text| text.contains("${"))
        })
    }
}

/// A statement but for one part: statements with an equal face fold into one in which that part is the union of all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Face {
    part: Part,
    rest: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// They say the same.
    Nothing,
    Principals,
    Actions,
    /// The values of the condition at this position of the canonical statement.
    Values(usize),
}

#[derive(Clone, Copy)]
enum PartKind {
    Nothing,
    Principals,
    Actions,
    Values,
}

/// The faces of a statement where a part of this kind is left out.
fn faces(statement: &Statement, kind: PartKind) -> Vec<Face> {
    let mut canonical = statement.canonical();
    canonical.sid = None;
    let parts: Vec<Part> = match kind {
        PartKind::Nothing => vec![Part::Nothing],
        PartKind::Principals => vec![Part::Principals],
        PartKind::Actions => vec![Part::Actions],
        PartKind::Values => (0..canonical.conditions.len()).map(Part::Values).collect(),
    };
    let face = |part| {
        let mut rest = canonical.clone();
        blank(&mut rest, part)?;
        let rest = rest.to_json();
        Some(Face { part, rest })
    };
    parts.into_iter().filter_map(face).collect()
}

/// Empties a part; `None` if statements that differ in it cannot be one.
fn blank(canonical: &mut Statement, part: Part) -> Option<()> {
    let names = match part {
        Part::Nothing => return Some(()),
        // Only principals of one kind: two kinds are two mechanisms, which nobody wants in one statement.
        Part::Principals => match canonical.principals.as_mut()? {
            Principals {
                except: false,
                who: Who::Named(named),
            } => match named.as_mut_slice() {
                [principal] => &mut principal.names,
                _ => return None,
            },
            Principals { .. } => return None,
        },
        Part::Actions => {
            let actions = canonical.actions.as_mut().filter(|actions| !actions.except)?;
            &mut actions.names
        }
        Part::Values(position) => {
            let which = canonical.conditions.get(position)?;
            let same = |other: &&Condition| other.operator == which.operator && other.key == which.key;
            let operator: Operator = which.operator.parse().ok()?;
            if !any_value_is_enough(operator, &which.key) || canonical.conditions.iter().filter(same).count() != 1 {
                return None;
            }
            &mut canonical.conditions.get_mut(position)?.values
        }
    };
    *names = Strings::Many(Vec::new());
    Some(())
}

/// The first statement with what only the others have in one part.
fn joined(first: &Statement, others: &[Statement], part: Part) -> Statement {
    let mut joined = first.clone();
    let all = || std::iter::once(first).chain(others);
    match part {
        // The first stands for all, with its name.
        Part::Nothing => return joined,
        Part::Principals => {
            let named = |statement: &Statement| match statement.principals.as_ref().map(|principals| &principals.who) {
                Some(Who::Named(named)) => named.clone(),
                Some(Who::Everybody) => vec![Principal {
                    kind: PrincipalKind::Aws,
                    names: Strings::from("*"),
                }],
                None => Vec::new(),
            };
            let groups: Vec<Principal> = all().flat_map(named).collect();
            if let Some(Principals {
                who: Who::Named(named), ..
            }) = &mut joined.principals
            {
                // As written, one kind may stand in several groups.
                named.truncate(1);
                for principal in named {
                    principal.names = union(groups.iter().map(|group| &group.names), |name| {
                        canonical_name(&principal.kind, name)
                    });
                }
            }
        }
        Part::Actions => {
            if let Some(actions) = &mut joined.actions {
                let names = all().filter_map(|statement| Some(&statement.actions.as_ref()?.names));
                actions.names = union(names, str::to_ascii_lowercase);
            }
        }
        Part::Values(position) => {
            let canonical = first.canonical();
            let Some(which) = canonical.conditions.get(position) else {
                return joined;
            };
            let is = |condition: &Condition| {
                condition.canonical_operator() == which.operator && condition.key.eq_ignore_ascii_case(&which.key)
            };
            let values = all()
                .flat_map(|statement| &statement.conditions)
                .filter(|condition| is(condition))
                .map(|condition| &condition.values);
            let values = union(values, str::to_owned);
            if let Some(condition) = joined.conditions.iter_mut().find(|condition| is(condition)) {
                condition.values = values;
            }
        }
    }
    if others.iter().any(|other| other.sid != first.sid) {
        joined.sid = None;
    }
    joined
}

/// Statements, folded as far as they fold, in the order in which the first of each stood.
fn fold(statements: &[Statement]) -> Vec<Statement> {
    let mut kept = statements.to_vec();
    loop {
        let before = kept.len();
        for kind in [
            PartKind::Nothing,
            PartKind::Values,
            PartKind::Principals,
            PartKind::Actions,
        ] {
            kept = fold_one(kept, kind);
        }
        if kept.len() == before {
            return kept;
        }
    }
}

/// Joins all statements that differ in one part of this kind alone; a statement joins others in one part only.
fn fold_one(statements: Vec<Statement>, kind: PartKind) -> Vec<Statement> {
    let mut groups: Vec<(Option<Part>, Vec<Statement>)> = Vec::with_capacity(statements.len());
    let mut by_face: BTreeMap<Face, usize> = BTreeMap::new();
    for statement in statements {
        let own = faces(&statement, kind);
        let found = own.iter().find_map(|face| {
            let group = *by_face.get(face)?;
            let fits = groups.get(group)?.0.is_none_or(|part| part == face.part);
            fits.then_some((face.part, group))
        });
        if let Some((part, group)) = found
            && let Some((joins, members)) = groups.get_mut(group)
        {
            *joins = Some(part);
            members.push(statement);
        } else {
            for face in own {
                by_face.insert(face, groups.len());
            }
            groups.push((None, vec![statement]));
        }
    }
    groups
        .into_iter()
        .filter_map(|(part, members)| {
            let (first, others) = members.split_first()?;
            Some(part.map_or_else(|| first.clone(), |part| joined(first, others, part)))
        })
        .collect()
}

/// Whether a condition holds exactly if it holds for one of its values alone.
fn any_value_is_enough(operator: Operator, key: &str) -> bool {
    match operator.quantifier {
        _ if operator.is_negated() => false,
        // It would be, but these take one value (IAM Access Analyzer, "Invalid condition multiple Boolean").
        _ if matches!(operator.test.kind(), TestKind::Bool | TestKind::Null) => false,
        Some(Quantifier::Any) => true,
        // `[a, b]` passes for all of `a` or `b`, and for neither alone.
        Some(Quantifier::All) => false,
        None => has_one_value(key),
    }
}

/// Whether a request carries at most one value of a key.
fn has_one_value(key: &str) -> bool {
    KnownKey::find(key).is_some_and(|known| !known.multivalued) || key.to_ascii_lowercase().ends_with(":sub")
}

/// Each text once, in order.
fn union<'s>(lists: impl Iterator<Item = &'s Strings>, spell: impl Fn(&str) -> String) -> Strings {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    lists
        .flatten()
        .filter(|text| seen.insert(spell(text)))
        .cloned()
        .collect()
}

/// Later statements with the Sid of an earlier one get a number, and with it a Sid that no other has.
fn unique_sids(statements: &mut [Statement]) {
    let sids = statements.iter().filter_map(|statement| statement.sid.clone());
    let mut taken = order::set(sids);
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for statement in statements {
        let Some(sid) = statement.sid.as_mut().filter(|sid| !sid.is_empty()) else {
            continue;
        };
        if !seen.insert(sid.clone()) {
            let mut number = 2_usize;
            while !taken.insert(format!("{sid}{number}")) {
                number += 1;
            }
            *sid = format!("{sid}{number}");
        }
    }
}
