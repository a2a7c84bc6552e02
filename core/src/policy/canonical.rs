use tfmodel::order;

use super::document::{Actions, Condition, Document, Principal, PrincipalKind, Principals, Statement, Strings, Who};
use super::operator::{Operator, Test};

impl Document {
    /// The one spelling of all documents that IAM treats alike.
    ///
    /// Order of statements, lists, keys and conditions; a string or a list of one; the case of actions, operators and condition keys; an account or
    /// its root ARN; `*` or `{"AWS": "*"}`; an absent or the first version: none of these matters to IAM. Sids and the id are kept.
    #[must_use]
    pub fn canonical(&self) -> Self {
        let canonical = self.statements.iter().map(|statement| {
            let canonical = statement.canonical();
            (canonical.to_json(), canonical)
        });
        let mut statements: Vec<(String, Statement)> = canonical.collect();
        order::sort_by(&mut statements, |a, b| (&a.1.sid, &a.0).cmp(&(&b.1.sid, &b.0)));
        Self {
            version: self.version.clone().filter(|version| version != Self::FIRST_VERSION),
            id: self.id.clone(),
            statements: statements.into_iter().map(|(_, statement)| statement).collect(),
        }
    }

    /// Whether IAM treats both alike. See [`Document::canonical`].
    pub fn same_meaning(&self, other: &Self) -> bool {
        self == other || self.canonical() == other.canonical()
    }
}

impl Statement {
    /// The one spelling of all statements that IAM treats alike. See [`Document::canonical`].
    #[must_use]
    pub fn canonical(&self) -> Self {
        let mut conditions: Vec<Condition> = self
            .conditions
            .iter()
            .map(|condition| Condition {
                operator: condition.canonical_operator(),
                key: condition.key.to_ascii_lowercase(),
                values: condition.values.canonical(Clone::clone),
            })
            .collect();
        order::sort_by(&mut conditions, |a, b| {
            (&a.operator, &a.key, &a.values).cmp(&(&b.operator, &b.key, &b.values))
        });
        Self {
            // An empty Sid is none.
            sid: self.sid.clone().filter(|sid| !sid.is_empty()),
            effect: self.effect,
            principals: self.principals.as_ref().map(Principals::canonical),
            actions: self.actions.as_ref().map(|actions| Actions {
                except: actions.except,
                names: actions.names.canonical(|name| name.to_ascii_lowercase()),
            }),
            resources: self.resources.clone().map(|mut resources| {
                resources.names = resources.names.canonical(Clone::clone);
                resources
            }),
            conditions,
        }
    }

    /// Whether IAM treats both alike. See [`Document::canonical`].
    pub fn same_meaning(&self, other: &Self) -> bool {
        self == other || self.canonical() == other.canonical()
    }
}

impl Condition {
    /// The one spelling of its operator: case means nothing, and `ArnEquals` is `ArnLike`. One that IAM does not have stays as it is.
    pub(super) fn canonical_operator(&self) -> String {
        self.operator.parse().map_or_else(
            |_| self.operator.clone(),
            |operator: Operator| {
                let test = match operator.test {
                    Test::ArnEquals => Test::ArnLike,
                    Test::ArnNotEquals => Test::ArnNotLike,
                    other => other,
                };
                Operator { test, ..operator }.to_string()
            },
        )
    }
}

impl Principals {
    fn canonical(&self) -> Self {
        let mut all: Vec<(PrincipalKind, String)> = match &self.who {
            Who::Everybody => vec![(PrincipalKind::Aws, "*".to_owned())],
            Who::Named(named) => named
                .iter()
                .flat_map(|principal| {
                    principal
                        .names
                        .iter()
                        .map(|name| (principal.kind.clone(), canonical_name(&principal.kind, name)))
                })
                .collect(),
        };
        all = order::distinct(all);
        let mut named: Vec<Principal> = Vec::new();
        for group in all.chunk_by(|a, b| a.0 == b.0) {
            if let Some((kind, _)) = group.first() {
                named.push(Principal {
                    kind: kind.clone(),
                    names: group.iter().map(|(_, name)| name.clone()).collect(),
                });
            }
        }
        Self {
            except: self.except,
            who: Who::Named(named),
        }
    }
}

/// An account may be named by its id or by the ARN of its root.
pub(super) fn canonical_name(kind: &PrincipalKind, name: &str) -> String {
    let account = (*kind == PrincipalKind::Aws)
        .then(|| name.strip_prefix("arn:")?.split_once(":iam::")?.1.strip_suffix(":root"))
        .flatten()
        .filter(|account| account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()));
    account.unwrap_or(name).to_owned()
}

impl Strings {
    fn canonical(&self, spell: impl Fn(&String) -> String) -> Self {
        order::distinct(self.iter().map(spell)).into_iter().collect()
    }
}
