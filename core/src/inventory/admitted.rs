//! Whose tokens a trust policy takes.

use serde::Serialize;

use crate::evaluate::is_like;
use crate::ids::{BindingKey, OidcProviderArn};
use crate::policy::{Actions, Document, Effect, PrincipalKind, Statement};

const SUBJECT: &str = "system:serviceaccount:";
const WEB_IDENTITY: &str = "sts:assumerolewithwebidentity";

/// Service accounts whose tokens a statement of a trust policy takes.
///
/// Only what names them is looked at: the issuer, the action and the subject. Whether other conditions hold is for the evaluation to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// The provider of the tokens.
    pub provider: OidcProviderArn,
    /// Their namespace, with `*` and `?` where it is a pattern.
    pub namespace: String,
    /// Their name, with `*` and `?` where it is a pattern.
    pub service_account: String,
    /// How precisely it names them.
    pub reach: Reach,
    subject: String,
}

/// How many service accounts a subject stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// One.
    One,
    /// Some of one namespace.
    Namespace,
    /// More than that.
    Wider,
}

impl Admitted {
    /// Whether the binding's service account is one of them. A binding of a pattern is only admitted by that pattern.
    pub fn is_for(&self, key: &BindingKey) -> bool {
        if key.service_account.is_pattern() {
            return self.namespace == key.namespace.as_str() && self.service_account == key.service_account.as_str();
        }
        is_like(
            &format!("{SUBJECT}{}:{}", key.namespace, key.service_account),
            &self.subject,
        )
    }

    fn of_subject(provider: &OidcProviderArn, subject: &str) -> Self {
        let named = subject.strip_prefix(SUBJECT).unwrap_or("*");
        let (namespace, service_account) = named.split_once(':').unwrap_or((named, "*"));
        let reach = if namespace.contains(['*', '?']) {
            Reach::Wider
        } else if service_account.contains(['*', '?']) {
            Reach::Namespace
        } else {
            Reach::One
        };
        Self {
            provider: provider.clone(),
            namespace: namespace.to_owned(),
            service_account: service_account.to_owned(),
            reach,
            subject: subject.to_owned(),
        }
    }
}

/// Every service account that a trust policy admits through IRSA, in the order of its statements.
pub fn admitted(trust: &Document) -> Vec<Admitted> {
    let statements = trust.statements.iter().filter(|one| takes_tokens(one));
    statements.flat_map(of_statement).collect()
}

fn takes_tokens(statement: &Statement) -> bool {
    let is_taken = |actions: &Actions| {
        !actions.except
            && actions
                .names
                .iter()
                .any(|name| is_like(WEB_IDENTITY, &name.to_ascii_lowercase()))
    };
    statement.effect == Effect::Allow && statement.actions.as_ref().is_some_and(is_taken)
}

fn of_statement(statement: &Statement) -> Vec<Admitted> {
    let principals = statement.principals.iter().filter(|principals| !principals.except);
    let providers = principals
        .flat_map(|principals| principals.of_kind(&PrincipalKind::Federated))
        .filter_map(|name| name.parse::<OidcProviderArn>().ok());
    providers
        .flat_map(|provider| of_provider(statement, &provider))
        .collect()
}

fn of_provider(statement: &Statement, provider: &OidcProviderArn) -> Vec<Admitted> {
    let key = provider.issuer.claim("sub");
    let mut asked = statement
        .conditions
        .iter()
        .filter(|condition| condition.key.eq_ignore_ascii_case(&key))
        .peekable();
    if asked.peek().is_none() {
        return vec![Admitted::of_subject(provider, "*")];
    }
    asked
        .flat_map(|condition| {
            let operator = condition.operator.to_ascii_lowercase();
            let takes_patterns = operator.contains("like");
            let is_positive = takes_patterns || operator.contains("equals");
            condition.values.iter().filter(move |value| {
                // Under an operator without wildcards, one is a letter that no name has.
                is_positive && !operator.contains("not") && (takes_patterns || !value.contains(['*', '?']))
            })
        })
        .map(|subject| Admitted::of_subject(provider, subject))
        .collect()
}
