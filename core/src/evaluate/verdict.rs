use std::fmt;
use std::ops::Not;

use serde::Serialize;

use crate::policy::Effect;

/// True, false, or nobody can know offline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It depends on what nobody can know offline.
    Unknown,
}

/// What a trust policy answers to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The document lets it in.
    Allow,
    /// The document keeps it out: a statement denies it, or none allows it.
    Deny,
    /// It depends on what nobody can know offline.
    Unknown,
    /// IAM does not take the document as a trust policy.
    Invalid,
}

/// The answer to a request, and how it came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evaluation {
    /// The answer.
    pub verdict: Verdict,
    /// Why, in sentences, the deciding ones first.
    pub because: Vec<String>,
    /// The answer to each call.
    pub calls: Vec<CallEvaluation>,
}

/// The answer to one call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallEvaluation {
    /// The action.
    pub action: String,
    /// The answer.
    pub verdict: Verdict,
    /// The statement that decided, counted from 0; none where nothing allows the call.
    pub decided_by: Option<usize>,
    /// Each statement of the document, in order.
    pub statements: Vec<StatementMatch>,
}

/// How a statement relates to a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatementMatch {
    /// Its name.
    pub sid: Option<String>,
    /// What it does to calls that it matches.
    #[serde(serialize_with = "effect")]
    pub effect: Effect,
    /// Whether it is about this call.
    pub matches: Truth,
    /// Whether it is about this caller.
    pub principal: Truth,
    /// Whether it is about this action.
    pub action: Truth,
    /// Whether its conditions hold, each on its own.
    pub conditions: Vec<ConditionMatch>,
}

/// How a condition relates to a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConditionMatch {
    /// The operator, as written.
    pub operator: String,
    /// The key, as written.
    pub key: String,
    /// Whether it holds.
    pub holds: Truth,
    /// Why, in a sentence.
    pub because: String,
}

impl Verdict {
    /// As functions and reports spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Unknown => "unknown",
            Self::Invalid => "invalid",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Truth {
    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::True, Self::True) => Self::True,
        }
    }

    /// At least one.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::True, _) | (_, Self::True) => Self::True,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::False, Self::False) => Self::False,
        }
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

fn effect<S: serde::Serializer>(effect: &Effect, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(effect)
}
