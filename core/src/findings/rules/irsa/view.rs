//! Statements as the rules about IRSA look at them.

use std::ops::Deref;

use crate::findings::subject::Subject;
use crate::policy::{Condition, PrincipalKind, Statement};

/// A statement that is about tokens of one OIDC issuer.
pub(super) struct IrsaStatement<'s> {
    /// Its position in the document.
    pub(super) index: usize,
    /// The issuer, without scheme, as the principal spells it.
    pub(super) issuer: &'s str,
    statement: &'s Statement,
}

impl<'s> Subject<'s> {
    /// Each statement about tokens, once for every provider that it names.
    pub(super) fn irsa_statements(&self) -> impl Iterator<Item = IrsaStatement<'s>> + use<'s> {
        self.statements().flat_map(|(index, statement)| {
            let principals = statement.principals.iter().filter(|principals| !principals.except);
            principals
                .flat_map(|principals| principals.of_kind(&PrincipalKind::Federated))
                .filter_map(move |provider| {
                    let (_, issuer) = provider.split_once(":oidc-provider/")?;
                    Some(IrsaStatement {
                        index,
                        issuer,
                        statement,
                    })
                })
        })
    }
}

impl<'s> IrsaStatement<'s> {
    /// The condition key of a claim.
    pub(super) fn key_of(&self, claim: &str) -> String {
        format!("{}:{claim}", self.issuer)
    }

    /// The conditions on a claim, by position.
    pub(super) fn claim_conditions(&self, claim: &str) -> impl Iterator<Item = (usize, &'s Condition)> + use<'s> {
        let key = self.key_of(claim);
        self.statement
            .conditions
            .iter()
            .enumerate()
            .filter(move |(_, condition)| condition.key.eq_ignore_ascii_case(&key))
    }
}

impl Deref for IrsaStatement<'_> {
    type Target = Statement;

    fn deref(&self) -> &Statement {
        self.statement
    }
}
