//! Statements as the rules about IRSA look at them.

use std::ops::Deref;

use tfmodel::path::Path;

use super::issuer;
use crate::findings::subject::{Subject, condition_path, statement_path};
use crate::policy::{Condition, Effect, Operator, PrincipalKind, Statement, Test};

/// What a token is for, if it is one for AWS.
pub(super) const AUDIENCE: &str = "sts.amazonaws.com";
/// How the subject of a service account's token starts.
pub(super) const SUBJECT: &str = "system:serviceaccount:";
/// What a token is exchanged by.
pub(super) const WEB_IDENTITY: &str = "sts:AssumeRoleWithWebIdentity";
const PROVIDER: &str = ":oidc-provider/";

/// A statement that is about tokens of one OIDC issuer.
#[derive(Clone, Copy, Debug)]
pub(super) struct IrsaStatement<'s> {
    /// Its position in the document.
    pub(super) index: usize,
    /// The provider, as the principal names it.
    pub(super) provider: &'s str,
    /// The issuer as the provider spells it.
    pub(super) issuer: &'s str,
    statement: &'s Statement,
}

/// A condition on a claim of a token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim<'s> {
    /// The position of the statement.
    pub(super) index: usize,
    /// The condition.
    pub(super) condition: &'s Condition,
    /// The issuer as the key spells it.
    pub(super) issuer: &'s str,
    /// The claim, such as `sub`.
    pub(super) name: &'s str,
}

/// A value that a condition asks of a claim.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'s> {
    /// The condition.
    pub(super) claim: Claim<'s>,
    /// What it tests.
    pub(super) test: Test,
    /// Its position among the values.
    pub(super) position: usize,
    /// The value.
    pub(super) value: &'s str,
}

impl<'s> Subject<'s> {
    /// Each statement about tokens, once for every provider that it names.
    pub(super) fn irsa_statements(&self) -> impl Iterator<Item = IrsaStatement<'s>> + use<'s> {
        self.statements().flat_map(|(index, statement)| {
            federated(statement).filter_map(move |provider| {
                let (_, issuer) = provider.split_once(PROVIDER)?;
                Some(IrsaStatement {
                    index,
                    provider,
                    issuer,
                    statement,
                })
            })
        })
    }

    /// Those that let somebody in whose tokens certainly are of service accounts.
    pub(super) fn pods_let_in(&self) -> impl Iterator<Item = IrsaStatement<'s>> + use<'s> {
        let issuers: Vec<&str> = self
            .around
            .clusters
            .iter()
            .filter_map(|one| Some(one.issuer.as_ref()?.as_str()))
            .collect();
        self.irsa_statements().filter(move |statement| {
            statement.effect == Effect::Allow
                && (issuer::is_eks(statement.issuer)
                    || issuers.iter().any(|issuer| issuer::same(issuer, statement.issuer))
                    || statement.names_service_accounts())
        })
    }

    /// Two statements that let in tokens of one issuer, the first whoever they belong to and the second whatever they are for: one statement
    /// that was written as two.
    pub(super) fn halves(&self) -> impl Iterator<Item = (IrsaStatement<'s>, IrsaStatement<'s>)> + use<'s> {
        let all: Vec<IrsaStatement<'s>> = self
            .pods_let_in()
            .filter(|statement| statement.is_about_tokens() && statement.conditions.len() == 1)
            .collect();
        let asks = |statement: &IrsaStatement<'s>, claim| statement.asked(claim).next().is_some();
        let mut narrow: Vec<IrsaStatement<'s>> = all.iter().filter(|one| asks(one, "sub")).copied().collect();
        let mut pairs = Vec::new();
        for open in all.iter().filter(|one| asks(one, "aud")) {
            if let Some(position) = narrow.iter().position(|one| issuer::same(one.issuer, open.issuer)) {
                pairs.push((*open, narrow.remove(position)));
            }
        }
        pairs.into_iter()
    }

    /// What statements about tokens ask of a claim of their issuer by a condition that needs one of its values.
    pub(super) fn asked(&self, claim: &'static str) -> impl Iterator<Item = (IrsaStatement<'s>, Asked<'s>)> + use<'s> {
        self.irsa_statements()
            .flat_map(move |statement| statement.asked(claim).map(move |asked| (statement, asked)))
    }
}

/// The federated principals of a statement.
pub(super) fn federated(statement: &Statement) -> impl Iterator<Item = &str> {
    let principals = statement.principals.iter().filter(|principals| !principals.except);
    principals.flat_map(|principals| principals.of_kind(&PrincipalKind::Federated))
}

impl<'s> IrsaStatement<'s> {
    /// The condition key of a claim.
    pub(super) fn key_of(&self, claim: &str) -> String {
        format!("{}:{claim}", issuer::corrected(self.issuer))
    }

    /// Where it stands.
    pub(super) fn path(&self) -> Path {
        statement_path(self.index)
    }

    /// Where the name of its provider stands.
    pub(super) fn provider_path(&self) -> Path {
        let position = federated(self.statement).position(|one| one == self.provider);
        self.path()
            .with_attribute("Principal")
            .with_attribute("Federated")
            .with_index(position.unwrap_or(0))
    }

    /// Conditions on claims of its issuer, however the issuer is spelt.
    pub(super) fn claims(self) -> impl Iterator<Item = Claim<'s>> + use<'s> {
        claims(self.index, self.statement).filter(move |claim| issuer::same(claim.issuer, self.issuer))
    }

    /// The conditions on one claim of its issuer.
    pub(super) fn claim(self, name: &'static str) -> impl Iterator<Item = Claim<'s>> + use<'s> {
        self.claims().filter(move |claim| claim.is(name))
    }

    /// What is asked of a claim by conditions that need one of their values.
    pub(super) fn asked(self, name: &'static str) -> impl Iterator<Item = Asked<'s>> + use<'s> {
        self.claim(name).flat_map(Claim::asked)
    }

    /// Whether anything is asked of tokens of another issuer, which those of this one cannot answer.
    pub(super) fn asks_of_others(self) -> bool {
        claims(self.index, self.statement).any(|claim| {
            !issuer::same(claim.issuer, self.issuer)
                && claim
                    .condition
                    .operator
                    .parse::<Operator>()
                    .is_ok_and(|operator| !operator.passes_without_key())
        })
    }

    /// Whether some condition has a value like this.
    pub(super) fn has_value(&self, is: impl Fn(&str) -> bool) -> bool {
        self.statement
            .conditions
            .iter()
            .flat_map(|condition| &condition.values)
            .any(|value| is(value))
    }

    /// Whether a condition names the subject of a service account.
    pub(super) fn names_service_accounts(&self) -> bool {
        self.has_value(|value| starts_with(value, SUBJECT))
    }

    /// Whether it is about exchanging tokens, or seems to be: sessions may be tagged by a statement of their own.
    pub(super) fn is_about_tokens(&self) -> bool {
        self.statement.actions.as_ref().is_some_and(|actions| {
            !actions.except
                && actions
                    .names
                    .iter()
                    .any(|name| !name.eq_ignore_ascii_case("sts:TagSession"))
        })
    }
}

/// Conditions of a statement on claims of tokens.
pub(super) fn claims(index: usize, statement: &Statement) -> impl Iterator<Item = Claim<'_>> {
    statement.conditions.iter().filter_map(move |condition| {
        let (issuer, name) = issuer::split_key(&condition.key)?;
        Some(Claim {
            index,
            condition,
            issuer,
            name,
        })
    })
}

impl<'s> Claim<'s> {
    /// Whether it is about this claim.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Where it stands.
    pub(super) fn path(&self) -> Path {
        condition_path(self.index, self.condition)
    }

    /// Its values, if it needs one of them.
    pub(super) fn asked(self) -> impl Iterator<Item = Asked<'s>> + use<'s> {
        let operator = self.condition.operator.parse::<Operator>();
        let test = operator.ok().map(|operator| operator.test).filter(|test| {
            matches!(
                test,
                Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike | Test::ArnEquals | Test::ArnLike
            )
        });
        let values = test.map(|test| {
            self.condition
                .values
                .iter()
                .enumerate()
                .map(move |(position, value)| Asked {
                    claim: self,
                    test,
                    position,
                    value,
                })
        });
        values.into_iter().flatten()
    }
}

impl<'s> Asked<'s> {
    /// Where it stands.
    pub(super) fn path(&self) -> Path {
        self.claim.path().with_index(self.position)
    }

    /// Whether it has wildcards, meant as such or not.
    pub(super) fn has_wildcard(&self) -> bool {
        has_wildcard(self.value)
    }

    /// Namespace and service account, of a subject that is spelt as it should be.
    pub(super) fn names(&self) -> Option<(&'s str, &'s str)> {
        self.value.strip_prefix(SUBJECT)?.split_once(':')
    }
}

/// Whether a text has wildcards.
pub(super) fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// Whether a pattern stands for everything.
pub(super) fn is_anything(pattern: &str) -> bool {
    pattern.contains('*') && pattern.bytes().all(|byte| matches!(byte, b'*' | b'?'))
}

/// Whether a text starts like this, whatever the case.
pub(super) fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// Whether some subject of a service account may fit.
pub(super) fn can_match(value: &str) -> bool {
    let colons = value.matches(':').count();
    match value.find(['*', '?']) {
        Some(at) => {
            let head = value.get(..at).unwrap_or_default();
            colons <= 3 && (starts_with(head, SUBJECT) || starts_with(SUBJECT, head))
        }
        None => starts_with(value, SUBJECT) && colons == 3,
    }
}

/// Who a subject with wildcards stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Service accounts of namespaces of which a part of the name is known.
    Names,
    /// Service accounts of every namespace.
    EveryNamespace,
    /// The wildcard reaches over the end of the namespace's name, so all service accounts of several namespaces.
    OverTheColon,
    /// Every service account of a namespace of the system.
    System,
}

/// Namespaces that belong to the cluster.
const SYSTEM_NAMESPACES: &[&str] = &["kube-system", "kube-public", "kube-node-lease"];

/// Who a subject stands for, its wildcards taken as such.
pub(super) fn reach(subject: &str) -> Reach {
    let parts: Vec<&str> = subject.split(':').collect();
    match parts.as_slice() {
        _ if !has_wildcard(subject) => Reach::Names,
        [_, _, namespace, _] if is_anything(namespace) => Reach::EveryNamespace,
        [_, _, namespace, account] if SYSTEM_NAMESPACES.contains(namespace) && is_anything(account) => Reach::System,
        [_, _, _, _, ..] => Reach::Names,
        // From here on a wildcard stands for a colon as well.
        [_, "serviceaccount", names] if !names.starts_with(['*', '?']) => Reach::OverTheColon,
        [] | [_] | [_, "serviceaccount", _] | ["system", _] => Reach::EveryNamespace,
        [.., namespace, _] if is_anything(namespace) => Reach::EveryNamespace,
        _ => Reach::Names,
    }
}

impl Deref for IrsaStatement<'_> {
    type Target = Statement;

    fn deref(&self) -> &Statement {
        self.statement
    }
}
