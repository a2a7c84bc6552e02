use serde::Serialize;
use tfmodel::order;
use tfmodel::planfile::{Action, Content, Plan, ResourceChange, Shown, Status, difference};
use tsify::Tsify;

use crate::trust::{self, TrustRow};

/// What happens to a resource, in the word that filters and counts use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Made.
    Create,
    /// Changed in place.
    Update,
    /// Made anew in place of another.
    Replace,
    /// Deleted.
    Delete,
    /// Left alone from now on.
    Forget,
    /// Taken over, without any other change.
    Import,
    /// At another address, without any other change.
    Move,
    /// A data source that is read during apply.
    Read,
    /// Something that this version does not know.
    Other,
    /// Waits for a later plan.
    Deferred,
    /// An output.
    Output,
    /// Changed outside of Terraform.
    Drift,
    /// Stays as it is.
    NoOp,
}

impl Class {
    /// In the order in which they are shown.
    pub const ALL: [Self; 13] = [
        Self::Create,
        Self::Update,
        Self::Replace,
        Self::Delete,
        Self::Forget,
        Self::Import,
        Self::Move,
        Self::Read,
        Self::Other,
        Self::Deferred,
        Self::Output,
        Self::Drift,
        Self::NoOp,
    ];

    /// As in filters.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Replace => "replace",
            Self::Delete => "delete",
            Self::Forget => "forget",
            Self::Import => "import",
            Self::Move => "move",
            Self::Read => "read",
            Self::Other => "other",
            Self::Deferred => "deferred",
            Self::Output => "output",
            Self::Drift => "drift",
            Self::NoOp => "no_op",
        }
    }
}

/// A change in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Row {
    /// Its number, by which it is asked for.
    pub id: usize,
    /// What happens.
    pub class: Class,
    /// Full address.
    pub address: String,
    /// Address within its module.
    pub name: String,
    /// What changes, in a few words.
    pub gist: String,
    /// Why, in words.
    pub reason: Option<String>,
    /// Further remarks: moved from, imported, deposed.
    pub remarks: Vec<String>,
}

/// Changes that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Group {
    /// Its number, by which its rows are asked for.
    pub id: usize,
    /// What kind of group it is.
    pub kind: GroupKind,
    /// Address of the module; empty in the root module.
    pub module: String,
    /// How many rows were chosen.
    pub total: usize,
    /// How many of each class.
    pub counts: Vec<(Class, usize)>,
}

/// Kinds of groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// Resources of a module.
    Module,
    /// Resources that wait for a later plan.
    Deferred,
    /// Outputs.
    Outputs,
    /// What changed outside of Terraform.
    Drift,
}

/// Where a row comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Change(usize),
    Deferred(usize),
    Output(usize),
    Drift(usize),
}

/// Every change of a plan, ready to be listed.
#[derive(Debug, Default)]
pub(crate) struct Index {
    rows: Vec<Indexed>,
    trust: Vec<TrustRow>,
    chosen: Vec<Vec<usize>>,
}

#[derive(Debug)]
struct Indexed {
    source: Source,
    group: (GroupKind, String),
    row: Row,
    /// With ASCII letters in lower case.
    searched: String,
}

/// An index in the making.
#[derive(Debug)]
pub(crate) struct Indexing {
    sources: Vec<Source>,
    index: Index,
}

#[derive(Debug)]
pub(crate) enum Step {
    /// Share of the work that is done, in percent.
    Working(u32),
    Done(Index),
}

impl Indexing {
    pub(crate) fn of(plan: &Plan) -> Self {
        let sources = (0..plan.changes.len()).map(Source::Change);
        let sources = sources.chain((0..plan.deferred.len()).map(Source::Deferred));
        let sources = sources.chain((0..plan.outputs.len()).map(Source::Output));
        let sources = sources.chain((0..plan.drift.len()).map(Source::Drift));
        Self {
            sources: sources.collect(),
            index: Index::default(),
        }
    }

    /// Looks through `count` changes more.
    pub(crate) fn step(&mut self, plan: &Plan, count: usize) -> Step {
        let done = self.index.rows.len();
        for source in self.sources.iter().copied().skip(done).take(count) {
            self.index.add(plan, source);
        }
        let (done, total) = (self.index.rows.len(), self.sources.len());
        if done < total {
            return Step::Working(u32::try_from(done * 100 / total).unwrap_or_default());
        }
        Step::Done(std::mem::take(&mut self.index))
    }
}

fn indexed(plan: &Plan, source: Source, id: usize) -> Option<Indexed> {
    let (kind, module, row, words) = match source {
        Source::Change(at) => {
            let change = plan.changes.get(at)?;
            let (row, words) = resource(plan, change, class(change), id);
            (GroupKind::Module, change.module.clone().unwrap_or_default(), row, words)
        }
        Source::Drift(at) => {
            let change = plan.drift.get(at)?;
            let (row, words) = resource(plan, change, Class::Drift, id);
            (GroupKind::Drift, String::new(), row, words)
        }
        Source::Deferred(at) => {
            let deferred = plan.deferred.get(at)?;
            let (mut row, words) = resource(plan, &deferred.change, Class::Deferred, id);
            row.reason = Some(deferred.reason_in_words());
            (GroupKind::Deferred, String::new(), row, words)
        }
        Source::Output(at) => {
            let output = plan.outputs.get(at)?;
            let unchanged = output.action == Action::NoOp;
            let row = Row {
                id,
                class: if unchanged { Class::NoOp } else { Class::Output },
                address: format!("output.{}", output.name),
                name: output.name.clone(),
                gist: output_gist(&output.action).to_owned(),
                reason: None,
                remarks: Vec::new(),
            };
            (GroupKind::Outputs, String::new(), row, String::new())
        }
    };
    let searched = format!("{} {words}", row.address).to_ascii_lowercase();
    Some(Indexed {
        source,
        group: (kind, module),
        row,
        searched,
    })
}

fn output_gist(action: &Action) -> &'static str {
    match action {
        Action::Create => "new",
        Action::Delete => "removed",
        Action::NoOp => "",
        Action::Update
        | Action::Read
        | Action::DeleteThenCreate
        | Action::CreateThenDelete
        | Action::CreateThenForget
        | Action::Forget
        | Action::Other(_) => "changes",
    }
}

fn class(change: &ResourceChange) -> Class {
    match &change.action {
        Action::Create => Class::Create,
        Action::Read => Class::Read,
        Action::Update => Class::Update,
        Action::DeleteThenCreate | Action::CreateThenDelete | Action::CreateThenForget => Class::Replace,
        Action::Delete => Class::Delete,
        Action::Forget => Class::Forget,
        Action::NoOp if change.import.is_some() => Class::Import,
        Action::NoOp if change.previous_address.is_some() => Class::Move,
        Action::NoOp => Class::NoOp,
        Action::Other(_) => Class::Other,
    }
}

/// A row, and the words that a search finds besides its address.
fn resource(plan: &Plan, change: &ResourceChange, class: Class, id: usize) -> (Row, String) {
    let changed = changed_names(plan, change);
    let mut remarks = Vec::new();
    if let Some(previous) = &change.previous_address {
        remarks.push(format!("moved from `{previous}`"));
    }
    if let Some(import) = &change.import {
        let from = import.id.as_ref().map(|id| format!(" from `{id}`"));
        remarks.push(format!("imported{}", from.unwrap_or_default()));
    }
    if let Some(key) = &change.deposed {
        remarks.push(format!("deposed object `{key}`"));
    }
    if change.action == Action::CreateThenDelete {
        remarks.push("created before the old one is destroyed".to_owned());
    }
    if change.action == Action::CreateThenForget {
        remarks.push("the old one is left alone".to_owned());
    }
    if let Action::Other(words) = &change.action {
        remarks.push(format!("the plan says `{words}`"));
    }
    let prefix = change.module.as_ref().map(|module| format!("{module}."));
    let name = prefix
        .and_then(|prefix| change.address.strip_prefix(&prefix))
        .unwrap_or(&change.address);
    let row = Row {
        id,
        class,
        address: change.address.clone(),
        name: name.to_owned(),
        gist: gist(class, &changed),
        reason: change.reason_in_words(),
        remarks,
    };
    (row, changed.join(" "))
}

/// Attributes that differ, those that are only known after apply last.
fn changed_names(plan: &Plan, change: &ResourceChange) -> Vec<String> {
    if change.action == Action::NoOp {
        return Vec::new();
    }
    let (before, after) = plan.sides(change);
    let Content::Members(members) = difference(&before, &after, &change.replace_paths).content else {
        return Vec::new();
    };
    let changed = members
        .into_iter()
        .filter(|(_, member)| member.status != Status::Unchanged);
    let (later, sure): (Vec<_>, Vec<_>) = changed.partition(|(_, member)| {
        matches!(
            &member.content,
            Content::Pair(_, Shown::Unknown) | Content::Value(Shown::Unknown)
        )
    });
    sure.into_iter().chain(later).map(|(name, _)| name).collect()
}

fn gist(class: Class, changed: &[String]) -> String {
    const NAMED: usize = 3;
    match class {
        Class::Update | Class::Replace | Class::Drift => {}
        Class::Create
        | Class::Delete
        | Class::Forget
        | Class::Import
        | Class::Move
        | Class::Read
        | Class::Other
        | Class::Deferred
        | Class::Output
        | Class::NoOp => return String::new(),
    }
    let named: Vec<_> = changed.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    match changed.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

impl Index {
    fn add(&mut self, plan: &Plan, source: Source) {
        let id = self.rows.len();
        // INVARIANT: sources are numbered from the plan they are looked up in, so every one becomes a row.
        let Some(indexed) = indexed(plan, source, id) else {
            return;
        };
        if let Some(found) = trust::find(plan, source) {
            let (status, verdict) = found.status();
            self.trust.push(TrustRow {
                id: self.trust.len(),
                row: id,
                address: indexed.row.address.clone(),
                class: indexed.row.class,
                holder: found.holder,
                status,
                verdict,
            });
        }
        self.rows.push(indexed);
    }

    /// Every trust policy, in the order of the plan.
    pub(crate) fn trust(&self) -> &[TrustRow] {
        &self.trust
    }

    pub(crate) fn source(&self, row: usize) -> Option<Source> {
        self.rows.get(row).map(|indexed| indexed.source)
    }

    /// How many rows there are of each class, in the order of [`Class::ALL`].
    pub(crate) fn counts(&self) -> Vec<(Class, usize)> {
        count(self.rows.iter().map(|indexed| indexed.row.class))
    }

    pub(crate) fn filter(&mut self, text: &str, classes: &[String]) -> Vec<Group> {
        let text = text.trim().to_ascii_lowercase();
        let is_wanted = |indexed: &Indexed| {
            classes.iter().any(|class| class == indexed.row.class.word()) && indexed.searched.contains(&text)
        };
        let mut chosen: Vec<&Indexed> = self.rows.iter().filter(|indexed| is_wanted(indexed)).collect();
        order::sort_by(&mut chosen, |a, b| a.group.cmp(&b.group));
        let groups = chosen.chunk_by(|a, b| a.group == b.group);
        let (described, chosen) = groups
            .enumerate()
            .filter_map(|(id, rows)| {
                let (kind, module) = &rows.first()?.group;
                let described = Group {
                    id,
                    kind: *kind,
                    module: module.clone(),
                    total: rows.len(),
                    counts: count(rows.iter().map(|indexed| indexed.row.class)),
                };
                Some((described, rows.iter().map(|indexed| indexed.row.id).collect()))
            })
            .unzip();
        self.chosen = chosen;
        described
    }

    pub(crate) fn rows(&self, group: usize, start: usize, count: usize) -> Option<Vec<Row>> {
        let chosen = self.chosen.get(group)?.iter().skip(start).take(count);
        Some(
            chosen
                .filter_map(|row| self.rows.get(*row))
                .map(|indexed| indexed.row.clone())
                .collect(),
        )
    }
}

fn count(classes: impl Iterator<Item = Class>) -> Vec<(Class, usize)> {
    let mut counts = Class::ALL.map(|class| (class, 0));
    for class in classes {
        if let Some((_, count)) = counts.iter_mut().find(|(one, _)| *one == class) {
            *count += 1;
        }
    }
    counts.into_iter().filter(|(_, count)| *count > 0).collect()
}
