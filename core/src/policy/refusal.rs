use std::collections::BTreeSet;
use std::fmt;

use serde::{Serialize, Serializer};
use tfmodel::path::Path;

use super::document::{Actions, Document, PrincipalKind, Principals, Statement, Who};
use super::operator::Operator;

/// What a document is for; IAM takes other elements in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DocumentUse {
    /// A role's trust policy: who may assume it.
    Trust,
    /// A session policy: what is left of a role's permissions.
    Session,
    /// A role's permissions.
    Permissions,
}

/// Why IAM does not take a document, though it is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// What is wrong.
    pub kind: RefusalKind,
    /// The element, such as `Statement[0].NotPrincipal`.
    #[serde(serialize_with = "path")]
    pub path: Path,
    /// What is wrong, in a sentence.
    pub message: String,
}

/// What IAM refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// A document without a statement.
    Empty,
    /// An element that this use of a document does not have.
    Element,
    /// An element that this use of a document needs.
    Missing,
    /// A list without a value.
    NoValue,
    /// A Sid of other characters than letters and digits.
    Sid,
    /// A Sid that another statement has.
    RepeatedSid,
    /// A kind of principal that a trust policy does not have.
    PrincipalKind,
    /// A wildcard in the name of a principal.
    PrincipalWildcard,
    /// An action that is none of STS.
    Action,
    /// An operator that IAM does not have.
    Operator,
    /// A condition key without a prefix.
    ConditionKey,
    /// A character that policies cannot hold.
    Character,
}

impl Document {
    /// Why IAM does not take the document for this use, as far as its documentation says so; nothing if it does.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>,
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html>
    pub fn refusals(&self, purpose: DocumentUse) -> Vec<Refusal> {
        let mut found = Refusals(Vec::new());
        if self.statements.is_empty() {
            found.add(
                RefusalKind::Empty,
                Path::attribute("Statement"),
                "A policy needs at least one statement.",
            );
        }
        let mut sids = BTreeSet::new();
        for (index, statement) in self.statements.iter().enumerate() {
            let at = Path::attribute("Statement").with_index(index);
            if let Some(sid) = statement.sid.as_deref().filter(|sid| !sid.is_empty()) {
                let at = at.with_attribute("Sid");
                if !sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                    found.add(
                        RefusalKind::Sid,
                        at.clone(),
                        format!("A Sid has letters and digits only, found `{sid}`."),
                    );
                }
                if !sids.insert(sid) {
                    found.add(
                        RefusalKind::RepeatedSid,
                        at,
                        format!("Two statements have the Sid `{sid}`."),
                    );
                }
            }
            match purpose {
                DocumentUse::Trust => found.trust(statement, &at),
                DocumentUse::Session | DocumentUse::Permissions => found.permissions(statement, &at),
            }
            found.actions(statement.actions.as_ref(), purpose, &at);
            found.conditions(statement, &at);
            found.characters(statement, &at);
        }
        found.0
    }
}

struct Refusals(Vec<Refusal>);

impl Refusals {
    fn add(&mut self, kind: RefusalKind, path: Path, message: impl Into<String>) {
        self.0.push(Refusal {
            kind,
            path,
            message: message.into(),
        });
    }

    fn trust(&mut self, statement: &Statement, at: &Path) {
        match &statement.principals {
            None => self.add(
                RefusalKind::Missing,
                at.clone(),
                "A statement of a role's trust policy needs a `Principal`.",
            ),
            Some(principals) if principals.except => self.add(
                RefusalKind::Element,
                at.with_attribute("NotPrincipal"),
                "A role's trust policy takes no `NotPrincipal`.",
            ),
            Some(principals) => self.principals(principals, &at.with_attribute("Principal")),
        }
        if let Some(resources) = &statement.resources {
            let element = resources.element();
            self.add(
                RefusalKind::Element,
                at.with_attribute(element),
                format!("A role's trust policy takes no `{element}`: it is about the role itself."),
            );
        }
    }

    fn principals(&mut self, principals: &Principals, at: &Path) {
        let Who::Named(named) = &principals.who else {
            return;
        };
        if named.is_empty() {
            self.add(RefusalKind::NoValue, at.clone(), "`Principal` names nobody.");
        }
        for principal in named {
            let at = at.with_attribute(principal.kind.as_str());
            match &principal.kind {
                PrincipalKind::Aws | PrincipalKind::Service | PrincipalKind::Federated => {}
                PrincipalKind::CanonicalUser | PrincipalKind::Other(_) => self.add(
                    RefusalKind::PrincipalKind,
                    at.clone(),
                    format!(
                        "A role's trust policy knows principals of kind `AWS`, `Service` and `Federated`, found `{}`.",
                        principal.kind.as_str()
                    ),
                ),
            }
            if principal.names.as_slice().is_empty() {
                self.add(
                    RefusalKind::NoValue,
                    at.clone(),
                    format!("`{}` names nobody.", principal.kind.as_str()),
                );
            }
            for (position, name) in principal.names.iter().enumerate() {
                let everybody = principal.kind == PrincipalKind::Aws && name == "*";
                if name.contains(['*', '?']) && !everybody {
                    self.add(
                        RefusalKind::PrincipalWildcard,
                        at.with_index(position),
                        format!(
                            "The name of a principal has no wildcards, found `{name}`. Name an account and narrow it by a condition on \
                             `aws:PrincipalArn`."
                        ),
                    );
                }
            }
        }
    }

    fn permissions(&mut self, statement: &Statement, at: &Path) {
        if let Some(principals) = &statement.principals {
            let element = principals.element();
            self.add(
                RefusalKind::Element,
                at.with_attribute(element),
                format!("Only the policy of a resource, such as a role's trust policy, takes `{element}`."),
            );
        }
        match &statement.resources {
            None => self.add(RefusalKind::Missing, at.clone(), "A statement needs a `Resource`."),
            Some(resources) if resources.names.as_slice().is_empty() => self.add(
                RefusalKind::NoValue,
                at.with_attribute(resources.element()),
                format!("`{}` is empty.", resources.element()),
            ),
            Some(_) => {}
        }
    }

    fn actions(&mut self, actions: Option<&Actions>, purpose: DocumentUse, at: &Path) {
        let Some(actions) = actions else {
            return self.add(RefusalKind::Missing, at.clone(), "A statement needs an `Action`.");
        };
        let at = at.with_attribute(actions.element());
        if actions.names.as_slice().is_empty() {
            self.add(
                RefusalKind::NoValue,
                at.clone(),
                format!("`{}` is empty.", actions.element()),
            );
        }
        for (position, name) in actions.names.iter().enumerate() {
            let at = at.with_index(position);
            let Some((service, _)) = name.split_once(':') else {
                if name != "*" {
                    self.add(
                        RefusalKind::Action,
                        at,
                        format!("An action is written `service:Action`, found `{name}`."),
                    );
                }
                continue;
            };
            if purpose == DocumentUse::Trust && !service.eq_ignore_ascii_case("sts") {
                self.add(
                    RefusalKind::Action,
                    at,
                    format!("A role's trust policy takes actions of `sts` only, found `{name}`."),
                );
            }
        }
    }

    fn conditions(&mut self, statement: &Statement, at: &Path) {
        for condition in &statement.conditions {
            let at = at.with_attribute("Condition").with_key(&condition.operator);
            if condition.operator.parse::<Operator>().is_err() {
                self.add(
                    RefusalKind::Operator,
                    at.clone(),
                    format!("IAM has no condition operator `{}`.", condition.operator),
                );
            }
            if !condition.key.contains(':') {
                self.add(
                    RefusalKind::ConditionKey,
                    at.with_key(&condition.key),
                    format!(
                        "A condition key has a prefix, as in `aws:SourceAccount`, found `{}`.",
                        condition.key
                    ),
                );
            }
        }
    }

    fn characters(&mut self, statement: &Statement, at: &Path) {
        let mut look = |text: &str, at: &Path| {
            if let Some(character) = text.chars().find(|&character| !can_hold(character)) {
                self.add(
                    RefusalKind::Character,
                    at.clone(),
                    format!(
                        "`{}` has the character U+{:04X}, which policies cannot hold.",
                        text.escape_debug(),
                        u32::from(character)
                    ),
                );
            }
        };
        if let Some(principals) = &statement.principals
            && let Who::Named(named) = &principals.who
        {
            for principal in named {
                let at = at
                    .with_attribute(principals.element())
                    .with_attribute(principal.kind.as_str());
                for (position, name) in principal.names.iter().enumerate() {
                    look(name, &at.with_index(position));
                }
            }
        }
        for condition in &statement.conditions {
            let at = at
                .with_attribute("Condition")
                .with_key(&condition.operator)
                .with_key(&condition.key);
            look(&condition.key, &at);
            for (position, value) in condition.values.iter().enumerate() {
                look(value, &at.with_index(position));
            }
        }
    }
}

/// Whether documents can hold a character.
///
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html> gives the pattern of a document.
pub(crate) const fn can_hold(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{7e}' | '\u{a0}'..='\u{ff}')
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.path, self.message)
    }
}

fn path<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(path)
}
