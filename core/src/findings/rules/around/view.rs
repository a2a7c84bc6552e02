//! What surrounds a trust policy, as the rules look at it.

use crate::evaluate::is_like;
use crate::evaluate::pod::Pod;
use crate::findings::rules::clause::{ASSUME_ROLE, Clause, allows, clauses};
use crate::findings::subject::{BoundPod, Cluster, FargateProfile, Subject};
use crate::ids::{Mechanism, RoleArn};
use crate::mode::Mode;
use crate::policy::{Document, Effect, PrincipalKind, Statement, Who};

/// The trust policy of another role, and the role that asks for it.
#[derive(Clone, Copy)]
pub(super) struct OtherTrust<'s> {
    pub(super) role: &'s RoleArn,
    document: &'s Document,
}

impl<'s> Subject<'s> {
    /// The trust policy of the target role, and the role that asks for it.
    pub(super) fn target(&self) -> Option<OtherTrust<'s>> {
        Some(OtherTrust {
            role: self.around.role.as_ref()?,
            document: self.around.target_trust.as_ref()?,
        })
    }

    /// Pods that are meant to get credentials by EKS Pod Identity.
    pub(super) fn pod_identity_pods(&self) -> impl Iterator<Item = &'s BoundPod> + use<'s> {
        let pods = self.around.pods.iter();
        pods.filter(|pod| pod.mode.is_some_and(|mode| mode.uses_pod_identity()))
    }

    /// What EKS sends to the target role for each pod that is meant, where it sends no tags.
    pub(super) fn external_ids(&self) -> Vec<String> {
        let clusters = self.around.clusters.iter();
        clusters
            .flat_map(|cluster| self.around.pods.iter().filter_map(|pod| external_id(cluster, pod)))
            .collect()
    }
}

fn external_id(cluster: &Cluster, pod: &BoundPod) -> Option<String> {
    let arn = &cluster.arn;
    Pod {
        region: Some(arn.region.clone()),
        account: Some(arn.account.clone()),
        cluster: Some(arn.name.clone()),
        namespace: pod.namespace.parse().ok(),
        service_account: pod.service_account.parse().ok(),
        ..Pod::new(Mechanism::PodIdentity)
    }
    .external_id()
}

impl<'s> OtherTrust<'s> {
    pub(super) fn new(role: &'s RoleArn, document: &'s Document) -> Self {
        Self { role, document }
    }

    /// The statements that may let the role do this, whatever their conditions.
    pub(super) fn allowing(self, action: &'static str) -> impl Iterator<Item = &'s Statement> + Clone {
        self.document.statements.iter().filter(move |statement| {
            statement.effect == Effect::Allow && allows(statement, action) && may_name(statement, self.role)
        })
    }

    /// The statements by which the role may assume this one.
    pub(super) fn admissions(self) -> Vec<&'s Statement> {
        self.allowing(ASSUME_ROLE).collect()
    }

    /// Whether something is taken back.
    pub(super) fn denies(self) -> bool {
        self.document
            .statements
            .iter()
            .any(|statement| statement.effect == Effect::Deny)
    }

    /// Whether every statement that lets the role in asks for something of the kind, and there is one.
    pub(super) fn always_asks(self, is: impl Fn(&Clause<'_>) -> bool) -> bool {
        let admissions = self.admissions();
        !admissions.is_empty()
            && admissions
                .iter()
                .all(|statement| clauses(0, statement).any(|clause| clause.asks() && is(&clause)))
    }
}

/// Whether a statement names the role, its account, everybody, or somebody of whom that cannot be told.
fn may_name(statement: &Statement, role: &RoleArn) -> bool {
    let Some(principals) = &statement.principals else {
        return false;
    };
    let names = |name: &str| {
        let is_account = name == role.account.as_str()
            || name
                .split_once(":iam::")
                .is_some_and(|(_, rest)| rest.strip_suffix(":root") == Some(role.account.as_str()));
        // Ids and sessions of roles.
        let is_unclear = name.contains("${") || name.starts_with("AROA") || name.contains(":sts:");
        name == "*" || is_account || is_unclear || name == role.to_string()
    };
    principals.except
        || match &principals.who {
            Who::Everybody => true,
            Who::Named(_) => principals.of_kind(&PrincipalKind::Aws).any(names),
        }
}

/// How many pods of a service account a Fargate profile takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// All of them.
    All,
    /// Some of them, or all while they may use IRSA as well.
    Some,
}

/// Pods with an association that Fargate profiles take.
pub(super) fn fargate_profiles<'s>(subject: &Subject<'s>) -> Vec<(&'s BoundPod, &'s FargateProfile, Taken)> {
    let clusters = &subject.around.clusters;
    // Which of several clusters the pods are in is not known.
    let [cluster] = clusters.as_slice() else {
        return Vec::new();
    };
    let profiles = cluster.fargate.iter().flatten();
    profiles
        .flat_map(|profile| {
            subject.pod_identity_pods().filter_map(move |pod| {
                let mut labels = profile
                    .selectors
                    .iter()
                    .filter(|(pattern, _)| is_like(&pod.namespace, pattern))
                    .map(|(_, labels)| *labels)
                    .peekable();
                labels.peek()?;
                let takes_all = labels.any(|labels| !labels) && pod.mode == Some(Mode::PodIdentity);
                Some((pod, profile, if takes_all { Taken::All } else { Taken::Some }))
            })
        })
        .collect()
}
