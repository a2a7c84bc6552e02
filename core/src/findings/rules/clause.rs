//! Actions and conditions as the rules look at them, and the session tags of EKS Pod Identity.

use std::ops::Deref;

use tfmodel::path::Path;

use crate::evaluate::is_like;
use crate::evaluate::pod::SESSION_TAGS;
use crate::findings::subject::condition_path;
use crate::policy::{Condition, Operator, Statement, Test, TestKind};

pub(super) const ASSUME_ROLE: &str = "sts:AssumeRole";
pub(super) const TAG_SESSION: &str = "sts:TagSession";

pub(super) const CLUSTER_ARN: &str = "eks-cluster-arn";
pub(super) const CLUSTER_NAME: &str = "eks-cluster-name";
pub(super) const NAMESPACE: &str = "kubernetes-namespace";
pub(super) const SERVICE_ACCOUNT: &str = "kubernetes-service-account";
pub(super) const POD_NAME: &str = "kubernetes-pod-name";
pub(super) const POD_UID: &str = "kubernetes-pod-uid";

/// A session tag of EKS Pod Identity, by its name in any case.
pub(super) fn session_tag(name: &str) -> Option<&'static str> {
    SESSION_TAGS
        .iter()
        .map(|(tag, _)| *tag)
        .find(|tag| tag.eq_ignore_ascii_case(name))
}

/// A condition whose operator IAM has.
pub(super) struct Clause<'s> {
    pub(super) operator: Operator,
    /// Where it stands.
    pub(super) path: Path,
    condition: &'s Condition,
}

/// The conditions of a statement.
pub(super) fn clauses(index: usize, statement: &Statement) -> impl Iterator<Item = Clause<'_>> {
    statement.conditions.iter().filter_map(move |condition| {
        Some(Clause {
            operator: condition.operator.parse().ok()?,
            path: condition_path(index, condition),
            condition,
        })
    })
}

impl<'s> Clause<'s> {
    /// The request tag that it is about, as EKS spells it, if it is one that EKS sends.
    pub(super) fn tag(&self) -> Option<&'static str> {
        let name = self.after("aws:RequestTag/")?;
        session_tag(name)
    }

    /// What follows a prefix of the key.
    pub(super) fn after(&self, prefix: &str) -> Option<&'s str> {
        let (head, rest) = self.condition.key.split_at_checked(prefix.len())?;
        head.eq_ignore_ascii_case(prefix).then_some(rest)
    }

    pub(super) fn is_on(&self, key: &str) -> bool {
        self.condition.key.eq_ignore_ascii_case(key)
    }

    /// Whether it holds only if the key has one of the values.
    pub(super) fn asks(&self) -> bool {
        !self.operator.passes_without_key() && !self.operator.is_negated() && self.operator.test != Test::Null
    }

    /// Whether `*` and `?` mean themselves.
    pub(super) fn is_exact(&self) -> bool {
        self.operator.test.kind() == TestKind::String
            && !matches!(self.operator.test, Test::StringLike | Test::StringNotLike)
    }

    /// Whether it asks for one of some texts, and the key has one value.
    pub(super) fn asks_for_text(&self) -> bool {
        self.asks()
            && self.operator.quantifier.is_none()
            && matches!(self.operator.test.kind(), TestKind::String | TestKind::Arn)
    }

    /// The values with their places, without those that have variables.
    pub(super) fn fixed_values(&self) -> impl Iterator<Item = (Path, &'s str)> + use<'_, 's> {
        let values = self.condition.values.iter().enumerate();
        values
            .filter(|(_, value)| !value.contains("${"))
            .map(|(index, value)| (self.path.with_index(index), value.as_str()))
    }

    /// Whether some value of the key satisfies both; what cannot be told is taken for yes.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let folds = |clause: &Self| clause.operator.test == Test::StringEqualsIgnoreCase;
        let (fold, one_exact, other_exact) = (folds(self) || folds(other), self.is_exact(), other.is_exact());
        self.condition.values.iter().any(|one| {
            other.condition.values.iter().any(|two| {
                let one_like = !one_exact && has_wildcard(one);
                let two_like = !other_exact && has_wildcard(two);
                let unknown = one.contains("${") || two.contains("${");
                match (one_like, two_like) {
                    _ if unknown => true,
                    (true, true) => true,
                    (true, false) => is_like(two, one),
                    (false, true) => is_like(one, two),
                    (false, false) if fold => one.eq_ignore_ascii_case(two),
                    (false, false) => one == two,
                }
            })
        })
    }
}

impl Deref for Clause<'_> {
    type Target = Condition;

    fn deref(&self) -> &Condition {
        self.condition
    }
}

/// Whether a statement is about this action.
pub(super) fn allows(statement: &Statement, action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    statement.actions.as_ref().is_some_and(|actions| {
        let named = actions
            .names
            .iter()
            .any(|name| is_like(&action, &name.to_ascii_lowercase()));
        named != actions.except
    })
}

/// Whether a text has a wildcard.
pub(super) fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}
