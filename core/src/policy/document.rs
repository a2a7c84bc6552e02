use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::error::ParseError;

/// A policy document, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Document {
    /// The language version; IAM takes an absent one as `2008-10-17`.
    pub version: Option<String>,
    /// Its name.
    pub id: Option<String>,
    /// Its statements, in order.
    pub statements: Vec<Statement>,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Statement {
    /// Its name.
    pub sid: Option<String>,
    /// Whether it allows or denies.
    pub effect: Effect,
    /// Whom it is about.
    pub principals: Option<Principals>,
    /// Which actions it is about.
    pub actions: Option<Actions>,
    /// What it is about; a role's trust policy must not say.
    pub resources: Option<Resources>,
    /// All of them must hold.
    pub conditions: Vec<Condition>,
}

/// What a statement does to a request that it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Lets it pass, unless another statement denies it.
    Allow,
    /// Stops it.
    Deny,
}

/// `Principal`, or with `except` `NotPrincipal`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Principals {
    /// Whether everybody *but* these is meant.
    pub except: bool,
    /// Whom it names.
    pub who: Who,
}

/// Everybody, or some.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// `"*"`
    Everybody,
    /// Principals by kind, in order.
    Named(Vec<Principal>),
}

/// Principals of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Principal {
    /// The kind.
    pub kind: PrincipalKind,
    /// Their names.
    pub names: Strings,
}

/// What a principal is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrincipalKind {
    /// An account, role, user or session.
    Aws,
    /// An AWS service.
    Service,
    /// An identity provider.
    Federated,
    /// An S3 account by its canonical id.
    CanonicalUser,
    /// A kind that IAM does not have.
    Other(String),
}

/// `Action`, or with `except` `NotAction`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Actions {
    /// Whether every action *but* these is meant.
    pub except: bool,
    /// Their names, with wildcards.
    pub names: Strings,
}

/// `Resource`, or with `except` `NotResource`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Resources {
    /// Whether everything *but* these is meant.
    pub except: bool,
    /// Their ARNs, with wildcards.
    pub names: Strings,
}

/// One operator applied to one condition key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    /// For example `StringEquals`.
    pub operator: String,
    /// For example `aws:SourceAccount`.
    pub key: String,
    /// One of them has to match.
    pub values: Strings,
}

/// A string or a list of strings, as written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strings {
    /// `"a"`
    One(String),
    /// `["a", "b"]`
    Many(Vec<String>),
}

impl Document {
    /// The version of the language in which variables such as `${aws:PrincipalTag/team}` work.
    pub const CURRENT_VERSION: &'static str = "2012-10-17";
    /// What an absent version means.
    pub const FIRST_VERSION: &'static str = "2008-10-17";

    /// A document of the current version.
    pub fn new(statements: Vec<Statement>) -> Self {
        Self {
            version: Some(Self::CURRENT_VERSION.to_owned()),
            id: None,
            statements,
        }
    }

    /// Reads a document; its places and the keys it repeats are lost. See [`super::parse()`].
    ///
    /// # Errors
    /// Everything that keeps the text from being a policy document.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        super::parse(text).map(|parsed| parsed.document)
    }
}

impl Document {
    /// Whether a statement lets in somebody who comes with a token of this OIDC provider, whatever else it asks for.
    pub fn admits_provider(&self, arn: &str) -> bool {
        self.statements.iter().any(|statement| {
            let principals = statement.principals.as_ref().filter(|principals| !principals.except);
            statement.effect == Effect::Allow
                && principals.is_some_and(|principals| {
                    let mut named = principals.of_kind(&PrincipalKind::Federated);
                    named.any(|name| name.eq_ignore_ascii_case(arn))
                })
        })
    }
}

impl FromStr for Document {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

impl FromStr for Statement {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        super::parse_statement(text)
    }
}

impl Statement {
    /// The conditions as documents nest them: by operator, in the order in which the operators first occur.
    pub(super) fn by_operator(&self) -> Vec<(&str, Vec<&Condition>)> {
        let mut groups: Vec<(&str, Vec<&Condition>)> = Vec::new();
        let mut position: BTreeMap<&str, usize> = BTreeMap::new();
        for condition in &self.conditions {
            let operator = condition.operator.as_str();
            let group = *position.entry(operator).or_insert(groups.len());
            match groups.get_mut(group) {
                Some((_, conditions)) => conditions.push(condition),
                None => groups.push((operator, vec![condition])),
            }
        }
        groups
    }
}

impl Strings {
    /// The strings.
    pub fn iter(&self) -> std::slice::Iter<'_, String> {
        self.as_slice().iter()
    }

    /// The strings, in a slice.
    pub fn as_slice(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        }
    }

    /// The only string.
    pub fn only(&self) -> Option<&str> {
        match self.as_slice() {
            [text] => Some(text),
            _ => None,
        }
    }
}

impl<'a> IntoIterator for &'a Strings {
    type Item = &'a String;
    type IntoIter = std::slice::Iter<'a, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<&str> for Strings {
    fn from(text: &str) -> Self {
        Self::One(text.to_owned())
    }
}

impl From<String> for Strings {
    fn from(text: String) -> Self {
        Self::One(text)
    }
}

/// One string becomes a string, several a list.
impl FromIterator<String> for Strings {
    fn from_iter<I: IntoIterator<Item = String>>(iter: I) -> Self {
        let mut texts: Vec<String> = iter.into_iter().collect();
        match (texts.pop(), texts.is_empty()) {
            (Some(only), true) => Self::One(only),
            (Some(last), false) => {
                texts.push(last);
                Self::Many(texts)
            }
            (None, _) => Self::Many(texts),
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        })
    }
}

impl PrincipalKind {
    /// As documents spell it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Aws => "AWS",
            Self::Service => "Service",
            Self::Federated => "Federated",
            Self::CanonicalUser => "CanonicalUser",
            Self::Other(name) => name,
        }
    }
}

impl From<&str> for PrincipalKind {
    fn from(name: &str) -> Self {
        match name {
            "AWS" => Self::Aws,
            "Service" => Self::Service,
            "Federated" => Self::Federated,
            "CanonicalUser" => Self::CanonicalUser,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl Principals {
    /// One principal of one kind.
    pub fn one(kind: PrincipalKind, name: impl Into<String>) -> Self {
        Self {
            except: false,
            who: Who::Named(vec![Principal {
                kind,
                names: Strings::One(name.into()),
            }]),
        }
    }

    /// `Principal` or `NotPrincipal`.
    pub const fn element(&self) -> &'static str {
        if self.except { "NotPrincipal" } else { "Principal" }
    }

    /// The names of one kind; none where everybody is meant.
    pub fn of_kind(&self, kind: &PrincipalKind) -> impl Iterator<Item = &str> {
        let named: &[Principal] = match &self.who {
            Who::Everybody => &[],
            Who::Named(named) => named,
        };
        named
            .iter()
            .filter(move |principal| principal.kind == *kind)
            .flat_map(|principal| principal.names.iter().map(String::as_str))
    }
}

impl Actions {
    /// `Action` or `NotAction`.
    pub const fn element(&self) -> &'static str {
        if self.except { "NotAction" } else { "Action" }
    }
}

impl Resources {
    /// `Resource` or `NotResource`.
    pub const fn element(&self) -> &'static str {
        if self.except { "NotResource" } else { "Resource" }
    }
}
