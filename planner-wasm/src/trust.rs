use pod_identity_core::policy::{self, Document, StatementChange};
use serde::Serialize;
use tfmodel::planfile::{Plan, Shown};
use tsify::Tsify;

use crate::rows::{Class, Source};

/// A trust policy in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct TrustRow {
    /// Its number, by which it is asked for.
    pub id: usize,
    /// Number of the change that it belongs to.
    pub row: usize,
    /// Address of the binding or role.
    pub address: String,
    /// What happens to the binding or role.
    pub class: Class,
    /// Whether it belongs to a binding or to a role.
    pub holder: Holder,
    /// What happens to it.
    pub status: TrustStatus,
    /// The same in words.
    pub verdict: String,
}

/// Who holds a trust policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// A `pod_identity_binding`: the statements that it needs in the role it binds to.
    Binding,
    /// An IAM role of any provider.
    Role,
}

/// What happens to a trust policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum TrustStatus {
    /// It comes with its holder.
    Added,
    /// It goes with its holder.
    Removed,
    /// It means something else.
    Changed,
    /// It is written differently and means the same.
    Rewritten,
    /// It stays.
    Unchanged,
    /// It is known only after apply.
    Unknown,
    /// It is masked.
    Sensitive,
    /// IAM would not take it.
    Invalid,
}

/// A trust policy in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct TrustPolicy {
    /// Its line in the list.
    pub row: TrustRow,
    /// The attribute that holds it.
    pub attribute: String,
    /// What a reader must know before the statements.
    pub remarks: Vec<String>,
    /// Every statement of either side.
    pub statements: Vec<Statement>,
    /// The whole policy before.
    pub before: Option<Text>,
    /// The whole policy after.
    pub after: Option<Text>,
}

/// A policy as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Text {
    /// Indented JSON; as it was written if it is no policy.
    pub json: String,
    /// Characters that count against IAM's quota.
    pub size: usize,
}

/// A statement before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Statement {
    /// What happens to it.
    pub change: Change,
    /// Its name.
    pub sid: Option<String>,
    /// What it says, in a sentence.
    pub sentence: String,
    /// What came and went in it, element by element.
    pub edits: Vec<Edit>,
    /// All of it, with what came and went marked.
    pub lines: Vec<Line>,
}

/// What happens to a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It comes.
    Added,
    /// It goes.
    Removed,
    /// It means something else.
    Changed,
    /// It stands elsewhere, which means nothing to IAM.
    Moved,
    /// It stays.
    Unchanged,
}

/// Values of one element that come and go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Edit {
    /// Path of the element.
    pub path: String,
    /// Values that go.
    pub before: Vec<String>,
    /// Values that come.
    pub after: Vec<String>,
}

/// A line of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Line {
    /// Whether it comes, goes or stays.
    pub mark: LineMark,
    /// How deep it is indented.
    pub depth: usize,
    /// Its text.
    pub text: String,
}

/// Whether a line comes, goes or stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum LineMark {
    /// It stays.
    Same,
    /// It comes.
    Added,
    /// It goes.
    Removed,
}

/// A trust policy of a change, both sides read.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) holder: Holder,
    attribute: &'static str,
    /// What the policy is made from, if it is not known.
    references: Vec<String>,
    before: Side,
    after: Side,
}

#[derive(Debug)]
enum Side {
    Absent,
    Unknown,
    Sensitive,
    Invalid { text: String, problem: String },
    Known { text: String, document: Document },
}

/// The type of bindings.
pub(crate) const BINDING: &str = "pod_identity_binding";

/// Finds the trust policy of a resource, if it has one.
pub(crate) fn find(plan: &Plan, source: Source) -> Option<Found> {
    let Source::Change(at) = source else {
        return None;
    };
    let change = plan.changes.get(at)?;
    if change.mode != "managed" {
        return None;
    }
    // Providers for AWS differ in names: aws_iam_role, awscc_iam_role, aws_cloudcontrolapi_resource and others.
    const OF_ROLES: [&str; 3] = [
        "assume_role_policy",
        "assume_role_policy_document",
        "assumeRolePolicyDocument",
    ];
    let (before, after) = plan.sides(change);
    let is_there = |name: &&str| {
        [&before, &after]
            .into_iter()
            .any(|side| side.get(name).is_some_and(|value| *value != Shown::Null))
    };
    let (holder, attribute) = if change.type_name == BINDING {
        (Holder::Binding, "trust_policy")
    } else {
        (Holder::Role, OF_ROLES.into_iter().find(is_there)?)
    };
    let (before, after) = (side(before.get(attribute)), side(after.get(attribute)));
    let references = match &after {
        Side::Unknown => plan.references(change, attribute),
        Side::Absent | Side::Sensitive | Side::Invalid { .. } | Side::Known { .. } => Vec::new(),
    };
    Some(Found {
        holder,
        attribute,
        references,
        before,
        after,
    })
}

fn side(value: Option<&Shown>) -> Side {
    let text = match value {
        None | Some(Shown::Null) => return Side::Absent,
        Some(Shown::Unknown) => return Side::Unknown,
        Some(Shown::Secret(_)) => return Side::Sensitive,
        Some(Shown::String(text)) => text.clone(),
        Some(value @ (Shown::Object(_) | Shown::List(_) | Shown::Bool(_) | Shown::Number(_))) => match json(value) {
            Ok(text) => text,
            Err(side) => return side,
        },
    };
    match Document::parse(&text) {
        Ok(document) => Side::Known { text, document },
        Err(error) => Side::Invalid {
            text,
            problem: error.to_string(),
        },
    }
}

/// JSON of a value in which everything is known and may be shown.
fn json(value: &Shown) -> Result<String, Side> {
    Ok(match value {
        Shown::Null => "null".to_owned(),
        Shown::Bool(value) => value.to_string(),
        Shown::Number(text) => text.clone(),
        Shown::String(text) => quoted(text),
        Shown::List(elements) => {
            let elements = elements.iter().map(json).collect::<Result<Vec<_>, _>>()?;
            format!("[{}]", elements.join(","))
        }
        Shown::Object(members) => {
            let member = |(key, value): (&String, &Shown)| Ok(format!("{}:{}", quoted(key), json(value)?));
            let members = members.iter().map(member).collect::<Result<Vec<_>, Side>>()?;
            format!("{{{}}}", members.join(","))
        }
        Shown::Unknown => return Err(Side::Unknown),
        Shown::Secret(_) => return Err(Side::Sensitive),
    })
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\0'..='\u{1f}' => quoted.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

impl Side {
    fn document(&self) -> Option<&Document> {
        match self {
            Self::Known { document, .. } => Some(document),
            Self::Absent | Self::Unknown | Self::Sensitive | Self::Invalid { .. } => None,
        }
    }

    fn written(&self) -> Option<Text> {
        match self {
            Self::Known { document, .. } => Some(Text {
                json: document.render(),
                size: document.size(),
            }),
            Self::Invalid { text, .. } => Some(Text {
                json: text.clone(),
                size: policy::size(text),
            }),
            Self::Absent | Self::Unknown | Self::Sensitive => None,
        }
    }
}

impl Found {
    pub(crate) fn status(&self) -> (TrustStatus, String) {
        let plain = |status, words: &str| (status, words.to_owned());
        match (&self.before, &self.after) {
            (_, Side::Unknown) => plain(TrustStatus::Unknown, "known after apply"),
            (Side::Sensitive, _) | (_, Side::Sensitive) => plain(TrustStatus::Sensitive, "marked sensitive, not shown"),
            (_, Side::Invalid { .. }) => plain(TrustStatus::Invalid, "not a valid policy"),
            (Side::Absent | Side::Unknown, Side::Absent) => plain(TrustStatus::Unchanged, "none"),
            (_, Side::Absent) => plain(TrustStatus::Removed, "removed"),
            (Side::Absent | Side::Unknown, Side::Known { document, .. }) => {
                (TrustStatus::Added, statements(document.statements.len(), "new"))
            }
            (Side::Invalid { .. }, Side::Known { .. }) => plain(TrustStatus::Changed, "becomes a valid policy"),
            (
                Side::Known {
                    text: a,
                    document: before,
                },
                Side::Known {
                    text: b,
                    document: after,
                },
            ) => {
                let diff = policy::diff(Some(before), Some(after));
                if diff.is_reordered_only() {
                    return plain(TrustStatus::Rewritten, "reordered only, same meaning");
                }
                if diff.is_empty() {
                    return if a == b {
                        plain(TrustStatus::Unchanged, "unchanged")
                    } else {
                        plain(TrustStatus::Rewritten, "written differently, same meaning")
                    };
                }
                let mut parts = Vec::new();
                for (change, words) in [
                    (StatementChange::Added, "added"),
                    (StatementChange::Removed, "removed"),
                    (StatementChange::Changed, "changed"),
                ] {
                    match diff.count(change) {
                        0 => {}
                        count if parts.is_empty() => parts.push(statements(count, words)),
                        count => parts.push(format!("{count} {words}")),
                    }
                }
                if diff.version.is_some() {
                    parts.push("another version of the policy language".to_owned());
                }
                (TrustStatus::Changed, parts.join(", "))
            }
        }
    }

    pub(crate) fn policy(&self, row: TrustRow) -> TrustPolicy {
        let mut remarks = Vec::new();
        let (before, after) = (self.before.document(), self.after.document());
        // What is not known cannot be compared: the side that is known is shown as it is.
        let diff = match (&self.before, &self.after) {
            (_, Side::Unknown) => {
                remarks.push("What comes is known only after apply.".to_owned());
                if !self.references.is_empty() {
                    remarks.push(format!("It is made from {}.", named(&self.references)));
                }
                if before.is_some() {
                    remarks.push("These are the statements as they are now.".to_owned());
                }
                policy::diff(before, before)
            }
            (Side::Sensitive, Side::Sensitive) => {
                remarks.push("The policy is marked sensitive on both sides and is not shown.".to_owned());
                policy::diff(None, None)
            }
            (_, Side::Sensitive) => {
                remarks.push(
                    "What comes is marked sensitive and is not shown. These are the statements as they are now."
                        .to_owned(),
                );
                policy::diff(before, before)
            }
            (Side::Sensitive, _) => {
                remarks.push(
                    "What is there now is marked sensitive and is not shown. These are the statements to come."
                        .to_owned(),
                );
                policy::diff(after, after)
            }
            (_, Side::Invalid { problem, .. }) => {
                remarks.push(format!("IAM would refuse the policy to come: {problem}."));
                policy::diff(before, before)
            }
            (Side::Invalid { problem, .. }, _) => {
                remarks.push(format!("The policy as it is now cannot be read: {problem}."));
                policy::diff(None, after)
            }
            (Side::Absent | Side::Unknown | Side::Known { .. }, Side::Absent | Side::Known { .. }) => {
                policy::diff(before, after)
            }
        };
        if let Some(version) = &diff.version {
            remarks.push(format!(
                "The version of the policy language changes from {} to {}.",
                named(&version.before),
                named(&version.after)
            ));
        }
        TrustPolicy {
            row,
            attribute: self.attribute.to_owned(),
            remarks,
            statements: diff.statements.into_iter().map(Statement::from).collect(),
            before: self.before.written(),
            after: self.after.written(),
        }
    }
}

fn named(values: &[String]) -> String {
    let quoted: Vec<_> = values.iter().map(|value| format!("`{value}`")).collect();
    if quoted.is_empty() {
        "none".to_owned()
    } else {
        quoted.join(", ")
    }
}

fn statements(count: usize, words: &str) -> String {
    let noun = if count == 1 { "statement" } else { "statements" };
    format!("{count} {noun} {words}")
}

impl From<policy::StatementDiff> for Statement {
    fn from(diff: policy::StatementDiff) -> Self {
        Self {
            change: match diff.change {
                StatementChange::Added => Change::Added,
                StatementChange::Removed => Change::Removed,
                StatementChange::Changed => Change::Changed,
                StatementChange::Moved => Change::Moved,
                StatementChange::Unchanged => Change::Unchanged,
            },
            sid: diff.sid,
            sentence: diff.sentence,
            edits: diff
                .changes
                .into_iter()
                .map(|edit| Edit {
                    path: edit.path,
                    before: edit.before,
                    after: edit.after,
                })
                .collect(),
            lines: diff
                .rows
                .into_iter()
                .map(|row| Line {
                    mark: match row.mark {
                        policy::Mark::Same => LineMark::Same,
                        policy::Mark::Added => LineMark::Added,
                        policy::Mark::Removed => LineMark::Removed,
                    },
                    depth: row.depth,
                    text: row.text,
                })
                .collect(),
        }
    }
}
