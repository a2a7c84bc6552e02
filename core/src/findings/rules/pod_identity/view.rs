//! Statements and conditions as the rules about EKS Pod Identity look at them.

use std::ops::Deref;

use tfmodel::path::Path;

use crate::findings::rules::clause::{ASSUME_ROLE, Clause, NAMESPACE, SERVICE_ACCOUNT, TAG_SESSION, allows, clauses};
use crate::findings::subject::{Cluster, Subject, condition_key_path, statement_path};
use crate::policy::{Effect, Operator, POD_IDENTITY_SERVICE, PrincipalKind, Statement, Test, Who};

/// Keys that have the same value for every association of an account, or for every call of EKS.
const SAME_FOR_ALL: [&str; 9] = [
    "aws:sourceaccount",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:principalservicename",
    "aws:principalisawsservice",
    "aws:principalservicenameslist",
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:securetransport",
];

/// A statement that allows something to the service principal of EKS Pod Identity.
#[derive(Clone, Copy)]
pub(super) struct PodStatement<'s> {
    /// Its position in the document.
    pub(super) index: usize,
    statement: &'s Statement,
}

/// Whether pods that a statement lets assume the role may have tagged sessions too.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tagging {
    /// They may, or nobody asks for it, or it cannot be told.
    Allowed,
    /// A statement for tagging alone is for other pods.
    Apart,
    /// No statement is about that.
    Missing,
}

impl<'s> Subject<'s> {
    /// The statements that allow something to EKS Pod Identity.
    pub(super) fn pod_statements(&self) -> impl Iterator<Item = PodStatement<'s>> + Clone + use<'s> {
        self.statements()
            .filter(|(_, statement)| statement.effect == Effect::Allow && names_pods(statement))
            .map(|(index, statement)| PodStatement { index, statement })
    }

    /// The statements by which EKS Pod Identity may assume the role.
    pub(super) fn admissions(&self) -> impl Iterator<Item = PodStatement<'s>> + use<'s> {
        self.pod_statements().filter(|statement| statement.allows(ASSUME_ROLE))
    }

    /// Whether a statement may concern EKS Pod Identity without naming it.
    pub(super) fn may_mean_pods(&self, effect: Effect, action: &str) -> bool {
        self.statements().any(|(_, statement)| {
            statement.effect == effect
                && allows(statement, action)
                && statement
                    .principals
                    .as_ref()
                    .is_some_and(|principals| principals.except || is_everybody(&principals.who))
        })
    }

    /// Whether some statement may allow the action to EKS Pod Identity.
    pub(super) fn may_allow(&self, action: &str) -> bool {
        self.pod_statements().any(|statement| statement.allows(action)) || self.may_mean_pods(Effect::Allow, action)
    }

    /// Whether some statement may take back what others allow to EKS Pod Identity.
    pub(super) fn may_deny_pods(&self) -> bool {
        [ASSUME_ROLE, TAG_SESSION]
            .into_iter()
            .any(|action| self.may_mean_pods(Effect::Deny, action))
            || self
                .statements()
                .any(|(_, statement)| statement.effect == Effect::Deny && names_pods(statement))
    }

    /// The statements by which EKS Pod Identity may assume the role, and whether the pods that they let in may have tagged sessions too.
    /// Associations send tags unless it is known that they do not.
    pub(super) fn tagging(&self) -> Vec<(PodStatement<'s>, Tagging)> {
        // Nobody writes so many; what is longer is told in no reasonable time.
        const MOST_PAIRS: usize = 10_000;
        let admissions: Vec<PodStatement<'s>> = self.admissions().collect();
        let tagging: Vec<PodStatement<'s>> = self.pod_statements().filter(|one| one.allows(TAG_SESSION)).collect();
        let is_open = self.around.sends_tags() == Some(false)
            || self.may_mean_pods(Effect::Allow, TAG_SESSION)
            || admissions.len().saturating_mul(tagging.len()) > MOST_PAIRS;
        let without = if tagging.iter().any(|one| !one.allows(ASSUME_ROLE)) {
            Tagging::Apart
        } else {
            Tagging::Missing
        };
        let tagging_of = |admission: &PodStatement<'_>| {
            if is_open || tagging.iter().any(|one| !admission.excludes(one)) {
                Tagging::Allowed
            } else {
                without
            }
        };
        admissions.into_iter().map(|one| (one, tagging_of(&one))).collect()
    }

    /// Whether there are statements for tagging alone that say which pods are meant, and none that does not.
    pub(super) fn tagging_alone_is_guarded(&self) -> bool {
        let mut tagging = self
            .pod_statements()
            .filter(|one| one.allows(TAG_SESSION) && !one.allows(ASSUME_ROLE))
            .peekable();
        tagging.peek().is_some() && !tagging.any(|one| one.is_open())
    }

    /// The clusters that are meant and can have the role.
    pub(super) fn own_clusters(&self) -> impl Iterator<Item = &'s Cluster> + Clone + use<'s> {
        let account = self.around.role_account();
        let clusters = self.around.clusters.iter();
        clusters.filter(move |cluster| account.is_none_or(|account| *account == cluster.arn.account))
    }

    /// Whether it is known that pods get the role by IRSA alone.
    pub(in crate::findings::rules) fn is_irsa_only(&self) -> bool {
        let pods = &self.around.pods;
        !pods.is_empty()
            && self.around.associations.is_empty()
            && pods
                .iter()
                .all(|pod| pod.mode.is_some_and(|mode| !mode.uses_pod_identity()))
    }
}

impl<'s> PodStatement<'s> {
    pub(super) fn allows(&self, action: &str) -> bool {
        allows(self.statement, action)
    }

    /// The statement in the document.
    pub(super) fn path(&self) -> Path {
        statement_path(self.index)
    }

    /// Whether it means EKS Pod Identity by misspelt names alone, so that it lets no pod in as it is.
    pub(super) fn is_misspelt(&self) -> bool {
        self.principals.iter().all(|principals| {
            principals
                .of_kind(&PrincipalKind::Service)
                .all(|name| name != POD_IDENTITY_SERVICE)
        })
    }

    /// Its `Action`, or `NotAction`.
    pub(super) fn action_path(&self) -> Path {
        let element = self
            .statement
            .actions
            .as_ref()
            .map_or("Action", |actions| actions.element());
        self.path().with_attribute(element)
    }

    /// Whether it lists what it allows, not what it does not allow.
    pub(super) fn names_actions(&self) -> bool {
        self.statement.actions.as_ref().is_some_and(|actions| !actions.except)
    }

    /// Where a request tag is asked for letter by letter.
    pub(super) fn tag_path(&self, tag: &str) -> Path {
        condition_key_path(self.index, "StringEquals", &format!("aws:RequestTag/{tag}"))
    }

    /// Its conditions.
    pub(super) fn clauses(&self) -> impl Iterator<Item = Clause<'s>> + use<'s> {
        clauses(self.index, self.statement)
    }

    /// Its conditions on a request tag.
    pub(super) fn on_tag(&self, tag: &'static str) -> impl Iterator<Item = Clause<'s>> + use<'s> {
        self.clauses().filter(move |clause| clause.tag() == Some(tag))
    }

    /// Whether it says something about one of these request tags, in whatever way.
    pub(super) fn mentions_tag(&self, tags: &[&str]) -> bool {
        self.clauses()
            .any(|clause| clause.tag().is_some_and(|tag| tags.contains(&tag)))
    }

    /// Whether it asks for a value of one of these request tags.
    pub(super) fn asks_for_tag(&self, tags: &[&str]) -> bool {
        self.clauses()
            .any(|clause| clause.asks() && clause.tag().is_some_and(|tag| tags.contains(&tag)))
    }

    /// Whether it has a condition on this key, whatever its case.
    pub(super) fn has_key(&self, key: &str) -> bool {
        self.statement
            .conditions
            .iter()
            .any(|condition| condition.key.eq_ignore_ascii_case(key))
    }

    /// Whether both ask for one key, with values that have nothing in common.
    fn excludes(&self, other: &Self) -> bool {
        self.index != other.index
            && self.clauses().filter(Clause::asks_for_text).any(|one| {
                other
                    .clauses()
                    .filter(|two| two.asks_for_text() && two.is_on(&one.key))
                    .any(|two| !one.overlaps(&two))
            })
    }

    /// Whether its conditions, if any, hold for every association of the account.
    pub(super) fn is_open(&self) -> bool {
        self.conditions.iter().all(|condition| {
            let key = condition.key.to_ascii_lowercase();
            let any_value = || {
                key.starts_with("aws:requesttag/")
                    && condition
                        .operator
                        .parse::<Operator>()
                        .is_ok_and(|operator| operator.test == Test::StringLike)
                    && condition.values.iter().any(|value| value == "*")
            };
            SAME_FOR_ALL.contains(&key.as_str()) || any_value()
        })
    }
}

impl Deref for PodStatement<'_> {
    type Target = Statement;

    fn deref(&self) -> &Statement {
        self.statement
    }
}

/// Whether a statement is about EKS Pod Identity by name, if need be misspelt: what else is wrong with it is told at once.
fn names_pods(statement: &Statement) -> bool {
    let is_misspelt = misspellings(statement);
    statement.principals.as_ref().is_some_and(|principals| {
        !principals.except
            && principals
                .of_kind(&PrincipalKind::Service)
                .any(|name| name == POD_IDENTITY_SERVICE || is_misspelt(name))
    })
}

/// Tells of names that are not the service of EKS Pod Identity whether it is meant by them in this statement.
pub(super) fn misspellings(statement: &Statement) -> impl Fn(&str) -> bool {
    // Only pods have a namespace; clusters and nodes have these services.
    let is_about_pods = clauses(0, statement).any(|clause| matches!(clause.tag(), Some(NAMESPACE | SERVICE_ACCOUNT)));
    move |name| {
        let letters = name.to_ascii_lowercase();
        // Pods on Fargate have a service of their own, `eks-fargate-pods.amazonaws.com`.
        let is_near = name != POD_IDENTITY_SERVICE
            && letters.contains("eks")
            && letters.contains("pod")
            && !letters.contains("fargate");
        is_near || is_about_pods && matches!(name, "eks.amazonaws.com" | "eks-auth.amazonaws.com")
    }
}

fn is_everybody(who: &Who) -> bool {
    match who {
        Who::Everybody => true,
        Who::Named(named) => named
            .iter()
            .any(|principal| principal.names.iter().any(|name| name == "*")),
    }
}
