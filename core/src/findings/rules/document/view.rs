//! Statements and conditions as the rules about any trust policy look at them.

use std::ops::Deref;

use tfmodel::order;
use tfmodel::path::Path;

use crate::evaluate;
use crate::evaluate::pod::{Carries, Hop, ROWS, Row};
use crate::findings::subject::{Subject, condition_key_path, condition_path, statement_path};
use crate::ids::arn_parts;
use crate::policy::{
    Callers, Condition, KnownKey, Located, Operator, POD_IDENTITY_SERVICE, PrincipalKind, Principals, Statement, Who,
};

/// A condition and where it stands.
pub(super) struct ConditionView<'s> {
    /// The position of its statement.
    pub(super) index: usize,
    /// Its statement.
    pub(super) statement: &'s Statement,
    /// Its operator, if IAM has it.
    pub(super) operator: Option<Operator>,
    /// The condition.
    pub(super) condition: &'s Condition,
}

/// How somebody gets the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mechanism {
    /// EKS Pod Identity.
    PodIdentity,
    /// Another AWS service.
    Service,
    /// A token of a service account of an EKS cluster.
    Irsa,
    /// A token of another OIDC provider.
    WebIdentity,
    /// A SAML assertion.
    Saml,
    /// A user, role or session.
    Identity,
}

/// Every condition of the trust policy.
pub(super) fn conditions<'s>(subject: &Subject<'s>) -> impl Iterator<Item = ConditionView<'s>> + use<'s> {
    subject.statements().flat_map(|(index, statement)| {
        statement
            .conditions
            .iter()
            .map(move |condition| ConditionView::new(index, statement, condition))
    })
}

/// The mechanisms of those whom a statement names; nothing where it does not name them, or names somebody unknown.
pub(super) fn mechanisms(statement: &Statement) -> Option<Vec<Mechanism>> {
    let principals = statement.principals.as_ref().filter(|principals| !principals.except)?;
    let Who::Named(named) = &principals.who else {
        return None;
    };
    let all = named
        .iter()
        .flat_map(|principal| principal.names.iter().map(|name| mechanism(&principal.kind, name)));
    Some(order::distinct(all.collect::<Option<Vec<_>>>()?))
}

fn mechanism(kind: &PrincipalKind, name: &str) -> Option<Mechanism> {
    // Providers that need no ARN, by the IAM User Guide's page on the element `Principal`.
    const BUILT_IN: &[&str] = &[
        "cognito-identity.amazonaws.com",
        "accounts.google.com",
        "graph.facebook.com",
        "www.amazon.com",
    ];
    match kind {
        PrincipalKind::Service if name == POD_IDENTITY_SERVICE => Some(Mechanism::PodIdentity),
        PrincipalKind::Service if !name.contains(['*', '?']) => Some(Mechanism::Service),
        PrincipalKind::Federated if name.contains(":oidc-provider/oidc.eks.") => Some(Mechanism::Irsa),
        PrincipalKind::Federated if name.contains(":oidc-provider/") || BUILT_IN.contains(&name) => {
            Some(Mechanism::WebIdentity)
        }
        PrincipalKind::Federated if name.contains(":saml-provider/") => Some(Mechanism::Saml),
        PrincipalKind::Aws if name != "*" => Some(Mechanism::Identity),
        PrincipalKind::Service
        | PrincipalKind::Federated
        | PrincipalKind::Aws
        | PrincipalKind::CanonicalUser
        | PrincipalKind::Other(_) => None,
    }
}

impl Mechanism {
    /// Who calls STS.
    pub(super) const fn callers(self) -> Callers {
        match self {
            Self::PodIdentity | Self::Service => Callers::SERVICE,
            Self::Irsa | Self::WebIdentity => Callers::WEB_IDENTITY,
            Self::Saml => Callers::SAML,
            Self::Identity => Callers::IDENTITY,
        }
    }

    /// The action that hands out the role.
    pub(super) const fn action(self) -> &'static str {
        match self {
            Self::PodIdentity | Self::Service | Self::Identity => "sts:AssumeRole",
            Self::Irsa | Self::WebIdentity => "sts:AssumeRoleWithWebIdentity",
            Self::Saml => "sts:AssumeRoleWithSAML",
        }
    }

    /// What the call that hands out the role is, for sentences: "… never carries the key".
    pub(super) const fn request(self) -> &'static str {
        match self {
            Self::PodIdentity => "the request that EKS Pod Identity makes for a pod",
            Self::Service => "a request of an AWS service",
            Self::Irsa => "a request with the token of a service account",
            Self::WebIdentity => "a request with a token of an OIDC provider",
            Self::Saml => "a request with a SAML assertion",
            Self::Identity => "a request of a user, role or session",
        }
    }

    /// Whether its requests are known never to carry a key. About services other than EKS too little is known.
    pub(super) fn never_carries(self, key: &str) -> bool {
        let is_tag = |stem: &str| {
            key.get(..stem.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(stem))
        };
        let hop = match self {
            // Tags of EKS Pod Identity have rules of their own.
            Self::PodIdentity if is_tag("aws:RequestTag/") || is_tag("aws:PrincipalTag/") => return false,
            Self::PodIdentity => Some(Hop::Association),
            Self::Irsa => Some(Hop::WebIdentity),
            Self::Service => return false,
            Self::WebIdentity | Self::Saml | Self::Identity => None,
        };
        if let Some(known) = hop.and_then(|hop| is_never_in(hop, key)) {
            return known;
        }
        match KnownKey::find(key) {
            Some(known) => !known.callers.contains(self.callers()),
            // A service hands no token to STS.
            None => self == Self::PodIdentity && is_claim(key),
        }
    }
}

/// Whether requests of EKS never carry a key, if anybody has documented it.
fn is_never_in(hop: Hop, key: &str) -> Option<bool> {
    let rows = || ROWS.iter().filter(|row| row.hop.is_none_or(|of| of == hop));
    let family = |row: &&Row| {
        row.key.strip_suffix('*').is_some_and(|stem| {
            key.get(..stem.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(stem))
        })
    };
    let exact: Vec<&Row> = rows().filter(|row| row.key.eq_ignore_ascii_case(key)).collect();
    let found = if exact.is_empty() {
        rows().filter(family).collect()
    } else {
        exact
    };
    (!found.is_empty()).then(|| found.iter().all(|row| row.carries == Carries::Nothing))
}

/// Whether a key looks like a claim of some token.
fn is_claim(key: &str) -> bool {
    key.rsplit_once(':')
        .is_some_and(|(issuer, name)| issuer.contains('.') && !name.is_empty())
}

impl<'s> ConditionView<'s> {
    pub(super) fn new(index: usize, statement: &'s Statement, condition: &'s Condition) -> Self {
        Self {
            index,
            statement,
            operator: condition.operator.parse().ok(),
            condition,
        }
    }

    /// Where it stands.
    pub(super) fn path(&self) -> Path {
        condition_path(self.index, self.condition)
    }

    /// Where it would stand under another operator.
    pub(super) fn under(&self, operator: &str) -> Path {
        condition_key_path(self.index, operator, &self.key)
    }

    /// Where one of its values stands.
    pub(super) fn value_path(&self, position: usize) -> Path {
        self.path().with_index(position)
    }

    /// Its key, if AWS documents it for every service or for STS.
    pub(super) fn known_key(&self) -> Option<&'static KnownKey> {
        KnownKey::find(&self.key)
    }

    /// Whether its key is this claim of some token.
    pub(super) fn is_claim(&self, claim: &str) -> bool {
        let (Some((issuer, name)), None) = (self.key.rsplit_once(':'), self.known_key()) else {
            return false;
        };
        name.eq_ignore_ascii_case(claim) && issuer.contains(['.', '/'])
    }
}

impl Deref for ConditionView<'_> {
    type Target = Condition;

    fn deref(&self) -> &Condition {
        self.condition
    }
}

impl Statement {
    /// Whether its actions take in this one.
    pub(super) fn covers(&self, action: &str) -> bool {
        self.actions.as_ref().is_some_and(|actions| {
            let named = actions.names.iter().any(|pattern| is_like(action, pattern));
            named != actions.except
        })
    }
}

/// Whether a text is like a pattern with `*` and `?`, whatever the case of either.
pub(super) fn is_like(text: &str, pattern: &str) -> bool {
    evaluate::is_like(&text.to_ascii_lowercase(), &pattern.to_ascii_lowercase())
}

/// What keeps the text from being a policy document.
pub(super) fn faults<'s>(subject: &Subject<'s>) -> &'s [Located] {
    match subject.trust.map(|trust| &trust.parsed) {
        Some(Err(error)) => error.faults(),
        Some(Ok(_)) | None => &[],
    }
}

/// A principal that a statement names, and where it stands.
pub(super) struct NamedPrincipal<'s> {
    /// Its kind.
    pub(super) kind: &'s PrincipalKind,
    /// Its name.
    pub(super) name: &'s str,
    /// Where it stands.
    pub(super) path: Path,
}

/// The parts of an ARN.
pub(super) struct Arn<'a> {
    /// `aws`
    pub(super) partition: &'a str,
    /// `iam`
    pub(super) service: &'a str,
    /// The account, if there is one.
    pub(super) account: &'a str,
    /// What follows: `role/deploy`.
    pub(super) resource: &'a str,
}

/// The principals that a statement names, be it with `Principal` or with `NotPrincipal`.
pub(super) fn named(index: usize, statement: &Statement) -> Vec<NamedPrincipal<'_>> {
    let Some(principals) = &statement.principals else {
        return Vec::new();
    };
    let Who::Named(kinds) = &principals.who else {
        return Vec::new();
    };
    let element = statement_path(index).with_attribute(principals.element());
    kinds
        .iter()
        .flat_map(|principal| {
            let list = element.with_attribute(principal.kind.as_str());
            principal
                .names
                .iter()
                .enumerate()
                .map(move |(position, name)| NamedPrincipal {
                    kind: &principal.kind,
                    name,
                    path: list.with_index(position),
                })
        })
        .collect()
}

/// Whether these are everybody, or every identity of AWS.
pub(super) fn is_for_everybody(principals: &Principals) -> bool {
    !principals.except
        && (principals.who == Who::Everybody || principals.of_kind(&PrincipalKind::Aws).any(|name| name == "*"))
}

/// The account that a principal stands for as a whole.
pub(super) fn whole_account(name: &str) -> Option<&str> {
    let account = match arn_of(name) {
        Some(arn) if arn.service == "iam" && arn.resource == "root" => arn.account,
        Some(_) => return None,
        None => name,
    };
    (account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())).then_some(account)
}

/// The parts of an ARN, if a text is one.
pub(super) fn arn_of(text: &str) -> Option<Arn<'_>> {
    let [partition, service, _region, account, resource] = arn_parts(text)?;
    Some(Arn {
        partition,
        service,
        account,
        resource,
    })
}
